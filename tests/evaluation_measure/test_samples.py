"""What follows from one process's samples."""

import itertools
import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.inputs import LIFETIME_S
from evaluation.policy import Policy
from evaluation.site import LIMITS
from evaluation.speed import affordable, calibration, clocks, preparation
from evaluation.speed.interval import FINE_LOOKS
from evaluation.speed.outcomes import Expected
from evaluation.speed.samples import ARMS, Block, CellRun, Left, Sample, Session
from evaluation.speed.schedule import CellPlan, timetable

MS = 1_000_000


def sample(ms, *, around=0.1, busy=1.0, waited=0.0):
    return Sample(int(ms * MS), int((ms / busy + waited) * MS), int(waited * MS), int(around * MS))


def run(ms, *, against=10.0, blocks=6, **extra):
    """A cell whose candidate takes `ms` and whose baseline takes `against`; extra words about single arms."""
    times = {"baseline": against, "control": against, "candidate": ms}
    return cell({arm: sample(time, **extra.get(arm, {})) for arm, time in times.items()}, blocks=blocks)


def cell(long, short=None, *, calls=5, fewer=0, blocks=6):
    """A cell whose blocks are all alike; `short` by arm, free where nothing else is said."""
    free = sample(0.0, around=0.0)
    block = Block({arm: [long[arm]] * 2 for arm in ARMS}, {arm: [(short or {}).get(arm, free)] * 2 for arm in ARMS})
    return CellRun(calls, fewer, (block,) * blocks)


def same(ms):
    """One sample for all arms."""
    return dict.fromkeys(ARMS, sample(ms))


@given(times=st.lists(st.tuples(st.floats(1, 50), st.floats(1, 50)), min_size=1, max_size=9))
@settings(max_examples=20)
def test_swapping_the_arms_inverts_the_ratio(times):
    blocks = [cell({**same(b), "baseline": sample(a)}, blocks=1).blocks[0] for a, b in times]
    run = CellRun(1, 0, tuple(blocks))

    assert run.log_ratio("baseline", "control", "cpu") == pytest.approx(-run.log_ratio("control", "baseline", "cpu"))


def test_a_candidate_that_takes_half_the_time_is_twice_as_fast():
    assert run(5.0).log_ratio("baseline", "candidate", "cpu") == pytest.approx(math.log(2))


def test_a_gain_is_over_both_copies_of_the_baseline():
    found = cell({"baseline": sample(12.0), "control": sample(10.0), "candidate": sample(5.0)})

    assert found.gain("cpu") == pytest.approx(math.log(math.sqrt(12 * 10) / 5))


@given(calls=st.integers(2, 50), share=st.floats(0, 0.5), ms=st.floats(0.1, 10), cost=st.floats(0, 3), factor=st.floats(0.2, 5))
@settings(max_examples=25)
def test_what_a_sample_costs_beyond_its_calls_is_taken_off_whatever_it_is(calls, share, ms, cost, factor):
    fewer = int(calls * share)
    times = {**dict.fromkeys(ARMS, ms), "candidate": ms / factor}
    long, short = ({arm: sample(number * time + cost) for arm, time in times.items()} for number in (calls, fewer))

    found = cell(long, short, calls=calls, fewer=fewer)

    assert found.log_ratio("baseline", "candidate", "cpu") == pytest.approx(math.log(factor), abs=1e-3)
    assert found.seconds("baseline", "cpu") == pytest.approx(ms / 1000, rel=1e-3)


def test_a_gain_too_large_for_the_clock_is_understated_rather_than_lost():
    noisy = [0.10, 0.13, 0.11, 0.14, 0.09, 0.12]
    long = {arm: [each] * 2 for arm, each in {**same(6.1), "candidate": sample(0.1)}.items()}
    short = [{**dict.fromkeys(ARMS, [sample(1.2 + ms)] * 2), "candidate": [sample(ms)] * 2} for ms in noisy]
    blocks = tuple(Block(long, each) for each in short)

    found = CellRun(5, 1, blocks).log_ratio("baseline", "candidate", "cpu")

    assert math.log(50) < found < math.log(1000)


