"""Whether a measured gain is there in a last look: what speaks against it, what is noise, and how many sittings tell."""

import math
from dataclasses import replace
from random import Random

import pytest

from evaluation.guard.last_look import gains
from evaluation.guard.last_look.gains import MOST, Pairing, Shown, Turn

TURN = Turn((1000.0,), (1000.0,), (1000.0,) * 3, (1000.0,) * 3, 400.0)
QUICK = Turn((500.0,), (510.0,), (500.0,) * 3, (510.0,) * 3, 400.0)
MOODS = (1.0, 1.8, 0.7, 1.3, 0.9, 1.1)


def told(turns, gain, beside=(TURN,) * 6, sittings=2):
    """The codes of what speaks against these turns, seen alike in several sittings."""
    found, unsure = gains.reasons([Pairing(beside, turns)] * sittings, math.log(gain))
    return [*(reason.code for reason in found), *["unsure"] * unsure]


def slowed(turn, by):
    parts = (turn.here, turn.elsewhere, turn.timed, turn.collected)
    return Turn(*(tuple(time * by for time in some) for some in parts), turn.around, turn.empty)


def test_a_gain_that_is_there_needs_one_sitting():
    assert told([QUICK] * 6, 2.0, sittings=1) == []
    assert list(gains.notes([Pairing([TURN] * 6, [QUICK] * 6)], math.log(2.0))) == []


def test_an_accusation_needs_two():
    assert told([TURN] * 6, 2.0, sittings=1) == ["unsure"]
    assert told([TURN] * 6, 2.0) == ["guard.drift"]


@pytest.mark.parametrize(
    ("gain", "odd", "close"),
    [
        (2.0, {"timed": (970.0, 1000.0, 960.0)}, {"timed": (640.0, 645.0, 635.0)}),
        (2.0, {"around": 900.0}, {"around": 400.0}),
        (300.0, {"timed": (500.0,) * 3}, {"timed": (240.0,) * 3}),
        (1.3, {"timed": (970.0,) * 3}, {"timed": (830.0,) * 3}),
    ],
)
def test_a_gain_must_be_there_by_half_in_a_process_that_only_makes_calls(gain, odd, close):
    assert "guard.drift" in told([replace(QUICK, **odd)] * 6, gain)
    assert told([replace(QUICK, collected=close.get("timed", QUICK.timed), **close)] * 6, gain) == []


def test_a_mood_of_the_host_is_in_both_sides_turns():
    ours = [slowed(TURN, by) for by in MOODS]

    assert told([slowed(QUICK, by) for by in MOODS], 2.0, ours) == []
    assert told([slowed(TURN, by) for by in MOODS], 2.0, ours) == ["guard.drift"]


@pytest.mark.parametrize("disturbed", range(6))
def test_one_turn_that_a_neighbour_disturbed_does_not_count(disturbed):
    turns = [slowed(QUICK, 2.0 if at == disturbed else 1.0) for at in range(6)]

    assert told(turns, 2.0, sittings=1) == []


def test_a_gain_that_needs_a_rest_before_is_none():
    assert told([TURN, *[QUICK] * 4, TURN], 2.0) == ["guard.drift"]


def test_slow_calls_have_one_turn_that_counts():
    assert told([QUICK], 2.0, [TURN]) == []
    assert told([TURN], 2.0, [TURN]) == ["guard.drift"]


def test_without_a_measured_gain_none_is_missed():
    assert told([TURN] * 6, math.nan) == []


def test_a_baseline_that_takes_no_time_at_all_accuses_nobody():
    nothing = replace(TURN, timed=(0.0,) * 3)

    assert told([QUICK] * 6, 2.0, [nothing] * 6) == []


def test_what_a_sample_takes_anyway_is_no_part_of_the_gain_and_nobody_gains_by_making_it_larger():
    before, after = (replace(TURN, timed=(time,) * 3, empty=900.0) for time in (2000.0, 1010.0))

    assert Pairing([before], [after]).shown().value == pytest.approx(math.log(10))
    assert Pairing([replace(before, empty=0.0)], [after]).shown().value == pytest.approx(math.log(2000 / 1010))


