"""The agent as the bot meets it: a task and a tree go in, drafts and a reasoning trace come out."""

from pathlib import Path

import pytest

from bot.agents.contract import Attempt, Draft, Ended, Event, Lessons, Task
from bot.agents.recipes import Recipes, known_rules
from bot.agents.recipes.composer import digest
from evaluation.target import Target

SOURCE = '''"""Orders."""


def open_orders(orders: list[str], done: list[str]) -> str:
    names = []
    for order in orders:
        if order not in done:
            names.append(order)
    text = ""
    for name in names:
        text += name + ";"
    return text


def unrelated( x ):
    return [ x ]
'''
TARGET = Target("shop/orders.py", "open_orders")


def proposed(tree: Path, task: Task, source: bytes = SOURCE.encode()) -> tuple[Ended, list[Event]]:
    place = tree / "shop" / "orders.py"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(source)
    events: list[Event] = []
    return Recipes().propose(task, tree, events.append), events


def text(draft: Draft) -> str:
    content = draft.files["shop/orders.py"]
    assert content is not None
    return content.decode()


def attempt(draft: Draft, outcome: str, *reasons: str) -> Attempt:
    return Attempt(draft.title, digest(draft.files), outcome, reasons, None, draft.ingredients)


def test_all_that_fits_comes_first_then_each_on_its_own(tmp_path: Path) -> None:
    ended, _ = proposed(tmp_path, Task(TARGET, drafts=9))

    assert ended.reason == "completed"
    whole, *others = [draft.ingredients for draft in ended.drafts]
    assert set(whole) == {"membership", "join", "comprehension"}
    assert others[:3] == [("membership",), ("join",), ("comprehension",)]
    assert sorted(map(len, others[3:])) == [2, 2, 2]


def test_a_draft_changes_only_what_its_recipe_is_about(tmp_path: Path) -> None:
    ended, _ = proposed(tmp_path, Task(TARGET, lessons=Lessons(avoid=("membership", "comprehension"))))

    (draft,) = ended.drafts
    assert draft.title == "Join strings once instead of growing one"
    assert text(draft) == SOURCE.replace('text = ""', "text_parts = []").replace(
        'text += name + ";"', 'text_parts.append(name + ";")'
    ).replace("    return text\n", '    text = "".join(text_parts)\n    return text\n')


def test_no_more_drafts_than_wanted(tmp_path: Path) -> None:
    ended, _ = proposed(tmp_path, Task(TARGET, drafts=2))

    assert len(ended.drafts) == 2


def test_the_same_task_gives_the_same_drafts(tmp_path: Path) -> None:
    assert proposed(tmp_path, Task(TARGET))[0] == proposed(tmp_path, Task(TARGET))[0]


def test_nothing_is_proposed_twice(tmp_path: Path) -> None:
    first, _ = proposed(tmp_path, Task(TARGET, drafts=3))
    tried = tuple(attempt(draft, "inconclusive", "speed.noise") for draft in first.drafts)

    second, _ = proposed(tmp_path, Task(TARGET, drafts=99, tried=tried))
    everything, _ = proposed(
        tmp_path, Task(TARGET, drafts=99, tried=tried + tuple(attempt(d, "rejected") for d in second.drafts))
    )

    assert second.drafts
    assert not {digest(draft.files) for draft in first.drafts} & {digest(draft.files) for draft in second.drafts}
    assert everything.reason == "nothing"


def test_a_recipe_that_broke_the_behaviour_on_its_own_is_left_out_of_combinations(tmp_path: Path) -> None:
    first, _ = proposed(tmp_path, Task(TARGET))
    alone = next(draft for draft in first.drafts if draft.ingredients == ("join",))

    second, events = proposed(
        tmp_path, Task(TARGET, drafts=99, tried=(attempt(alone, "rejected", "equivalence.value: text differs"),))
    )

    assert all("join" not in draft.ingredients for draft in second.drafts)
    assert any("`join` is left out" in event.text for event in events)


def test_a_recipe_that_was_only_not_faster_on_its_own_may_still_be_combined(tmp_path: Path) -> None:
    first, _ = proposed(tmp_path, Task(TARGET))
    alone = next(draft for draft in first.drafts if draft.ingredients == ("join",))

    second, _ = proposed(tmp_path, Task(TARGET, tried=(attempt(alone, "rejected", "speed.claim"),)))

    assert "join" in second.drafts[0].ingredients


@pytest.mark.parametrize("word", ["join", "string-building", "`join`", "String_Building"])
def test_what_a_reviewer_wants_avoided_is_avoided_by_any_of_its_names(tmp_path: Path, word: str) -> None:
    ended, _ = proposed(tmp_path, Task(TARGET, drafts=9, lessons=Lessons(avoid=(word,))))

    assert ended.drafts
    assert all("join" not in draft.ingredients for draft in ended.drafts)


def test_what_a_reviewer_prefers_is_the_first_single_recipe(tmp_path: Path) -> None:
    ended, _ = proposed(tmp_path, Task(TARGET, lessons=Lessons(prefer=("comprehension",))))

    assert ended.drafts[1].ingredients == ("comprehension",)


