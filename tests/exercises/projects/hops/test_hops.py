from hops import hops

PAIRS = [("ada", "bob"), ("bob", "cy"), ("dan", "ada"), ("eve", "fay")]


def test_steps_in_both_directions():
    assert hops(PAIRS, "cy") == {"cy": 0, "bob": 1, "ada": 2, "dan": 3}


def test_strangers_are_not_reached():
    assert hops(PAIRS, "fay") == {"fay": 0, "eve": 1}


def test_alone():
    assert hops([], "zoe") == {"zoe": 0}