def test_what_is_used_around_the_calls_is_charged_beyond_what_processes_and_turns_differ_by():
    ours = [replace(TURN, around=around) for around in (4000.0, 4400.0, 4200.0, 4100.0, 4300.0, 4200.0)]
    theirs = [replace(QUICK, around=around) for around in (4500.0,) * 6]
    hiding = [replace(QUICK, around=around) for around in (4200.0, 5800.0) * 3]

    assert told(theirs, 2.0, ours) == []
    assert told(hiding, 2.0, ours) == ["guard.drift"]


@pytest.mark.parametrize("gain", [1.14, 2.0, 300.0])
def test_a_gain_that_is_there_only_while_no_garbage_is_collected_is_none(gain):
    fast = tuple(1000.0 / gain for _ in range(3))
    turn = replace(QUICK, here=(), elsewhere=(), timed=fast)

    assert told([replace(turn, collected=(1000.0,) * 3)] * 6, gain) == ["guard.gc"]
    assert told([replace(turn, collected=(1100.0,) * 3)] * 6, gain) == ["guard.gc"]
    assert told([replace(turn, collected=fast)] * 6, gain) == []


def test_where_more_shows_than_was_measured_it_is_that_which_collecting_changes():
    turn = replace(QUICK, here=(), elsewhere=(), timed=(80.0,) * 3, collected=(120.0,) * 3)

    assert told([turn] * 6, 1.5) == []


def test_a_gain_that_is_clearly_smaller_while_garbage_is_collected_is_a_note():
    smaller = [replace(QUICK, collected=(760.0,) * 3)] * 6

    (note,) = gains.notes([Pairing([TURN] * 6, smaller)], math.log(2.0))

    assert told(smaller, 2.0) == []
    assert (note.code, note.text) == (
        "guard.gc", "while garbage is collected it is 1.32x as fast, where it was measured 2.00x with the collector held back"
    )  # fmt: skip


def test_a_gain_that_is_gone_at_a_size_a_little_off_is_fitted_and_one_that_grows_with_the_size_is_not():
    grows = [replace(QUICK, here=(800.0,), elsewhere=(1000.0 if at % 2 else 640.0,)) for at in range(6)]

    assert told([replace(QUICK, elsewhere=(950.0,))] * 6, 2.0) == ["guard.fitted"]
    assert told([replace(QUICK, elsewhere=(800.0,))] * 6, 2.0) == ["guard.fitted"]
    assert told([replace(QUICK, elsewhere=(690.0,))] * 6, 2.0) == []
    assert told(grows, 2.0) == []


def test_a_size_that_cannot_be_changed_accuses_nobody():
    assert told([replace(QUICK, elsewhere=())] * 6, 2.0) == []


def test_where_samples_are_no_larger_those_on_measured_inputs_are_held_against_sizes_a_little_off():
    turns = [[replace(turn, here=(), elsewhere=(950.0,))] * 6 for turn in (TURN, QUICK)]

    assert told(turns[1], 2.0, turns[0]) == ["guard.fitted"]


def looked(gain, really, random, *, mood=0.05, noise=0.03):
    """Whether a last look accuses, and after how many sittings, where processes have moods and turns are noisy."""
    found = []
    while True:
        level = really + random.gauss(0, mood) - random.gauss(0, mood)
        turns = sorted(level + random.gauss(0, noise) for _ in range(4))
        found.append(Shown((turns[1] + turns[2]) / 2, 1.25 * noise / 2))
        told = gains.missing(found, gain)
        if told is not None and (not told or len(found) > 1):
            return told, len(found)


@pytest.mark.parametrize("gain", [1.05, 1.1, 1.14, 1.3, 2.0])
def test_moods_of_a_host_accuse_nobody(gain):
    random = Random(7)

    assert sum(looked(math.log(gain), math.log(gain), random)[0] for _ in range(1000)) <= 2


@pytest.mark.parametrize("gain", [1.14, 1.3, 2.0])
def test_a_small_gain_that_is_not_there_is_missed_after_more_sittings(gain):
    random = Random(7)
    some = [looked(math.log(gain), 0.0, random) for _ in range(500)]

    assert sum(found for found, _ in some) > 375
    assert max(sittings for _, sittings in some) <= MOST