def test_the_trace_says_of_each_recipe_whether_it_fits_and_why(tmp_path: Path) -> None:
    _, events = proposed(tmp_path, Task(TARGET))

    assert events[0].kind == "started"
    assert events[-1].kind == "ended"
    considered = {event.data["recipe"]: event for event in events if event.kind == "reasoning"}
    assert considered["join"].data["fits"] is True
    assert considered["queue"].text.startswith("`queue` does not fit: ")
    assert set(considered) == {recipe.name for recipe in Recipes().catalogue}


def test_newlines_encoding_and_byte_order_mark_stay(tmp_path: Path) -> None:
    source = b"\xef\xbb\xbf" + SOURCE.replace("Orders", "Aufträge").replace("\n", "\r\n").encode()

    ended, _ = proposed(tmp_path, Task(TARGET), source)

    for draft in ended.drafts:
        content = draft.files["shop/orders.py"]
        assert content is not None
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n")
        assert "Aufträge".encode() in content


def test_tabs_stay_tabs(tmp_path: Path) -> None:
    ended, _ = proposed(tmp_path, Task(TARGET), SOURCE.replace("    ", "\t").encode())

    assert all("\n    " not in text(draft) for draft in ended.drafts)


def test_a_latin_1_file_stays_one(tmp_path: Path) -> None:
    source = ("# -*- coding: latin-1 -*-\n" + SOURCE.replace("Orders", "Aufträge")).encode("latin-1")

    ended, _ = proposed(tmp_path, Task(TARGET), source)

    assert all("Aufträge".encode("latin-1") in (draft.files["shop/orders.py"] or b"") for draft in ended.drafts)


def test_slow_code_in_a_helper_of_the_same_file_is_found(tmp_path: Path) -> None:
    source = b"def _names(rows):\n    found = []\n    for row in rows:\n        found.append(row[0])\n    return found\n\n\n"
    source += b"def open_orders(rows):\n    return sorted(_names(rows))\n"

    ended, _ = proposed(tmp_path, Task(TARGET), source)

    assert "found = [row[0] for row in rows]" in text(ended.drafts[0])


def test_a_method_and_its_own_helpers_are_found(tmp_path: Path) -> None:
    source = b"class Shop:\n    def total(self):\n        return self._sum()\n\n    def _sum(self):\n        found = []\n"
    source += b"        for x in self.rows:\n            found.append(x)\n        return found\n"

    ended, _ = proposed(tmp_path, Task(Target("shop/orders.py", "Shop.total")), source)

    assert "found = [x for x in self.rows]" in text(ended.drafts[0])


@pytest.mark.parametrize(
    ("task", "source", "sentence"),
    [
        (Task(TARGET, fenced=("shop/**",)), SOURCE.encode(), "may not be edited"),
        (Task(TARGET, editable=("src/**",)), SOURCE.encode(), "may not be edited"),
        (Task(Target("shop/orders.py", "nothing")), SOURCE.encode(), "no function `nothing`"),
        (Task(Target("shop/gone.py", "f")), SOURCE.encode(), "no such file"),
        (Task(TARGET), b"def open_orders(:\n", "does not parse"),
        (Task(TARGET), b"\xff\xfe\x00bad", "does not parse"),
        (Task(TARGET), b"# -*- coding: no-such -*-\n", "does not parse"),
        (Task(TARGET), b"def open_orders():\n    return 1\n", "No recipe fits"),
    ],
)
def test_what_cannot_be_worked_on_ends_with_one_clear_sentence(tmp_path: Path, task: Task, source: bytes, sentence: str) -> None:
    ended, _ = proposed(tmp_path, task, source)

    assert (ended.reason, ended.drafts) == ("nothing", ())
    assert sentence in ended.detail


def test_a_link_that_leads_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(SOURCE)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "orders.py").symlink_to(outside)

    ended = Recipes().propose(Task(Target("orders.py", "open_orders")), tree, lambda _: None)

    assert ended.reason == "nothing"


def test_numba_is_not_proposed_to_a_project_without_it(tmp_path: Path) -> None:
    source = b"import numpy as np\n\n\ndef open_orders(x: np.ndarray):\n    out = np.zeros(len(x))\n"
    source += b"    for i in range(len(x)):\n        out[i] = x[i]\n    return out\n"

    without, _ = proposed(tmp_path, Task(TARGET, environment={"numpy": "2"}), source)
    with_it, _ = proposed(tmp_path, Task(TARGET, environment={"numpy": "2", "numba": "0.6"}), source)

    assert without.reason == "nothing"
    assert with_it.drafts[0].ingredients == ("numba",)


def test_code_nested_too_deeply_is_refused_and_not_followed(tmp_path: Path) -> None:
    source = f"def open_orders(x):\n    return {'(' * 150}x{' + 1)' * 150}\n".encode()

    ended, _ = proposed(tmp_path, Task(TARGET), source)

    assert ended.reason == "nothing"


def test_rules_name_recipes_and_their_aliases() -> None:
    rules = known_rules()

    assert {"numba", "njit", "lexsort", "apply", "iterrows", "cache", "iloc"} <= set(rules)
    assert all(sentence.endswith(".") for sentence in rules.values())


def test_no_two_recipes_share_a_name() -> None:
    words = [word for recipe in Recipes().catalogue for word in (recipe.name, *recipe.aliases)]

    assert len(words) == len(set(words))
