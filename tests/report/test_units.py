"""Numbers with a unit that fits and no digit too many."""

import math

import pytest

from bot.report import units
from evaluation.scorecard import Interval


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (75.0, "1.25 min"),
        (1.0, "1.00 s"),
        (0.99996, "1.00 s"),
        (0.01234, "12.3 ms"),
        (0.000032, "32.0 µs"),
        (0.0000001, "100 ns"),
        (0.0, "0 ns"),
        (math.nan, "?"),
    ],
)
def test_times_per_call(seconds, shown):
    assert units.seconds(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.2, "0 s"), (59, "59 s"), (95, "1 min 35 s"), (3700, "1 h 01 min"), (math.inf, "0 s")]
)
def test_elapsed_times(seconds, shown):
    assert units.elapsed(seconds) == shown


@pytest.mark.parametrize(
    ("ratio", "low", "high", "shown"),
    [
        (4.31, 4.27, 4.35, "4.3×"),
        (1.08, 1.06, 1.10, "1.08×"),
        (1.31, 1.1, 1.5, "1.31×"),
        (12.4, 9, 15, "12×"),
        (243, 230, 256, "243×"),
        (7.59, 6.81, 8.47, "7.6×"),
        (243, 60, 900, "240×"),
    ],
)
def test_a_headline_rounds_by_less_than_the_interval_leaves_open(ratio, low, high, shown):
    assert units.gain(Interval(ratio, low, high)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Interval(2.31, 2.27, 2.35), "2.31× [2.27, 2.35]"),
        (Interval(12.4, 11.0, 13.9), "12.4× [11.0, 13.9]"),
        (Interval(2.31, 2.31, 2.31), "2.31×"),
    ],
)
def test_intervals(value, shown):
    assert units.interval(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(950, "950 rows/s"), (250_000, "250 k rows/s"), (1.2e6, "1.20 M rows/s")])
def test_rates(value, shown):
    assert units.rate(value, "rows") == shown


def test_counts_are_grouped():
    assert units.count(1_000_000) == "1\u202f000\u202f000"