def test_nobody_looks_faster_by_idling_in_short_samples():
    short = {"baseline": sample(1.1), "control": sample(1.1), "candidate": sample(4.1)}

    found = cell(same(5.1), short, calls=5, fewer=1)

    assert found.log_ratio("baseline", "candidate", "cpu") == pytest.approx(0, abs=1e-3)


def test_who_needs_less_for_a_switch_than_the_others_is_not_credited_with_what_they_need():
    long = {**same(5.5), "candidate": sample(1.0)}
    short = {**dict.fromkeys(ARMS, sample(1.5)), "candidate": sample(0.2)}

    found = cell(long, short, calls=5, fewer=1)

    assert found.log_ratio("baseline", "candidate", "cpu") == pytest.approx(math.log(5), abs=1e-3)


def test_what_other_processes_did_is_told_as_a_share_of_all_that_was_done():
    alone, helped = sample(5.0, around=0.0), replace(sample(5.0, around=5.0), beside=4 * MS)

    session = Session("joint", (cell({**same(5.0), "baseline": alone, "candidate": helped}),), {})

    assert session.beside("baseline") == 0
    assert session.beside("candidate") == pytest.approx(0.4, rel=0.01)


def test_what_a_sample_costs_anyway_blurs_only_who_is_very_fast():
    def alone(candidate):
        long = {"baseline": sample(10.1), "candidate": sample(candidate + 0.1)}
        short = {"baseline": sample(1.1), "candidate": sample(candidate / 10 + 0.1)}
        block = Block({arm: [long[arm]] * 2 for arm in long}, {arm: [short[arm]] * 2 for arm in long})
        return CellRun(10, 1, (block,) * 4)

    assert alone(9.0).blur("cpu") == pytest.approx(math.log(1 + 2 * 0.1 / 9), rel=0.01)
    assert alone(0.2).blur("cpu") == pytest.approx(math.log(2), rel=0.01)


def test_work_moved_around_the_timed_region_is_charged():
    honest, shifted = run(5.0), run(5.0, candidate={"around": 5.1})

    assert honest.charge("candidate", "cpu") == 0
    assert shifted.charge("candidate", "cpu") == pytest.approx(2 * 5 * MS)
    assert shifted.log_ratio("baseline", "candidate", "cpu") == pytest.approx(0, abs=1e-9)


def test_work_hidden_now_and_then_is_charged_by_its_mean():
    shares = (0.0, 0.5, 1.0) * 4  # of the work, by block: their median and their spread are the candidate's to choose
    blocks = [run(10.0 * (1 - share), blocks=1, candidate={"around": 0.1 + 10 * share}).blocks[0] for share in shares]

    found = CellRun(5, 0, tuple(blocks))

    assert found.charge("candidate", "cpu") == pytest.approx(2 * 5 * MS)
    assert math.exp(found.log_ratio("baseline", "candidate", "cpu")) < 1.02


def test_work_hidden_beside_short_samples_is_charged():
    times = {**same(10.0), "candidate": sample(5.0)}
    shorts = {**same(1.0), "candidate": sample(1.0, around=10.1)}

    assert cell(times, shorts, calls=10, fewer=1).charge("candidate", "cpu") == pytest.approx(2 * 10 * MS * 10 / 11, rel=0.01)


def test_work_hidden_between_blocks_is_charged_to_who_sits_alone():
    alone = {"baseline": sample(10.0), "candidate": sample(5.0)}
    long = {arm: [each] * 2 for arm, each in alone.items()}
    short = {arm: [sample(0.0, around=0.0)] * 2 for arm in alone}
    blocks = [Block(long, short, {"baseline": MS + noise, "candidate": 11 * MS}) for noise in (0, 9, 4)]

    found = CellRun(5, 0, tuple(blocks))

    assert found.charge("candidate", "cpu") == pytest.approx(10 * MS, rel=0.01)
    assert found.log_ratio("baseline", "candidate", "cpu") == pytest.approx(0, abs=0.01)


def test_waiting_outside_the_timed_region_is_charged_by_the_clocks_that_know_waiting():
    waiting = replace(sample(5.0), wall=9 * MS, away=1 * MS)
    early = replace(sample(5.0), away=5 * MS)

    found = cell({**dict.fromkeys(ARMS, waiting), "candidate": early})

    assert found.log_ratio("baseline", "candidate", "wall") == pytest.approx(0, abs=1e-9)
    assert found.log_ratio("baseline", "candidate", "unqueued") == pytest.approx(0, abs=1e-9)
    assert found.charge("candidate", "cpu") == 0


