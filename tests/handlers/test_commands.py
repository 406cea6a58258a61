"""What people write, and what the bot understands of it."""

import pytest

from handlers.commands import (
    Avoid,
    Cancel,
    Compare,
    Explain,
    Forget,
    Help,
    Lessons,
    Mistake,
    Optimize,
    Prefer,
    Retry,
    Reword,
    Status,
    mentioned,
    praises,
    read,
)
from handlers.options import Options


def asked(note: str) -> list[object]:
    return list(read(note, bot="hasten"))


def advice(note: str) -> str:
    (mistake,) = asked(note)
    assert isinstance(mistake, Mistake)
    return mistake.advice


@pytest.mark.parametrize(
    ("note", "meaning"),
    [
        ("/optimize", Optimize()),
        ("/optimize src/a.py::f", Optimize(("src/a.py::f",))),
        ("/Optimize  src/a.py::f  \r\n", Optimize(("src/a.py::f",))),
        ("/optimize `src/__init__.py::_f`.", Optimize(("src/__init__.py::_f",))),
        ("/optimize a.py b.py::C.m", Optimize(("a.py", "b.py::C.m"))),
        ("/optimize sort is slow for wide frames", Optimize(text="sort is slow for wide frames")),
        ("/optimize make src/a.py::f faster", Optimize(("src/a.py::f",), "make src/a.py::f faster")),
        ("/optimize src/a.py::f please", Optimize(("src/a.py::f",), "please")),
        ("@hasten optimize src/a.py", Optimize(("src/a.py",))),
        ("@HASTEN: optimize", Optimize()),
        ("Hello,\n/optimize src/a.py", Optimize(("src/a.py",))),
        ("/optimize retry", Retry()),
        ("@hasten retry", Retry()),
        ("@hasten, cancel", Cancel()),
        ("@hasten optimize cancel", Cancel()),
        ("/optimize STATUS", Status()),
        ("/optimize compare", Compare()),
        ("/optimize help", Help()),
        ("/optimize explain", Explain()),
        ("/optimize explain #3", Explain("3")),
        ("/optimize explain candidate c2", Explain("c2")),
        ("/optimize explain why it won", Explain()),
        ("/optimize avoid numba", Avoid(("numba",))),
        ("/optimize avoid Numba, `global state` and caching.", Avoid(("numba", "global state", "caching"))),
        ("/optimize prefer numpy or pandas", Prefer(("numpy", "pandas"))),
        ("/optimize lessons", Lessons()),
        ("/optimize forget #3", Forget(3)),
        ("/optimize reword 3 no new  classes", Reword(3, "no new classes")),
    ],
)
def test_it_understands(note, meaning):
    assert asked(note) == [meaning]


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("--rows 1000", Options(rows=(1000,))),
        ("--rows=1k,10_000,2M", Options(rows=(1000, 10_000, 2_000_000))),
        ("--features 4,16 --rows 10", Options(rows=(10,), features=(4, 16))),
        ("--budget 20m", Options(minutes=20)),
        ("--budget $5", Options(usd=5)),
        ("--budget 1.5h/$2.50", Options(minutes=90, usd=2.5)),
        ("--budget 90s --budget 5usd", Options(minutes=1.5, usd=5)),
        ("--strategy Hybrid", Options(strategy="hybrid")),
        ("--agent recipes,acp:gemini", Options(agents=("recipes", "acp:gemini"))),
        ("--hardware avx2", Options(hardware=("avx2",))),
        ("--claim 5%", Options(claim=0.05)),
        ("—claim 0.1", Options(claim=0.1)),
    ],
)
def test_it_understands_options(words, options):
    assert asked(f"/optimize src/a.py::f {words}") == [Optimize(("src/a.py::f",), "", options)]


@pytest.mark.parametrize(
    ("note", "hint"),
    [
        ("/optimise src/a.py", "Did you mean `/optimize`?"),
        ("/optimze", "Did you mean `/optimize`?"),
        ("/optimize canel", "Did you mean `/optimize cancel`?"),
        ("/optimize avoids numba", "Did you mean `/optimize avoid`?"),
        ("@hasten optimise a.py", "Did you mean `optimize`?"),
        ("@hasten cancle", "Did you mean `cancel`?"),
        ("/optimize a.py --bugdet 5m", "Did you mean `--budget`?"),
        ("/optimize a.py --zzz", "`--strategy`"),
        ("/optimize a.py --budget", "`--budget 20m/$5`"),
        ("/optimize a.py --budget --rows 5", "`--budget 20m/$5`"),
        ("/optimize a.py --budget 20", "`--budget 20m`"),
        ("/optimize a.py --budget 0m", "more than nothing"),
        ("/optimize a.py --rows many", "`--rows 1000,100k`"),
        ("/optimize a.py --rows 0", "`--rows 1000,100k`"),
        ("/optimize a.py --rows 1,2,3,4,5,6,7,8,9", "up to 8"),
        ("/optimize a.py --rows 1 --rows 2", "twice"),
        ("/optimize a.py --strategy hybird", "Did you mean `hybrid`?"),
        ("/optimize a.py --strategy chaos", "`sequential`"),
        ("/optimize a.py --claim 5", "`--claim 5%`"),
        ("/optimize a.py --claim 0%", "more than nothing"),
        ("/optimize a.py --agent $(rm)", "`--agent recipes`"),
        ("/optimize avoid", "`/optimize avoid numba`"),
        ("/optimize prefer ...", "`/optimize prefer numba`"),
        ("/optimize retry with numba", "`/optimize retry`"),
        ("/optimize " + " ".join(f"f{n}.py" for n in range(9)), "9 targets"),
    ],
)
def test_a_mistake_carries_advice(note, hint):
    assert hint in advice(note)


