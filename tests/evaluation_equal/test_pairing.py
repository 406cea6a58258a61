"""What counts once the pristine code was seen to give things in an unsteady order: all else, and what stands side by side."""

import dataclasses
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.compare.comparison import compare, disagreements
from evaluation.compare.pairing import family
from evaluation.policy import Policy
from tests.evaluation_equal.forms import between, call, codes, value

ANY_ORDER = Policy().setting_aside({"equivalence.order"})
NAMES, TOTALS = ["b", "a", "c", "d", "e"], [2.5, 1.0, 3.0, 4.25, 0.5]


@dataclasses.dataclass
class Table:
    names: Any
    totals: Any


def dealt(*rows: list[Any], order: tuple[int, ...] = (2, 0, 4, 3, 1)) -> list[list[Any]]:
    return [[row[at] for at in order] for row in rows]


MOVED = dealt(NAMES, TOTALS)
TORN = [MOVED[0], sorted(TOTALS)]
FORMS = {
    "a tuple of lists": lambda names, totals: (names, totals),
    "a list of lists": lambda names, totals: [names, totals],
    "a dict of lists": lambda names, totals: {"name": names, "total": totals},
    "fields": Table,
    "a list and an array": lambda names, totals: (names, np.array(totals)),
    "an array and tuples": lambda names, totals: (np.array(totals), [(name, 1) for name in names]),
    "two arrays": lambda names, totals: (np.array(names), np.array(totals)),
    "a dict and a list": lambda names, totals: (dict.fromkeys(names, 1), totals),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_things_side_by_side_may_move_together_and_not_apart(form: Any) -> None:
    assert between(form(NAMES, TOTALS), form(*MOVED)) & {"order", "value"}
    assert between(form(NAMES, TOTALS), form(*MOVED), ANY_ORDER) == set()
    for torn in (TORN, (NAMES, sorted(TOTALS))):
        (code,) = between(form(NAMES, TOTALS), form(*torn), ANY_ORDER)
        assert code in ("pairing", "entries")


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ({"a": 1, "b": 2}, {"b": 1, "a": 2}, "value"),
        ([("a", 1), ("b", 2)], [("b", 1), ("a", 2)], "value"),
        (np.array([[1, 2], [3, 4]]), np.array([[1, 4], [3, 2]]), "value"),
        (["a", "b"], ["b", "b"], "value"),
        ((2.5, 0.7), (0.7, 2.5), "value"),
        ([1.5] * 20 + [2.5], [2.5] * 20 + [1.5], "value"),
        (([1, 2], [3, 4]), ([2, 1], [4, 4]), "value"),
        (["a", None], [None, "b"], "value type"),
    ],
)
def test_an_order_set_aside_excuses_nothing_but_the_order(right: Any, wrong: Any, code: str) -> None:
    assert between(right, wrong, ANY_ORDER) & set(code.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1, 2], "b": 3}, {"b": 3, "a": [2, 1]}),
        ([("a", [(1, 2)]), ("b", [(3, 4)])], [("b", [(3, 4)]), ("a", [(1, 2)])]),
        (("b", "a"), ("a", "b")),
        (np.array([[3, 4], [1, 2]]), np.array([[1, 2], [3, 4]])),
        (np.array([-0.0, 0.0]), np.array([0.0, -0.0])),
        (np.array([(1, 2.0), (3, 4.0)], "i4,f8"), np.array([(3, 4.0), (1, 2.0)], "i4,f8")),
        ([0.5, 0.1 + 0.2] * 20, [0.3, 0.5] * 20),
        ([True, False] * 10, [False, True] * 10),
    ],
)
def test_what_only_moved_is_the_same_where_the_order_is_set_aside(one: Any, other: Any) -> None:
    assert between(one, other)
    assert between(one, other, ANY_ORDER) == set()


def test_rows_of_tuples_in_another_order_differ_in_nothing_else() -> None:
    assert between([("a", [(1, 2)]), ("b", ())], [("b", ()), ("a", [(1, 2)])]) == {"order"}


def test_arguments_left_in_another_order_stay_a_difference() -> None:
    turned, kept = call(lambda items: [*items, items.reverse()][:3], [3, 1, 2]), call(lambda items: items[::-1], [3, 1, 2])

    assert codes(turned, kept, ANY_ORDER) == {"mutation"}


def test_what_is_set_aside_hides_nothing_that_comes_after_it() -> None:
    lists = {key: [f"{key} {at}" for at in range(key + 2)] for key in range(40)}
    others: dict[int, Any] = {key: items[::-1] for key, items in lists.items()}
    wrong = {**others, 35: ["garbage"], 36: None}

    assert between(lists, others, ANY_ORDER) == set()
    assert between(lists, wrong, ANY_ORDER) == {"value", "type"}


