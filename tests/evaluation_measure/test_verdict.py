"""From evidence to an answer."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.scorecard import Outcome
from evaluation.speed.interval import FINE_LOOKS, LOOKS
from evaluation.speed.verdict import Evidence, Terms, decide, estimate, promising

TERMS = Terms(claim=0.03, worth=0.05)
QUIET = (0.001, -0.001, 0.002, -0.002)
EIGHT = (0.001, -0.001, 0.002, -0.002, 0.0, 0.001, -0.001, 0.0)
noise = st.lists(st.floats(-0.004, 0.004), min_size=4, max_size=8)


def evidence(gain, spread=QUIET, control=QUIET, solo="agrees"):
    """Processes around a gain; `solo` is what separate processes say: the same, nothing (None), or their own values."""
    count = min(len(spread), len(control))
    apart = [gain + value for value in spread[:count]] if solo == "agrees" else solo or ()
    return Evidence(
        tuple((gain + value,) for value in spread[:count]),
        tuple((value,) for value in control[:count]),
        (1.0,),
        tuple((value,) for value in apart),
    )


def codes(decision):
    return {reason.code for reason in decision.reasons}


def test_a_clear_gain_is_accepted():
    decision = decide(evidence(math.log(1.3)), TERMS, last=False)

    assert decision.outcome is Outcome.ACCEPTED
    assert decision.score.low > math.log(1.03)


def test_who_looks_for_a_small_effect_gets_longer_processes_and_more_of_them():
    small, usual = Terms(claim=0.01, worth=0.02), Terms()

    assert (small.looks, usual.looks) == (FINE_LOOKS, LOOKS)
    assert small.effort > usual.effort
    assert small.pairs > usual.pairs


def test_identical_code_is_rejected_at_the_first_look():
    decision = decide(evidence(0.0), TERMS, last=False)

    assert decision.outcome is Outcome.REJECTED
    assert codes(decision) == {"speed.not-worth"}


def test_a_slower_candidate_is_rejected():
    assert decide(evidence(-0.2), TERMS, last=False).outcome is Outcome.REJECTED


@given(gain=st.floats(-0.5, 0.5), values=noise)
@settings(max_examples=25)
def test_only_an_interval_wholly_above_the_claim_is_accepted(gain, values):
    decision = decide(evidence(gain, values, [0.0] * len(values)), TERMS, last=True)

    assert (decision.outcome is Outcome.ACCEPTED) <= (decision.score.low > math.log1p(TERMS.claim))


@given(gain=st.floats(-0.1, 0.5), values=noise, factor=st.floats(1, 50))
@settings(max_examples=25)
def test_a_noisier_measurement_of_the_same_gain_is_never_accepted_where_the_quiet_one_is_not(gain, values, factor):
    centred = [value - sum(values) / len(values) for value in values]
    quiet = decide(evidence(gain, centred, [0.0] * len(values)), TERMS, last=True)
    noisy = decide(evidence(gain, [value * factor for value in centred], [0.0] * len(values)), TERMS, last=True)

    assert not (noisy.outcome is Outcome.ACCEPTED and quiet.outcome is not Outcome.ACCEPTED)


@given(gain=st.floats(-0.1, 0.5), less=st.floats(0, 0.5), values=noise)
@settings(max_examples=25)
def test_a_smaller_gain_is_never_accepted_where_the_larger_one_is_not(gain, less, values):
    larger = decide(evidence(gain, values, [0.0] * len(values)), TERMS, last=True)
    smaller = decide(evidence(gain - less, values, [0.0] * len(values)), TERMS, last=True)

    assert not (smaller.outcome is Outcome.ACCEPTED and larger.outcome is not Outcome.ACCEPTED)


@pytest.mark.parametrize(
    "broken",
    [
        Evidence((), (), (1.0,)),
        Evidence(((0.3,),), ((0.0,),), (1.0,)),
        Evidence(((0.3,), (math.nan,)), ((0.0,), (0.0,)), (1.0,)),
        Evidence(((0.3,), (0.3,), (0.3,)), ((0.0,), (0.0,)), (1.0,)),
        Evidence(((0.3, 0.3), (0.3, 0.3)), ((0.0,), (0.0,)), (1.0, 1.0)),
        Evidence(((), ()), ((), ()), ()),
    ],
)
def test_missing_broken_and_unequal_samples_are_inconclusive(broken):
    decision = decide(broken, TERMS, last=True)

    assert decision.outcome is Outcome.INCONCLUSIVE
    assert codes(decision) == {"speed.samples"}


def test_five_samples_against_four_are_no_evidence():
    uneven = Evidence(tuple((0.3,) for _ in range(5)), tuple((0.0,) for _ in range(4)), (1.0,))

    assert decide(uneven, TERMS, last=True).outcome is Outcome.INCONCLUSIVE


def test_a_control_that_tells_identical_code_apart_forbids_every_claim():
    decision = decide(evidence(0.3, control=(0.02, 0.021, 0.019, 0.02)), TERMS, last=False)

    assert decision.outcome is Outcome.INCONCLUSIVE
    assert codes(decision) == {"speed.control"}


def test_a_control_too_wide_to_control_anything_asks_for_more_processes_and_at_last_gives_up():
    wide = evidence(0.3, control=(0.05, -0.05, 0.04, -0.04))

    assert decide(wide, TERMS, last=False) is None
    assert codes(decide(wide, TERMS, last=True)) == {"speed.control"}


def test_what_neither_exceeds_the_claim_nor_falls_below_the_worth_asks_for_more_and_ends_inconclusive():
    torn = evidence(0.05, spread=(0.02, -0.02, 0.01, -0.01))

    assert decide(torn, TERMS, last=False) is None
    assert codes(decide(torn, TERMS, last=True)) == {"speed.undecided"}


def test_a_gain_that_is_gone_in_separate_processes_is_found_at_the_third_look():
    early = evidence(0.2, EIGHT[:6], EIGHT[:6], solo=EIGHT[:6])

    assert decide(early, TERMS, last=False) is None
    decision = decide(evidence(0.2, EIGHT, EIGHT, solo=EIGHT), TERMS, last=False)
    assert decision.outcome is Outcome.REJECTED
    assert codes(decision) == {"guard.baseline"}


def test_a_gain_that_is_larger_in_separate_processes_is_nobodys_fault():
    assert (
        decide(evidence(0.2, EIGHT, EIGHT, solo=[0.3 + value for value in EIGHT]), TERMS, last=False).outcome is Outcome.ACCEPTED
    )


def test_a_large_gain_may_be_a_little_smaller_where_the_sides_share_no_caches():
    decision = decide(evidence(2.1, EIGHT, EIGHT, solo=[1.9 + value for value in EIGHT]), TERMS, last=False)

    assert decision.outcome is Outcome.ACCEPTED
    assert decision.score.mean < 2.0  # and is stated without what they shared


def test_nobody_is_accused_where_separate_processes_disagree_among_themselves():
    moody = (-0.1, 0.08, -0.2, 0.06, 0.02, -0.05, 0.1, -0.3)

    assert codes(decide(evidence(0.06, EIGHT, EIGHT, solo=moody), TERMS, last=True)) == {"speed.solo"}


def test_processes_that_are_slow_on_purpose_do_not_pass_for_noise():
    seldom = tuple(
        0.04 - (5.0 if at in (1, 4) else 0.0) + value for at, value in enumerate(EIGHT)
    )  # truly 4 % faster, or 150x slower

    assert codes(decide(evidence(math.log(10), EIGHT, EIGHT, solo=seldom), TERMS, last=True)) == {"guard.baseline"}


def test_a_very_fast_candidate_is_not_accused_of_what_a_sample_costs_anyway():
    gains, alone = evidence(3.2, EIGHT, EIGHT, solo=[2.5 + value for value in EIGHT]), (math.log1p(2 * 0.1 / 0.18),)

    assert codes(decide(gains, TERMS, last=True)) == {"guard.baseline"}
    assert codes(decide(replace(gains, blurs=(alone,) * 8), TERMS, last=True)) == {"speed.faster"}


def test_what_is_stated_exceeds_separate_processes_by_no_more_than_noise():
    slow = tuple(0.1 - (2.0 if at in (1, 4) else 0.0) + value for at, value in enumerate(EIGHT))

    decision = decide(evidence(0.149, EIGHT, EIGHT, solo=slow), TERMS, last=True)

    assert decision.score is None or decision.score.mean <= 0.1 + 4 * 0.01 + 1e-9


def test_without_separate_processes_nothing_is_accepted():
    assert decide(evidence(0.3, solo=None), TERMS, last=False) is None
    assert codes(decide(evidence(0.3, solo=None), TERMS, last=True)) == {"speed.solo"}


def test_only_what_would_win_is_worth_separate_processes():
    assert promising(evidence(math.log(1.3), solo=None), TERMS)
    assert promising(evidence(math.log(1.3)), TERMS)
    assert not promising(evidence(0.0, solo=None), TERMS)
    assert not promising(evidence(0.05, spread=(0.02, -0.02, 0.01, -0.01), solo=None), TERMS)


def test_separate_processes_that_accuse_are_worth_more_of_them():
    assert promising(evidence(0.3, solo=QUIET), TERMS)


@given(gain=st.floats(-0.2, 0.5), solo=st.floats(-0.2, 0.5))
@settings(max_examples=25)
def test_what_separate_processes_do_not_show_is_never_claimed(gain, solo):
    decision = decide(evidence(gain, solo=[solo + value for value in QUIET]), TERMS, last=True)

    assert (decision.outcome is Outcome.ACCEPTED) <= (solo > math.log1p(TERMS.claim) - 0.01)


def test_one_size_that_loses_forbids_the_claim():
    rows = tuple((0.8 + value, -0.1 + value) for value in QUIET)
    uneven = Evidence(rows, tuple((value, value) for value in QUIET), (1.0, 1.0), rows)

    decision = decide(uneven, TERMS, last=False)

    assert decision.outcome is Outcome.REJECTED
    assert codes(decision) == {"speed.worst-cell"}


def test_the_size_that_loses_is_named():
    rows = tuple((0.8 + value, -0.1 + value) for value in QUIET)
    uneven = Evidence(rows, tuple((value, value) for value in QUIET), (1.0, 1.0), rows)
    terms = Terms(sizes=("rows=10", "rows=1000"))

    (reason,) = decide(uneven, terms, last=False).reasons

    assert reason.text == "9.5% slower at rows=1000"


def test_a_size_that_loses_by_chance_among_many_rejects_nothing_yet():
    chance = (-0.028, -0.052, -0.035, -0.045)  # wholly below zero by an interval of its own

    def decided(sizes):
        rows = tuple((*[0.8 + value] * (sizes - 1), loss) for value, loss in zip(QUIET, chance, strict=True))
        return decide(Evidence(rows, ((0.0,) * sizes,) * 4, (1.0,) * sizes, rows), TERMS, last=True)

    assert decided(2).outcome is Outcome.REJECTED
    assert decided(24).outcome is Outcome.INCONCLUSIVE
    assert codes(decided(24)) == {"speed.worst-cell"}


def test_a_first_look_never_accepts():
    decision = estimate(evidence(0.7), TERMS)

    assert decision.outcome is Outcome.INCONCLUSIVE
    assert codes(decision) == {"speed.unconfirmed"}


def test_a_first_look_rejects_what_is_clearly_not_worth_it():
    assert estimate(evidence(-0.3), TERMS).outcome is Outcome.REJECTED
