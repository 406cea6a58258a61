"""What a line of sizes tells: from made-up times with a known truth."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.scaling import Capacity, Crossover, Scaling, Trend
from evaluation.scorecard import LEVEL
from evaluation.speed.interval import log_interval, slower
from evaluation.speed.trends import REACH, capacity, crossover, trend

SIZES = [100, 316, 1000, 3162, 10000]
NOISE = (0.002, -0.001, 0.001, -0.002)
small = st.floats(-0.01, 0.01)
noise = st.lists(st.lists(small, min_size=5, max_size=5), min_size=4, max_size=8)


def gains(law, jitter=NOISE):
    return [[law(size) + each for size in SIZES] for each in jitter]


def cells(rows):
    return [log_interval(column) for column in zip(*rows, strict=True)]


@given(exponent=st.floats(-1, 1))
@settings(max_examples=15)
def test_a_gain_that_is_a_power_of_the_size_has_that_exponent(exponent):
    found = trend(SIZES, gains(lambda n: exponent * math.log(n)))

    assert found.exponent == pytest.approx(exponent, abs=1e-9)
    if abs(exponent) > 0.001:
        assert found.direction == math.copysign(1, exponent)


@given(rows=noise)
@settings(max_examples=15)
def test_swapping_the_sides_turns_trend_and_sign_around(rows):
    found, swapped = trend(SIZES, rows), trend(SIZES, [[-value for value in row] for row in rows])

    assert (swapped.low, swapped.high) == pytest.approx((-found.high, -found.low))
    assert swapped.direction == -found.direction


@given(shifts=st.lists(st.floats(-1, 1), min_size=4, max_size=4))
@settings(max_examples=20)
def test_what_a_process_does_to_all_sizes_alike_does_not_touch_the_trend(shifts):
    found = trend(SIZES, gains(lambda n: 0.1 * math.log(n), shifts))

    assert (found.low, found.high) == pytest.approx((0.1, 0.1))


def test_a_constant_gain_with_noise_has_no_direction():
    rows = [[0.3 + 0.01 * ((at * 7 + process * 3) % 11 - 5) for at in range(5)] for process in range(5)]

    assert trend(SIZES, rows).direction == 0


def test_two_sizes_make_no_trend():
    assert trend([10, 100], [[0.1, 0.2]] * 4) is None


def test_the_crossover_of_two_known_laws_is_found():
    before, after = (lambda n: 1e-6 * n), (lambda n: 1e-3 + 1e-7 * n)  # equal at 1111

    found = crossover(SIZES, cells(gains(lambda n: math.log(before(n) / after(n)))))

    assert found.size == pytest.approx(1111, rel=0.05)
    assert (found.below, found.above, found.faster_above) == (1000, 3162, True)


def test_the_crossover_of_swapped_sides_is_at_the_same_place_the_other_way_round():
    rows = gains(lambda n: math.log(n / 1500))
    found, swapped = crossover(SIZES, cells(rows)), crossover(SIZES, cells([[-v for v in row] for row in rows]))

    assert swapped == Crossover(pytest.approx(found.size), found.below, found.above, not found.faster_above)


@pytest.mark.parametrize("law", [lambda _: 0.2, lambda _: 0.0, lambda n: 0.2 * math.sin(3 * math.log(n))])
def test_without_one_clear_change_of_sign_there_is_no_crossover(law):
    assert crossover(SIZES, cells(gains(law))) is None


def test_capacity_inside_the_range_is_read_off_the_curve():
    found = capacity(SIZES, [1e-6 * n for n in SIZES], [2e-7 * n for n in SIZES], seconds=2e-4)

    assert found == Capacity(2e-4, pytest.approx(200), pytest.approx(1000), extrapolated=False, at_least=False)


def test_by_default_the_old_codes_time_at_its_largest_size_is_the_limit():
    found = capacity(SIZES, [1e-6 * n for n in SIZES], [1e-6 * n / 3.4 for n in SIZES])

    assert (found.seconds, found.baseline) == (pytest.approx(0.01), pytest.approx(10000))
    assert (found.candidate, found.extrapolated) == (pytest.approx(34000), True)


def test_a_fixed_cost_is_no_endless_capacity():
    found = capacity(SIZES, [1e-6 * n for n in SIZES], [1e-4] * 5)

    assert found.candidate == 10000 * REACH
    assert found.at_least


def test_a_quadratic_curve_is_continued_as_one():
    found = capacity(SIZES, [4e-9 * n * n for n in SIZES], [1e-9 * n * n for n in SIZES])

    assert found.candidate == pytest.approx(20000)


def test_nothing_fits_into_less_than_the_smallest_size_takes():
    assert capacity(SIZES, [1e-3] * 5, [1e-4] * 5, seconds=1e-5) is None


@given(times=st.lists(st.floats(1e-6, 1e-2), min_size=5, max_size=5), factor=st.floats(1, 5))
@settings(max_examples=20)
def test_a_quicker_candidate_never_manages_less(times, factor):
    slow, quick = capacity(SIZES, times, times, 2e-2), capacity(SIZES, times, [each / factor for each in times], 2e-2)

    assert quick.candidate >= slow.candidate * (1 - 1e-9)


def test_one_size_is_called_slower_just_where_its_interval_says_so():
    for mean in (-0.02, -0.004, -0.003, 0.0, 0.02):
        cell = log_interval([mean + each for each in NOISE])

        assert slower([cell]) == (cell.high < 0,)


def test_among_many_sizes_a_chance_loss_is_no_loss_and_a_clear_one_is():
    barely = log_interval([-0.0055 + each for each in NOISE])
    clear = log_interval([-0.2 + each for each in NOISE])
    fine = [log_interval([0.3 + each for each in NOISE])] * 20
    assert barely.high < 0 and barely.level == LEVEL

    assert slower([barely, *fine]) == (False,) * 21
    assert slower([*fine, clear])[-1]


def test_it_survives_being_stored():
    scaling = Scaling("rows", {"features": 4}, 10, 1000, Trend(0.1, 0.0, 0.2, 0.988), None, Capacity(1.0, 10, 20.5, True, False))

    assert Scaling.from_json(scaling.to_json()) == scaling
