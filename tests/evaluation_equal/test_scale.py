"""By what floats are measured: fields of a record by themselves, columns by their usual size, what cancelled by what it was."""

import dataclasses
import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.policy import Relaxation
from tests.evaluation_equal.forms import between, relaxed


class Moments(NamedTuple):
    squares: float
    mean: float
    deviation: float


@dataclasses.dataclass
class Summary:
    squares: float
    mean: float
    deviation: float


RIGHT, WRONG = (3.1e15, 2.5, 0.7), (3.1e15, 0.5, 99.0)
FILLED = [1e20, *[280.0 + at for at in range(20)]]  # 1e20: a mark for missing values
SMALL = [1e20, *[0.1 * at for at in range(1, 21)]]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (RIGHT, WRONG),
        (list(RIGHT), list(WRONG)),
        (dict(zip("abc", RIGHT, strict=True)), dict(zip("abc", WRONG, strict=True))),
        (Moments(*RIGHT), Moments(*WRONG)),
        (Summary(*RIGHT), Summary(*WRONG)),
        (np.array(RIGHT), np.array(WRONG)),
        ([1e308, 5.0, 7.0], [1e308, 1.0, -3.0]),
        (np.array([1e20, 300, 280]), np.array([1e20, 0.1, 0.2])),
        (FILLED, SMALL),
        (tuple(FILLED), tuple(SMALL)),
        (dict(enumerate(FILLED)), dict(enumerate(SMALL))),
        (np.array(FILLED), np.array(SMALL)),
        (np.array([FILLED, FILLED]).T, np.array([SMALL, FILLED]).T),
        (np.array([1e36, *FILLED] * 9, "f4"), np.array([1e36, *SMALL] * 9, "f4")),
        (np.array([1e12, 1.0]), np.array([1e12, 1.5])),
        (np.array([1e20 + 1j, 3 + 4j, 5 + 2j]), np.array([1e20 + 1j, 0.3 + 4j, 5 + 2j])),
    ],
)
def test_a_large_float_hides_nothing_beside_it(right: Any, wrong: Any) -> None:
    assert between(right, wrong) == {"value"}
    assert between(wrong, right) == {"value"}


def waves(count: int) -> Any:
    return np.sin(2 * np.pi * 5 * np.arange(count) / count)


def by_definition(numbers: Any) -> Any:
    at = np.arange(len(numbers))
    return np.exp(-2j * np.pi * np.outer(at, at) / len(numbers)) @ numbers


def turned(degrees: float) -> Any:
    angle = math.radians(degrees)
    return np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])


def orthogonal(count: int) -> Any:
    return np.linalg.qr(np.random.default_rng(count).normal(size=(count, count)))[0]


@pytest.mark.parametrize("count", [8, 64, 500])
def test_a_spectrum_of_few_frequencies_may_come_from_another_algorithm(count: int) -> None:
    fast, slow = np.fft.fft(waves(count)), by_definition(waves(count))

    assert between(fast, slow) == set()
    assert between(np.abs(fast), np.abs(slow)) == set()
    assert between(np.abs(fast) ** 2, np.abs(slow) ** 2) == set()


@pytest.mark.parametrize("count", [2, 3, 20])
def test_what_cancels_beside_the_ones_of_an_identity_is_forgiven(count: int) -> None:
    turns = orthogonal(count)

    assert between(turns.T @ turns, np.einsum("ji,jk->ik", turns, turns)) == set()
    assert between(turned(90), np.round(turned(90))) == set()


def test_rolling_and_group_sums_may_be_added_in_another_order() -> None:
    numbers = np.random.default_rng(1).normal(size=20_000)
    running = np.cumsum(np.insert(numbers, 0, 0))
    groups = np.arange(20_000) % 200

    rolled, at_once = np.convolve(numbers, np.ones(50), "valid"), running[50:] - running[:-50]
    totals = np.bincount(groups, weights=numbers)
    backwards = np.bincount(groups[::-1], weights=numbers[::-1])

    assert between(rolled, at_once) == set()
    assert between(np.append(rolled, 1e20), np.append(at_once, 1e20)) == set()
    assert between(totals, backwards) == set()
    assert between(totals.tolist(), backwards.tolist()) == set()
    assert between(dict(enumerate(totals.tolist())), dict(enumerate(backwards.tolist()))) == set()


sizes = st.floats(1e-6, 1e6)


@settings(max_examples=30, deadline=None)
@given(
    numbers=st.lists(sizes, min_size=2, max_size=40),
    large=st.lists(st.floats(1e16, 1e308), min_size=1, max_size=40),
    form=st.sampled_from([list, tuple, np.array, lambda items: dict(enumerate(items))]),
)
def test_numbers_beyond_what_can_be_counted_never_excuse_a_difference(
    numbers: list[float], large: list[float], form: Any
) -> None:
    changed = [number * 2 for number in numbers]

    assert between(form([*large, *numbers]), form([*large, *changed])) == {"value"}


@settings(max_examples=30, deadline=None)
@given(numbers=st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=40), at=st.integers(0), share=st.floats(1.1e-9, 1))
def test_a_field_of_a_record_is_measured_by_itself(numbers: list[float], at: int, share: float) -> None:
    at %= len(numbers)
    changed = [*numbers]
    changed[at] += max(1e-300, abs(changed[at])) * share * 1.5

    assert between(tuple(numbers), tuple(changed)) == {"value"}


@settings(max_examples=30, deadline=None)
@given(
    numbers=st.lists(st.floats(-1e18, 1e18), min_size=1, max_size=40),
    off=st.floats(-1e-3, 1e-3),
    form=st.sampled_from([list, np.array, lambda items: np.array([items, items]).T]),
)
def test_what_is_allowed_depends_on_no_side_and_single_precision_allows_more(numbers: list[float], off: float, form: Any) -> None:
    other = [number + off for number in numbers]

    found = between(form(numbers), form(other))

    assert found == between(form(other), form(numbers))
    assert found or not between(form(numbers), form(other), relaxed(Relaxation.FLOAT32))
