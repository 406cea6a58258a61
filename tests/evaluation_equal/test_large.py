"""Very many small things, and very large numbers: compared quickly, and no less strictly for it."""

import math
from typing import Any

import numpy as np
import pytest

from evaluation.compare.comparison import compare
from evaluation.compare.plain import Value
from evaluation.policy import Level, Policy
from evaluation.probe import codec

ULP = 1 + 2**-52


def codes(expected: object, actual: object, policy: Policy | None = None) -> list[str]:
    return [each.code for each in compare(*(Value.read(*codec.encode(value)) for value in (expected, actual)), policy)]


@pytest.mark.parametrize(
    ("expected", "actual", "wanted"),
    [
        ([(1, 0.1)], [(1, 0.1 * ULP)], []),
        ({"a": [0.1, 2.0]}, {"a": [0.1 * ULP, 2.0]}, []),
        ({"a": [0.1, 2.0]}, {"a": [0.1, 2.1]}, ["equivalence.value"]),
        ([[0.0, 1.0]], [[-0.0, 1.0]], ["equivalence.value"]),
        ([[1, 2]], [[1.0, 2]], ["equivalence.type"]),
        ([[True, "a"]], [[1, "a"]], ["equivalence.type"]),
        ([["a", "b"]], [["b", "a"]], ["equivalence.order"]),
        ({1: "a", "b": 2}, {True: "a", "b": 2}, ["equivalence.value"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["equivalence.order"]),
        ([[float("nan"), "a"]], [[float("nan"), "a"]], []),
    ],
)
def test_small_things_in_great_number_are_compared_as_strictly(expected: object, actual: object, wanted: list[str]) -> None:
    assert codes(expected, actual) == wanted
    assert codes(expected, expected) == []


def test_what_two_sets_of_keys_lack_is_said_of_each_that_lacks_something() -> None:
    (missing,) = compare(*(Value.read(*codec.encode(value)) for value in ({"a": 1, "b": 2}, {"a": 1})))
    (more,) = compare(*(Value.read(*codec.encode(value)) for value in ({"a": 1}, {"a": 1, "b": 2})))

    assert missing.text == "result: keys differ: missing [\"str:'b'\"]"
    assert more.text == "result: keys differ: not expected [\"str:'b'\"]"


@pytest.mark.parametrize(
    ("expected", "actual"), [(math.inf, 1.1e308), (-1.7e308, -math.inf), (np.array([1.0, math.inf]), np.array([1.0, 9e307]))]
)
def test_sums_that_overflow_in_one_order_only_are_blamed_on_nobody_where_the_input_is_made_up(expected: Any, actual: Any) -> None:
    assert codes(expected, actual, Policy(made_up=True)) == []
    assert codes(expected, actual) == ["equivalence.value"]
    assert codes(expected, actual, Policy(Level.STRICT, made_up=True)) == ["equivalence.value"]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (math.inf, -1.1e308),
        (math.inf, 1e290),
        (math.nan, 1.1e308),
        (np.array([math.inf]), np.array([1.0])),
        (np.array([math.inf], "f2"), np.array([60000.0], "f2")),
    ],
)
def test_an_infinity_stands_for_nothing_else(expected: Any, actual: Any) -> None:
    assert codes(expected, actual, Policy(made_up=True)) == ["equivalence.value"]