def test_a_function_disagrees_with_itself_in_all_that_differs_however_much_comes_first() -> None:
    lists = [[f"{key} {at}" for at in range(key + 2)] for key in range(40)]
    others = [items[::-1] for items in lists]

    found = disagreements(value([*lists, 1.0]), value([*others, 2.0]), Policy())

    assert {"equivalence.order", "equivalence.value"} <= found


def test_sets_that_have_nothing_to_do_with_each_other_disagree_in_what_stands_beside_what() -> None:
    one, other = {"a": [*"xyzuv"], "b": [*"klmno"]}, {"a": [*"yxvzu"], "b": [*"klmno"]}
    loose = ANY_ORDER.setting_aside({"equivalence.entries"})

    assert disagreements(value(one), value(other), Policy()) == {"equivalence.order", "equivalence.entries"}
    assert between(one, other, loose) == set()
    assert between((NAMES, TOTALS, one), (*TORN, other), loose) == {"pairing"}


def test_of_few_things_it_is_not_asked_what_stood_side_by_side_since_chance_may_have_set_them_so() -> None:
    assert between((["a", "b"], [1, 2]), (["b", "a"], [1, 2]), ANY_ORDER) == set()
    assert between(([*"abcde"], [1, 2, 3, 4, 5]), ([*"bacde"], [1, 2, 3, 4, 5]), ANY_ORDER) == {"pairing"}


def test_fields_that_happen_to_be_as_long_do_not_excuse_those_that_belong_together() -> None:
    others = ["z", "y", "x", "w", "v"]
    ours, moved, torn = (NAMES, TOTALS, others), (*MOVED, others), (*TORN, others)
    known = Policy().setting_aside(disagreements(value(ours), value(moved), Policy()))

    assert "equivalence.order" in known.aside
    assert between(ours, moved, known) == set()
    assert between(ours, torn, known) == {"pairing"}
    assert between(ours, torn, known.setting_aside({"equivalence.pairing"})) == set()


def test_objects_that_may_be_shared_are_still_compared() -> None:
    inner = [1]

    assert between([inner, inner], [[1], [1]], Policy().setting_aside({"equivalence.alias"})) == set()
    assert between([inner, inner], [[1], [2]], Policy().setting_aside({"equivalence.alias"})) == {"value"}


def test_what_can_not_be_set_beside_each_other_is_not_taken_for_the_same() -> None:
    assert between(iter([1]), [2], Policy().setting_aside({"equivalence.lazy"})) == {"unclear"}
    assert between(np.array([1]), np.array([2.0]), Policy().setting_aside({"equivalence.dtype"})) == {"unclear"}


cells = st.integers(-3, 3) | st.text("ab", max_size=2) | st.sampled_from([0.1, 0.5, 1e9])
tables = st.integers(5, 12).flatmap(
    lambda count: st.tuples(*[st.lists(column, min_size=count, max_size=count) for column in (cells, cells, st.floats(-9, 9))])
)


@settings(max_examples=30, deadline=None)
@given(
    table=tables,
    seed=st.integers(0, 99),
    form=st.sampled_from([tuple, list, lambda columns: dict(zip("abc", columns, strict=True))]),
)
def test_any_order_of_whole_rows_is_the_same_table(table: tuple[list[Any], ...], seed: int, form: Any) -> None:
    order = random.Random(seed).sample(range(len(table[0])), len(table[0]))

    assert between(form(table), form(dealt(*table, order=tuple(order))), ANY_ORDER) == set()


@settings(max_examples=30, deadline=None)
@given(table=tables, seed=st.integers(0, 99))
def test_a_column_that_moves_alone_is_noticed_unless_the_rows_are_the_same(table: tuple[list[Any], ...], seed: int) -> None:
    alone = random.Random(seed).sample(table[0], len(table[0]))
    rows, others = (sorted(map(repr, zip(*columns, strict=True))) for columns in (table, (alone, *table[1:])))

    assert bool(between(table, (alone, *table[1:]), ANY_ORDER)) == (rows != others)


@settings(max_examples=30, deadline=None)
@given(table=tables, other=tables, codes=st.sets(st.sampled_from(["order", "pairing", "entries", "alias", "index"])))
def test_setting_aside_more_never_makes_values_differ(table: Any, other: Any, codes: set[str]) -> None:
    few = Policy().setting_aside(f"equivalence.{code}" for code in codes)

    for each in (other, table, table[::-1], tuple(dealt(*table, order=tuple(reversed(range(len(table[0]))))))):
        before = compare(value(table), value(each))
        after = compare(value(table), value(each), few)
        assert before or not after
        assert not {family(each.code) for each in after} & few.aside
