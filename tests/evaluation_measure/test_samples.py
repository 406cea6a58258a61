"""What follows from one process's samples."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import calibration, clocks
from evaluation.samples import ARMS, CellRun, Sample, Session
from evaluation.schedule import CellPlan, timetable

MS = 1_000_000
FREE = {"cpu": 0.0, "wall": 0.0}


def sample(ms, *, around=0.1, busy=1.0, waited=0.0):
    return Sample(int(ms * MS), int((ms / busy + waited) * MS), int(waited * MS), int(around * MS), MS)


def run(ms, *, against=10.0, blocks=6, **extra):
    """A cell whose candidate takes `ms` and whose baseline takes `against`; extra words about single arms."""
    times = {"baseline": against, "control": against, "candidate": ms}
    block = {arm: (sample(times[arm], **extra.get(arm, {})),) * 2 for arm in ARMS}
    return CellRun(5, (block,) * blocks, FREE)


@given(times=st.lists(st.tuples(st.floats(1, 50), st.floats(1, 50)), min_size=1, max_size=9))
@settings(max_examples=20)
def test_swapping_the_arms_inverts_the_ratio(times):
    blocks = tuple({"baseline": (sample(a),) * 2, "control": (sample(b),) * 2, "candidate": (sample(b),) * 2} for a, b in times)
    cell = CellRun(1, blocks, FREE)

    assert cell.log_ratio("baseline", "control", "cpu") == pytest.approx(-cell.log_ratio("control", "baseline", "cpu"))


def test_a_candidate_that_takes_half_the_time_is_twice_as_fast():
    assert run(5.0).log_ratio("baseline", "candidate", "cpu") == pytest.approx(math.log(2))


def test_the_cost_of_an_empty_sample_is_taken_off_both_sides():
    cell = CellRun(5, run(6.0, against=11.0).blocks, {"cpu": 1.0 * MS, "wall": 0.0})

    assert cell.log_ratio("baseline", "candidate", "cpu") == pytest.approx(math.log(2))
    assert cell.seconds("baseline", "cpu") == pytest.approx(0.002)


def test_work_moved_around_the_timed_region_is_charged():
    honest, shifted = run(5.0), run(5.0, candidate={"around": 5.1})

    assert honest.charge("candidate") == 0
    assert shifted.charge("candidate") == pytest.approx(5 * MS)
    assert shifted.log_ratio("baseline", "candidate", "cpu") == pytest.approx(0, abs=1e-9)


def test_a_sample_shorter_than_its_own_overhead_is_no_measurement():
    cell = CellRun(1, run(0.5).blocks, {"cpu": 1.0 * MS, "wall": 0.0})

    assert math.isnan(cell.log_ratio("baseline", "candidate", "cpu"))


def session(**extra):
    return Session("joint", (run(5.0, **extra),), 0, 0, False, 0.0)


def test_code_that_computes_is_timed_by_its_own_clock_also_on_a_crowded_host():
    crowded = [session(baseline={"waited": 20.0}, candidate={"waited": 20.0})]

    assert clocks.choose(crowded, quiet=False) == "cpu"


@pytest.mark.parametrize(("quiet", "clock"), [(True, "wall"), (False, None)])
def test_code_that_sleeps_or_spreads_over_cores_needs_the_wall_clock_and_a_quiet_host(quiet, clock):
    sleepy = [Session("joint", (_with(0.5),), 0, 0, False, 0.0)]
    parallel = [Session("joint", (_with(2.0),), 0, 0, False, 0.0)]

    assert clocks.choose(sleepy, quiet) == clock
    assert clocks.choose(parallel, quiet) == clock


def _with(busy):
    block = {arm: (sample(5.0, busy=busy),) * 2 for arm in ARMS}
    return CellRun(5, (block,) * 6, FREE)


def test_a_host_that_says_nothing_about_its_pressure_is_not_quiet(tmp_path):
    assert not clocks.quiet(tmp_path / "missing")


@given(calls=st.integers(1, 9), blocks=st.integers(1, 6), warm=st.integers(3, 20), seed=st.integers())
@settings(max_examples=20)
def test_no_side_sees_an_input_twice_and_all_sides_see_the_same(calls, blocks, warm, seed):
    plan = CellPlan({}, calls, blocks, warm)

    table = timetable(plan, plan.inputs, Random(seed))

    for arm in ARMS:
        seen = [*table.warm, *(index for turn in table.turns for side, half in turn.halves() if side == arm for index in half)]
        assert sorted(seen) == list(range(plan.inputs))


@given(seed=st.integers())
@settings(max_examples=20)
def test_each_block_is_an_order_and_its_mirror_image(seed):
    table = timetable(CellPlan({}, 2, 4, 3), 100, Random(seed))

    assert all(turn.order == turn.order[::-1] and set(turn.order) == set(ARMS) for turn in table.turns)


@given(seconds=st.floats(1e-7, 20), size=st.integers(1, 10**7))
@settings(max_examples=25)
def test_a_plan_is_affordable(seconds, size):
    plan = calibration.plan({}, seconds, size)

    assert plan.calls >= 1 and plan.blocks >= 1
    assert plan.inputs <= calibration.MOST_INPUTS
    assert plan.calls == 1 or plan.calls * seconds <= 2 * max(calibration.SAMPLE_S, seconds)


def test_samples_of_a_millisecond_function_last_fifteen_milliseconds():
    assert calibration.plan({}, 0.001, 100).calls == 15


def test_many_sizes_share_one_process_by_giving_up_blocks():
    plans = [calibration.plan({"rows": n}, 0.02, 100) for n in range(10)]

    fitted = calibration.fit(plans, [0.02] * 10, budget=3.0)

    assert sum(plan.blocks for plan in fitted) < sum(plan.blocks for plan in plans)
    assert all(plan.blocks >= 1 for plan in fitted)
