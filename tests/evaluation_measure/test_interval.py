"""Intervals over processes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from evaluation.scorecard import LEVEL
from evaluation.speed.interval import FINE_LOOKS, LOOKS, e_value, log_interval

logs = st.floats(-2, 2, allow_nan=False)
several = st.lists(logs, min_size=2, max_size=20)


@given(values=several)
@settings(max_examples=25)
def test_swapping_the_sides_inverts_the_ratio(values):
    there, back = log_interval(values), log_interval([-value for value in values])

    assert there is not None and back is not None
    assert math.isclose(there.ratio().ratio * back.ratio().ratio, 1, rel_tol=1e-9)
    assert math.isclose(there.low, -back.high, abs_tol=1e-9)


@given(values=several)
@settings(max_examples=25)
def test_the_interval_holds_its_mean(values):
    found = log_interval(values)

    assert found is not None
    assert found.low <= found.mean <= found.high


@pytest.mark.parametrize("values", [[], [0.1], [0.1, math.nan], [0.1, math.inf]])
def test_too_few_or_broken_values_give_no_interval(values):
    assert log_interval(values) is None


def test_the_interval_is_the_textbooks():
    found = log_interval([0.1, 0.2, 0.3, 0.4], 0.95)

    assert found is not None
    assert found.mean == pytest.approx(0.25)
    assert found.high - found.mean == pytest.approx(3.182446 * 0.1290994 / 2, rel=1e-5)


def test_more_processes_of_the_same_spread_narrow_the_interval():
    few, many = log_interval([0.0, 0.1] * 2, LEVEL), log_interval([0.0, 0.1] * 10, LEVEL)

    assert few is not None and many is not None
    assert many.high - many.low < few.high - few.low


def test_the_e_value_grows_with_agreement_and_stays_small_without():
    assert e_value([0.05] * 12) > 100
    assert e_value([0.05, -0.05] * 6) < 1
    assert e_value([3.0, -1e6]) < 1


def test_looking_later_for_small_effects_spends_no_more_error():
    noise = np.random.default_rng(1).standard_normal((8000, max(FINE_LOOKS)))

    assert missed(noise, FINE_LOOKS) <= missed(noise, LOOKS) < 0.055


def missed(noise, looks):
    """How often the truth, 0, is outside the interval at any of the looks."""
    out = np.zeros(len(noise), dtype=bool)
    for look in looks:
        seen = noise[:, :look]
        half = stdtrit(look - 1, (1 + LEVEL) / 2) * seen.std(axis=1, ddof=1) / math.sqrt(look)
        out |= abs(seen.mean(axis=1)) > half
    return out.mean()
