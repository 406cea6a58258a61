"""Which sizes a last look asks about, and how inputs are dealt to its turns."""

from random import Random

import pytest

from evaluation.correctness.observer import Lost
from evaluation.guard.last_look import far, sizes
from evaluation.guard.last_look.dealer import TURNS, Dealer
from evaluation.guard.last_look.questions import Found
from evaluation.inputs import InputsFailed
from evaluation.policy import Policy
from evaluation.probe import codec
from evaluation.speed.outcomes import expected, observed
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Pool
from evaluation.speed.schedule import CellPlan


class Sizes:
    """Makes inputs that are sizes, up to a largest one."""

    def __init__(self, largest=10**9):
        self.largest = largest

    def make(self, seed, size, count):
        if size["n"] > self.largest:
            raise InputsFailed("inputs", "too large")
        return [b"%d" % size["n"]] * count


def prepared(*each, calls=2):
    """A stage of sizes, each with its seconds a call."""
    plans = tuple(CellPlan({"n": n}, calls, 1, 5, 3) for n, _ in each)
    pools = tuple(Pool([b"%d" % n] * plan.inputs) for (n, _), plan in zip(each, plans, strict=True))
    return Prepared(plans, pools, tuple(seconds for _, seconds in each), expected([], Policy()))


@pytest.mark.parametrize(
    ("gains", "weights", "chosen"),
    [
        ((), (), [2]),
        ((0.9, 0.0, 0.0), (1, 1, 1), [2, 0]),
        ((0.9, 0.0, 0.5), (0, 1, 1), [2]),
        ((0.9, 0.2, 0.5), (0.1, 1, 1), [2, 1, 0]),
    ],
)
def test_the_slowest_size_is_asked_about_and_those_that_a_claim_rests_on(gains, weights, chosen):
    assert sizes.asked((0.001, 0.002, 0.005), (0.1, 0.1, 0.3), Found("cpu", gains, weights).claims()) == chosen


def test_what_a_claim_rests_on_most_is_asked_whatever_it_takes_and_the_rest_while_it_takes_little():
    assert sizes.asked((1.0, 0.9, 0.8, 0.1), (60.0, 54.0, 48.0, 0.2), [1, 2, 3]) == [0, 1]
    assert sizes.asked((1.0, 0.9, 0.01, 0.01), (60.0, 54.0, 0.2, 0.2), [1, 2, 3]) == [0, 1, 2, 3]


def test_a_size_a_little_off_is_another_one_each_time_on_both_sides():
    found = [sizes.off({"n": 150}, Random(seed)) for seed in range(40)]
    low, high = sizes.OFF_BY

    assert len({size["n"] for each in found for size in each}) > 20
    for larger, smaller in found:
        assert 150 * (1 + low) - 1 <= larger["n"] <= 150 * (1 + high) + 1
        assert 150 * (1 - high) - 1 <= smaller["n"] <= 150 * (1 - low) + 1


def test_a_small_size_is_off_by_one_and_the_smallest_are_not_at_all():
    assert sizes.off({"n": 8}, Random(1)) == [{"n": 9}, {"n": 7}]
    assert sizes.off({"n": 2}, Random(1)) == []
    assert {(each["rows"] > 40, each["columns"]) for each in sizes.off({"rows": 40, "columns": 2}, Random(1))} == {
        (True, 2), (False, 2)
    }  # fmt: skip


def test_sizes_between_and_beyond_are_none_that_is_measured():
    grid = [{"n": 100, "m": 7}, {"n": 10000, "m": 7}]
    within = [size for seed in range(20) for size in sizes.between(grid, Random(seed))]
    without = [each for seed in range(20) for each in sizes.beyond(grid, Random(seed))]

    assert all(100 <= size["n"] <= 10000 and size["m"] == 7 for size in within)
    assert sum(size["n"] < 1000 for size in within) > 8
    assert all(3 <= times <= 10 and sorted(size) == ["m", "n"] and size["n"] * size["m"] > 200_000 for size, times in without)
    assert {size["m"] > 7 for size, _ in without} == {True, False}
    assert sizes.between([{"n": 100}], Random(1)) == []


def test_larger_and_smaller_inputs_come_in_turn():
    turns = Dealer(Sizes(), prepared((150, 0.001)), Random(3)).turns(0, 1)
    found = [{turn.elsewhere.pool.inputs[index] for some in turn.elsewhere.samples for index in some} for turn in turns]

    assert len(turns) == TURNS["quick"][0] and all(len(each) == 1 for each in found)
    assert found[0] == found[2] != found[1] == found[3]


def test_where_larger_ones_cannot_be_made_all_are_smaller():
    turns = Dealer(Sizes(largest=150), prepared((150, 0.001)), Random(3)).turns(0, 1)
    found = {int(turn.elsewhere.pool.inputs[index]) for turn in turns for some in turn.elsewhere.samples for index in some}

    assert len(found) == 1 and max(found) < 150


def test_no_input_of_a_turn_comes_twice_while_there_are_enough():
    turns = Dealer(Sizes(), prepared((150, 0.001), calls=4), Random(3)).turns(0, 1)
    asked = [index for turn in turns for some in (*turn.timed.samples, *turn.collected.samples) for index in some]

    assert len(asked) == len(set(asked))
    assert all(turn.timed.samples and turn.collected.samples for turn in turns)


@pytest.mark.parametrize(
    ("told", "beyond"),
    [
        (Lost("sandbox.memory", "killed"), True),
        (Lost("sandbox.timeout", "hung"), True),
        (Lost("guard.result-channel", "garbage"), False),
        (observed(codec.encode(("raised", MemoryError()))), True),
        (observed(codec.encode(("raised", RecursionError()))), False),
        (observed(codec.encode(("returned", None))), False),
    ],
)
def test_far_beyond_what_is_measured_only_memory_and_time_excuse_that_there_is_no_answer(told, beyond):
    assert far.beyond_its_means(told) is beyond