@given(noise=st.lists(st.integers(-90_000, 90_000), min_size=6, max_size=12))
@settings(max_examples=30)
def test_what_the_pristine_code_itself_does_now_and_then_is_no_hidden_work(noise):
    def around(block, shift):
        return {"around": 0.2 + noise[(block + shift) % len(noise)] / MS}

    blocks = [
        run(10.0, blocks=1, baseline=around(at, 0), control=around(at, 1), candidate=around(at, 2)).blocks[0]
        for at in range(len(noise))
    ]

    assert CellRun(5, 0, tuple(blocks)).charge("candidate", "cpu") == 0  # a rotation: all arms use the same in the end


def test_a_sample_shorter_than_its_own_overhead_is_no_measurement():
    found = cell(same(0.5), same(1.0), calls=1)

    assert math.isnan(found.log_ratio("baseline", "candidate", "cpu"))


def test_a_cell_without_blocks_is_no_measurement():
    assert math.isnan(CellRun(5, 1, ()).log_ratio("baseline", "candidate", "cpu"))


def session(**extra):
    return Session("joint", (run(5.0, **extra),), {})


def test_code_that_computes_is_timed_by_its_own_clock_also_on_a_crowded_host():
    crowded = [session(baseline={"waited": 20.0}, candidate={"waited": 20.0})]

    assert clocks.choose(crowded, lambda: False, one_core=True) == "cpu"


def _with(busy, *, waited=0.0, apart=0.0):
    samples = [replace(sample(ms, busy=busy, waited=waited), apart=int(apart * ms * MS)) for ms in (5.0, 1.0)]
    return Session("joint", (cell(*(dict.fromkeys(ARMS, one) for one in samples), calls=5, fewer=1),), {})


@pytest.mark.parametrize(("quiet", "clock"), [(True, "wall"), (False, None)])
@pytest.mark.parametrize("busy", [0.5, 2.0])
def test_threads_that_wait_or_spread_over_cores_need_the_wall_clock_and_a_quiet_host(busy, quiet, clock):
    assert clocks.choose([_with(busy, apart=0.5)], lambda: quiet, one_core=False) == clock


def test_a_crowded_host_does_not_make_parallel_code_look_like_code_of_one_core():
    squeezed = [_with(1.0, apart=0.5)]

    assert clocks.choose(squeezed, lambda: False, one_core=False) is None
    assert clocks.choose(squeezed, lambda: False, one_core=True) == "cpu"
    assert "leaves 50% of its computing to other threads" in clocks.without(squeezed)


def test_what_the_only_thread_of_a_target_queued_for_a_core_is_known_and_taken_off_on_a_busy_host_too():
    assert clocks.choose([_with(0.2, waited=2.0)], lambda: False, one_core=True) == "unqueued"
    assert clocks.choose([_with(0.2, waited=20.0)], lambda: True, one_core=True) is None
    assert sample(5.0, busy=0.2, waited=2.0).ns("unqueued") == sample(5.0, busy=0.2).ns("wall")


def test_queueing_behind_its_own_helpers_is_not_given_back_and_without_accounts_nothing_is():
    helped = replace(sample(5.0, busy=0.2, waited=2.0), apart=2 * MS)
    unaccounted = replace(_with(0.2, waited=2.0), left={"candidate": Left(elsewhere_s=None)})

    assert helped.ns("unqueued") == helped.ns("wall")
    assert clocks.choose([unaccounted], lambda: False, one_core=True) is None


def test_threads_that_queued_for_a_core_say_nothing_by_the_wall_however_quiet_it_is_by_now():
    assert clocks.choose([_with(0.5, waited=0.1, apart=0.5)], lambda: True, one_core=True) == "wall"
    assert clocks.choose([_with(0.5, waited=2.0, apart=0.5)], lambda: True, one_core=True) is None


def pressure(path, percent):
    path.write_text(f"some avg10={percent} avg60=50.00 avg300=50.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")
    return path