def test_a_mistake_quotes_no_more_than_a_line():
    (mistake,) = asked("/optimize --" + "x" * 20 + " " + "y" * 5_000)

    assert isinstance(mistake, Mistake)
    assert len(mistake.text) <= 200


@pytest.mark.parametrize(
    "note",
    [
        "",
        "please /optimize this",
        "/optimizer src/a.py",
        "/optimize-me",
        "/optimize/src",
        "/close",
        "@hasten thanks!",
        "@hasten",
        "@hastened optimize",
        "cc @hasten optimize",
        " /optimize a.py",
        "\\/optimize a.py",
        "> /optimize a.py",
        "> quoted\n/optimize lazily",
        "- /optimize a.py",
        "1. /optimize a.py",
        "- item\n\n  /optimize a.py",
        "# /optimize a.py",
        "/optimize a.py\n===",
        "`/optimize a.py`",
        "`one\n/optimize a.py\ntwo`",
        "```\n/optimize a.py\n```",
        "```\n/optimize a.py",
        "~~~\n/optimize a.py\n~~~",
        "text\n\n    /optimize a.py",
        "<!-- \n\n/optimize a.py\n\n -->",
        "<pre>\n/optimize a.py\n</pre>",
        "<details><summary>x</summary>\n\n/optimize a.py\n\n</details>",
        "text <span>\n/optimize a.py</span>",
        "[link\n/optimize text](http://example.com)",
        "[link](\n/optimize\n)",
        "![image\n/optimize text](http://example.com)",
        "[ref]:\n/optimize",
        ">>>\n/optimize a.py\n>>>",
        ">>>\n\ntext\n\n/optimize a.py\n\n>>>",
        "a | b\n--|--\n/optimize a.py | x",
        "-- \n/optimize a.py",
        "On Monday a reviewer wrote:\n\n/optimize a.py",
        "On Monday a reviewer wrote:\n> /optimize a.py",
        "-----Original Message-----\n/optimize a.py",
        "From: dev\nSent: Monday\n\n/optimize a.py",
        "**From:** dev\n**To:** team\n\n/optimize a.py",
    ],
)
def test_it_hears_only_what_is_said_to_it(note):
    assert asked(note) == []


@pytest.mark.parametrize(
    "before",
    [
        "> quote\n\n",
        "```\n>>>\n```\n\n",
        ">>>\nquote\n>>>\n\n",
        "<details>\nx\n</details>\n\n",
        "a<br>\n",
        "On Monday a reviewer wrote:\n> x\n\n",
        "- item\n\n",
    ],
)
def test_it_hears_what_is_said_after_a_quote(before):
    assert asked(before + "/optimize retry") == [Retry()]


def test_several_commands_come_in_order():
    assert asked("/optimize avoid numba\n/optimize retry\n\n@hasten status") == [Avoid(("numba",)), Retry(), Status()]


def test_code_that_begins_in_a_command_hides_the_next_line():
    assert len(asked("/optimize `a\n/optimize b`")) == 1


def test_the_word_is_a_setting():
    assert read("/speedup a.py", bot="b", word="speedup") == [Optimize(("a.py",))]
    assert read("/optimize a.py", bot="b", word="speedup") == []
    assert read("/optimize a.py", bot="a.b+c", word="optimize") == [Optimize(("a.py",))]


def test_a_flood_of_commands_is_cut():
    assert len(asked("/optimize retry\n\n" * 500)) == 10


@pytest.mark.parametrize(
    "note", ["/optimize forget", "/optimize forget numba", "/optimize forget 3 4", "/optimize reword 3", "/optimize reword"]
)
def test_a_lesson_is_named_by_its_number(note):
    assert "`/optimize lessons` shows the numbers" in advice(note)


@pytest.mark.parametrize("note", ["nice!", "Thank you :tada: :+1:", "LGTM 👍", "Very well done, thanks.", "😀", ""])
def test_praise_asks_for_nothing(note):
    assert praises(note)


@pytest.mark.parametrize(
    "note", ["nice, but slow", "is this ok?", "thanks, now do g", "not good", "good good good good good good good good good"]
)
def test_what_says_more_than_praise_is_none(note):
    assert not praises(note)


def test_targets_in_prose_are_those_named_in_full():
    text = "See `src/a.py::f`, (b.py::C.m) and src/a.py::f; not c.py, D::e or http://x/::y."

    assert mentioned(text) == ("src/a.py::f", "b.py::C.m")
