"""Who stays in a race, and who may stop running."""

import math
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.speed.race import ROUNDS, alive, standing

gains = st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=8)


def lane(mean, spread=0.005, count=5, seed=0):
    random = Random(seed)
    return [mean + random.gauss(0, spread) for _ in range(count)]


def test_a_clearly_slower_lane_drops_out_and_the_race_is_decided():
    assert alive({"slow": lane(0.05), "fast": lane(0.4)}) == ["fast"]


def test_lanes_that_noise_does_not_tell_apart_stay():
    noisy = {"a": lane(0.30, 0.05, 3), "b": lane(0.28, 0.05, 3, seed=1)}

    assert sorted(alive(noisy)) == ["a", "b"]


def test_lanes_known_to_be_equal_need_not_run_on():
    equal = {"a": lane(0.3000, 0.0005), "b": lane(0.3001, 0.0005, seed=1)}

    assert len(alive(equal)) == 1


def test_a_lane_that_broke_is_last_and_never_alive():
    broken = {"broken": [math.nan, 0.9], "empty": [], "whole": lane(0.1)}

    assert alive(broken) == ["whole"]
    assert standing(broken)[0] == "whole"


@given(lanes=st.dictionaries(st.sampled_from("abcdef"), gains, min_size=1))
@settings(max_examples=50)
def test_the_best_mean_is_never_eliminated(lanes):
    assert standing(lanes)[0] == alive(lanes)[0]


@given(lanes=st.dictionaries(st.sampled_from("abcdef"), gains, min_size=2), by=st.floats(-0.3, 0.3))
@settings(max_examples=50)
def test_only_differences_count(lanes, by):
    moved = {name: [value + by for value in values] for name, values in lanes.items()}

    assert len(alive(moved)) == len(alive(lanes))


def test_the_truly_best_of_six_rarely_loses():
    random, won = Random(7), 0
    truths = {"a": 0.0, "b": 0.0, "c": 0.02, "d": 0.05, "e": 0.10, "f": 0.30}
    for _ in range(200):
        found = {name: [] for name in truths}
        left = list(truths)
        for count in ROUNDS:
            for name in left:
                found[name] += [random.gauss(truths[name], 0.015) for _ in range(count)]
            left = alive({name: found[name] for name in left})
        won += left[0] == "f"

    assert won == 200