def test_a_busy_host_is_asked_again_a_few_times(tmp_path):
    pauses = []

    assert not clocks.quiet(pauses.append, pressure(tmp_path / "cpu", 55.5))
    assert pauses == list(clocks.PAUSES_S)
    assert clocks.quiet(lambda _: pressure(tmp_path / "cpu", 3.0), tmp_path / "cpu", tmp_path / "missing")


@pytest.mark.parametrize(("stolen", "quiet"), [(0, True), (2, True), (30, False)])
def test_a_guest_whose_host_gives_its_cores_to_others_is_not_quiet(tmp_path, stolen, quiet):
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 50 1000 0 0 0 7 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n")

    def meanwhile(_):
        stat.write_text(f"cpu  200 0 50 {1100 - stolen} 0 0 0 {7 + stolen} 0 0\n")

    assert clocks.quiet(meanwhile, pressure(tmp_path / "cpu", 3.0), stat) is quiet


def test_a_kernel_that_keeps_no_record_of_pressure_says_so(tmp_path):
    assert math.isnan(clocks.waited(tmp_path / "missing"))
    assert clocks.waited(pressure(tmp_path / "cpu", 55.5)) == 55.5


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "the baseline waits: it computes for 50% of its time"), (2.0, "uses 2.0 cores")]
)
def test_a_target_without_a_clock_is_told_why(share, said):
    assert said in clocks.without([_with(share)])


@given(calls=st.integers(1, 9), short=st.integers(0, 3), blocks=st.integers(1, 6), warm=st.integers(3, 20), seed=st.integers())
@settings(max_examples=20)
def test_no_side_sees_an_input_twice_and_all_sides_see_the_same(calls, short, blocks, warm, seed):
    plan = CellPlan({}, calls, short, blocks, warm)

    table = timetable(plan, plan.inputs, Random(seed))

    for arm in ARMS:
        seen = [*table.warm, *(index for turn in table.turns for side, _, half in turn.visits() if side == arm for index in half)]
        assert sorted(seen) == list(range(plan.inputs))


@given(seed=st.integers())
@settings(max_examples=20)
def test_where_only_two_take_turns_both_have_long_and_short_samples_mirrored(seed):
    table = timetable(CellPlan({}, 2, 1, 4, 3), 100, Random(seed), ("baseline", "candidate"))

    for turn in table.turns:
        visits = [(arm, short) for arm, short, _ in turn.visits()]
        assert visits == visits[::-1]
        assert sorted(visits[:4]) == sorted((arm, short) for arm in ("baseline", "candidate") for short in (False, True))


def test_of_two_sides_the_candidate_has_no_say_in_what_a_switch_costs():
    pair = {"baseline": sample(5.1), "candidate": sample(5.1)}
    short = {"baseline": sample(1.1), "candidate": sample(4.1)}
    block = Block({arm: [pair[arm]] * 2 for arm in pair}, {arm: [short[arm]] * 2 for arm in pair})

    assert CellRun(5, 1, (block,) * 4).log_ratio("baseline", "candidate", "cpu") == pytest.approx(0, abs=1e-3)


@given(seed=st.integers())
@settings(max_examples=20)
def test_each_block_is_an_order_and_its_mirror_image_of_long_and_short_in_turn(seed):
    table = timetable(CellPlan({}, 2, 1, 4, 3), 100, Random(seed))

    for turn in table.turns:
        visits = [(arm, short) for arm, short, _ in turn.visits()]
        assert visits == visits[::-1]
        assert sorted(visits[:6]) == sorted((arm, short) for arm in ARMS for short in (False, True))
        assert all(one[0] != other[0] and one[1] != other[1] for one, other in itertools.pairwise(visits[:6]))


@given(seconds=st.floats(1e-7, 20), size=st.integers(1, 10**7))
@settings(max_examples=25)
def test_a_plan_is_affordable(seconds, size):
    plan = calibration.plan({}, seconds, size)

    assert plan.calls >= 1 and plan.blocks >= 1
    assert plan.inputs <= calibration.MOST_INPUTS
    assert plan.short < plan.calls
    assert plan.calls == 1 or plan.calls * seconds <= 2 * max(calibration.SAMPLE_S, calibration.LEAST_CALLS * seconds)


