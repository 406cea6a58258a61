"""Timed outcomes held against the pristine code's, and the share of them that a project's own check is asked about."""

import itertools
from random import Random

import pytest

from evaluation.compare.observation import raised
from evaluation.policy import Policy
from evaluation.probe import codec
from evaluation.speed import outcomes
from evaluation.speed.checked import DRAWN, Outcomes
from evaluation.speed.referee import Pool, WrongOutcome, unpack

STRICT = Policy()
CHECKED = Policy(check="checks.py::accept")


def returned(value, *arguments):
    return codec.encode(("returned", value, *arguments))


def expected(value, policy=STRICT, *, aside=(), accepts=None, count=100):
    frames = [[returned(value)] * count]
    return outcomes.expected(frames, policy.setting_aside(aside), [[b"%d" % at for at in range(count)]], accepts)


@pytest.mark.parametrize(
    ("aside", "given", "wrong"),
    [
        ((), ["b", "a"], "the same items in another order"),
        (("equivalence.order",), ["b", "a"], None),
        (("equivalence.order",), ["b", "b"], "expected"),
    ],
)
def test_what_the_pristine_code_does_not_agree_with_itself_in_is_forgiven_in_timed_calls(aside, given, wrong):
    said = expected(["a", "b"], aside=aside).differs(0, 0, returned(given))

    assert wrong in said if wrong else said is None


def test_arguments_after_a_timed_call_count_as_its_value_does():
    told = outcomes.expected([[returned(None, ([1],), {})]], Policy())

    assert told.differs(0, 0, returned(None, ([1],), {})) is None
    assert "args" in (told.differs(0, 0, returned(None, ([2],), {})) or "")


def test_where_a_check_decides_a_timed_call_must_still_end_alike():
    told = expected(3, CHECKED)

    assert told.differs(0, 0, returned(4)) is None
    assert "an exception" in (told.differs(0, 0, codec.encode(("raised", ValueError()))) or "")


@pytest.mark.parametrize("frame", [({}, []), codec.encode(3), codec.encode(("returned",)), codec.encode(("lost", 3))])
def test_what_no_worker_writes_is_no_outcome(frame):
    assert "no value" in (expected(3).differs(0, 0, frame) or "")


def test_a_check_is_asked_about_some_of_the_candidates_outcomes_when_the_process_has_ended():
    asked = []

    def accepts(check, pickle, call):
        asked.append((check, pickle))
        return None if raised(call) is None else "raised"

    given = Outcomes(expected(3, CHECKED, accepts=accepts), Random(1))
    for arm, index in itertools.product(("candidate", "control"), range(100)):
        assert given.check(arm, 0, index, returned(4 if index >= 50 else 3)) is None

    assert asked == []
    given.settle()
    assert len(asked) == len(set(asked)) == DRAWN
    assert all(check == CHECKED.check and int(pickle) >= 50 for check, pickle in asked)


def test_an_outcome_that_the_check_does_not_accept_is_the_candidates():
    given = Outcomes(expected(3, CHECKED, accepts=lambda *_: "accept does not accept the result"), Random(1))
    given.check("candidate", 0, 0, returned(4))

    with pytest.raises(WrongOutcome, match="does not accept") as wrong:
        given.settle()
    assert wrong.value.arm == "candidate"


@pytest.mark.parametrize("told", [5, None, "no", {"a": 1}, [[{}, -1]], [[{}, 2]], [3]])
def test_forged_outcomes_are_none(told):
    assert unpack({"outcomes": told}, [bytearray()]) == []


def test_arguments_are_shown_where_a_pool_says_so_and_seeds_follow_their_inputs():
    pool = Pool([b""] * 5, shown=frozenset({1, 4}), seeds=[10, 11, 12, 13, 14])

    assert pool.encoded([4, 0, 1])["arguments"] == [0, 2]
    assert pool.prepared("candidate", [4, 0])["seeds"] == [14, 10]
    assert "seeds" not in Pool([b""]).prepared("candidate", [0])
    assert Pool([b""] * 2, arguments=True).encoded([0, 1])["arguments"] == [0, 1]
