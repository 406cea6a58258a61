"""The picture of a profile."""

from xml.etree import ElementTree

from bot.localization import flame
from bot.localization.profile import Profile, Stack

NS = "{http://www.w3.org/2000/svg}"


def drawn(*stacks: tuple[tuple[str, ...], float]) -> ElementTree.Element:
    return ElementTree.fromstring(flame.svg(Profile(1.0, (), stacks=tuple(Stack(*each) for each in stacks))))


def boxes(picture: ElementTree.Element) -> dict[str, tuple[float, float, float]]:
    found = {}
    for group in picture.iter(f"{NS}g"):
        title, shape = group.find(f"{NS}title"), group.find(f"{NS}rect")
        assert title is not None and title.text and shape is not None
        found[title.text] = (float(shape.attrib["x"]), float(shape.attrib["width"]), float(shape.attrib["y"]))
    return found


def test_width_is_time_and_callees_lie_on_their_callers():
    found = boxes(drawn((("./a.py:1 f", "./a.py:5 g"), 0.75), (("./a.py:1 f",), 0.25)))

    whole, f, g = found["all (100.0%)"], found["./a.py:1 f (100.0%)"], found["./a.py:5 g (75.0%)"]
    assert (whole[1], f[1], g[1]) == (1200, 1200, 900)
    assert whole[2] - f[2] == f[2] - g[2] == flame.ROW and g[0] == f[0]


def test_brothers_lie_side_by_side():
    found = boxes(drawn((("a",), 0.5), (("b",), 0.5)))

    assert found["a (50.0%)"][0] + found["a (50.0%)"][1] == found["b (50.0%)"][0]


def test_where_room_is_short_a_function_is_named_before_its_file():
    picture = drawn((("lib/a/very/long/way/down.py:12 own", "lib/b.py:1 another_long_name"), 0.04), (("x",), 0.96))

    shown = [each.text for each in picture.iter(f"{NS}text")]
    assert "own" in shown and "anoth…" in shown


def test_hostile_names_stay_text():
    name = "</title><script>alert(1)</script>\0\ud800{y}\u202e&"

    picture = drawn(((name,), 1.0))

    assert {each.tag.removeprefix(NS) for each in picture.iter()} == {"svg", "title", "g", "rect", "text"}
    assert any("<script>alert(1)</script>" in (each.text or "") and "{y}" in (each.text or "") for each in picture.iter())


def test_crumbs_are_left_out_and_depth_is_bounded():
    deep = tuple(f"f{n}" for n in range(90))
    found = boxes(drawn((deep, 1.0), (("crumb",), 0.0001)))

    assert not any(name.startswith("crumb") for name in found) and len(found) == flame.DEEPEST + 1


def test_without_samples_there_is_no_picture():
    assert flame.svg(Profile(1.0, ())) == ""
