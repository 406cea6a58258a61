"""The pairs of values on which comparators in the field were seen to err, made by a foreign interpreter and decided here."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import comparator
from bench.pairs import EQUAL, MEASUREMENT, PAIRS, PEERS, Pair
from evaluation.compare.plain import Value
from tests.evaluation_equal.forms import between

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def values(pandas_python: Path) -> Mapping[str, tuple[Value, Value]]:
    return comparator.values_of(pandas_python)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_pair_is_decided_right(pair: Pair, values: Mapping[str, tuple[Value, Value]]) -> None:
    decision = comparator.decide(pair, *values[pair.name])

    assert decision.right, decision


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_pair_is_decided_alike_with_its_sides_swapped(pair: Pair, values: Mapping[str, tuple[Value, Value]]) -> None:
    expected, actual = values[pair.name]
    swapped = comparator.decide(pair, actual, expected)

    assert (not swapped.strict) == (pair.strict == EQUAL)
    assert (not swapped.numeric) == (pair.numeric == EQUAL or pair.name == "a result that became read-only")


def test_a_pair_counts_as_right_only_with_its_own_answer() -> None:
    (pair,) = [pair for pair in PAIRS if pair.name == "two lambdas"]
    unclear, value = frozenset({"unclear"}), frozenset({"value"})

    assert comparator.Decision(pair, unclear, unclear, unclear).right
    assert not comparator.Decision(pair, value, unclear, unclear).right
    assert not comparator.Decision(pair, frozenset(), unclear, unclear).right
    assert between(lambda: 1, lambda: 2) == {"unclear"}


def test_all_the_pairs_of_both_sheets_are_here() -> None:
    assert [sum(pair.source == source for pair in PAIRS) for source in (MEASUREMENT, PEERS)] == [42, 26]
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)