@pytest.mark.parametrize(
    ("ms", "calls", "short"), [(0.05, 120, 10), (1.0, 6, 1), (3.0, 3, 1), (20.0, 1, 0)], ids=["tiny", "fast", "middling", "slow"]
)
def test_samples_are_long_enough_and_the_short_ones_beside_them_as_short_as_says_something(ms, calls, short):
    plan = calibration.plan({}, ms / 1000, 100)

    assert (plan.calls, plan.short) == (calls, short)


def test_many_sizes_share_one_process_by_giving_up_blocks():
    plans = [calibration.plan({"rows": n}, 0.02, 100) for n in range(10)]

    fitted = calibration.fit(plans, [0.02] * 10, budget=3.0)

    assert sum(plan.blocks for plan in fitted) < sum(plan.blocks for plan in plans)
    assert all(plan.blocks >= 1 for plan in fitted)


def staged(seconds, calls):
    return preparation.Prepared((CellPlan({}, calls, 1, 5, 3),), (), (seconds,), Expected((), (), Policy()))


def test_calls_that_are_over_in_no_time_are_named_as_the_reason():
    assert staged(1e-3, 6).fleeting is None
    assert staged(0.9e-6, 200).fleeting.startswith("a call takes 0.9 µs, a sample of distinct inputs 0.18 ms")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2e-6, "a call takes 0.2 µs: too short"), (90.0, "a call takes up to 90 s, so the first answer would take 90 minutes")],
)
def test_what_is_over_too_soon_or_never_is_refused_with_what_it_would_take(seconds, said):
    plan = calibration.plan({}, seconds, 100)

    with pytest.raises(affordable.Unfit, match=said):
        affordable.check_worthwhile((plan,), (seconds,))


def test_a_function_of_twelve_seconds_is_measured_within_a_quarter_of_an_hour_until_the_first_answer():
    plan = calibration.plan({}, 12.0, 100)

    affordable.check_worthwhile((plan,), (12.0,))
    assert 4 * sum(calibration.seconds_each((plan,), (12.0,), arms) for arms in (3, 2)) <= 15 * 60


def test_calls_of_a_second_bring_a_first_answer_after_sixty_of_them():
    plan = calibration.plan({}, 1.1, 100)

    assert 4 * plan.inputs * (3 + 2) == 60  # four processes of three sides, and four pairs


@pytest.mark.parametrize(
    ("seconds", "last", "said"),
    [
        (1e-3, 20, None),
        (1.2, 20, None),
        (5.0, 12, "after 12 processes, since 75 s of calls in each leave no time for more in 15 minutes"),
        (15.0, 4, "after 4 processes, since 225 s of calls in each leave no time for more in 15 minutes"),
    ],
)
def test_slow_calls_are_looked_at_less_often_and_that_is_said(seconds, last, said):
    slow = preparation.Prepared((calibration.plan({}, seconds, 100),), (), (seconds,), Expected((), (), Policy()))

    assert (slow.looks[0], slow.looks[-1]) == (4, last)
    assert slow.curtailed == said


def test_a_stage_looks_where_it_was_planned_to():
    fine = replace(staged(1e-3, 6), planned=FINE_LOOKS)

    assert (list(fine.looks), fine.curtailed) == (list(FINE_LOOKS), None)


def test_only_what_waits_in_every_call_is_planned_by_the_wall():
    empty, quick, held_up = sample(0.0), sample(1.0), sample(1.0, busy=0.05)

    assert preparation.spent([held_up, quick, held_up], [empty]) == pytest.approx(1e-3)
    assert preparation.spent([held_up, held_up], [empty]) == pytest.approx(20e-3)


def test_a_cold_empty_sample_makes_no_call_look_short():
    cold, warm, call = sample(2.0), sample(0.1), sample(1.1)

    assert preparation.spent([call, call], [cold, warm, cold]) == pytest.approx(1e-3)


def test_who_makes_inputs_outlives_the_longest_evaluation_and_a_worker_its_longest_process():
    assert 2 * (affordable.LONGEST_LOOK_S + preparation.LONGEST_DECISION_S) < LIFETIME_S
    assert LIMITS.seconds > 2 * affordable.LONGEST_PROCESS_S
