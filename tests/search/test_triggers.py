"""The three triggers over one agent's events: which trees are judged, how often, and what the agent hears of it."""

import pytest

from bot.agents.contract import Lessons
from evaluation.scorecard import Outcome
from tests.messages_server import refusal, text, tool, tools
from tests.native.bench import NEW, OLD, RATIONALE, TARGET
from tests.search.desk import card, desk

pytestmark = pytest.mark.slow
BETTER = NEW.replace("set(right)", "frozenset(right)")
VIEW = tool("view", path="src")
EDIT = tool("edit", path=TARGET.path, old=OLD, new=NEW)
AGAIN = tool("edit", path=TARGET.path, old=NEW, new=BETTER)
BACK = tool("edit", path=TARGET.path, old=BETTER, new=NEW)
SUBMIT = tool("submit", title="Look up in a set", rationale=RATIONALE)


def texts(looked):
    return [("frozenset" if b"frozenset" in changes[TARGET.path] else "set") for changes in looked]


@pytest.mark.parametrize(
    ("trigger", "judged"),
    [
        ("agent", []),
        ("change", ["set", "frozenset"]),
        ("every:2", ["set", "frozenset"]),
        ("every:3", ["frozenset"]),
        ("every:1", ["set", "frozenset"]),
        ("every:9", []),
    ],
)
def test_each_trigger_judges_at_its_own_moments(tmp_path, trigger, judged):
    with desk(tmp_path, [VIEW, EDIT, AGAIN, VIEW, SUBMIT], trigger=trigger) as at:
        at.begin().work()

    assert texts(at.looked) == judged


def test_a_tree_that_comes_back_is_not_judged_again(tmp_path):
    with desk(tmp_path, [EDIT, AGAIN, BACK, SUBMIT], trigger="change") as at:
        at.begin().work()

    assert texts(at.looked) == ["set", "frozenset"]


def test_what_the_agent_had_judged_itself_is_not_judged_again(tmp_path):
    with desk(tmp_path, [tools(("edit", EDIT.content[0]["input"]), ("evaluate", {})), VIEW, SUBMIT], trigger="every:1") as at:
        at.begin().work()

    assert texts(at.looked) == ["set"]


def test_an_edit_that_failed_changes_no_tree(tmp_path):
    with desk(tmp_path, [tool("edit", path=TARGET.path, old="no such line", new="x"), text("sorry")], trigger="change") as at:
        at.begin().work()

    assert at.looked == []


def test_the_agent_hears_what_was_seen_and_the_trajectory_says_so(tmp_path):
    with desk(tmp_path, [EDIT, VIEW, SUBMIT], trigger="change") as at:
        lane = at.begin()
        lane.work()

    told = [request.last[-1]["text"] for request in at.server.requests]
    assert "inconclusive at 1.5" in told[1] and "inconclusive" not in told[2], "once"
    (event,) = [event for event in lane.said if event.kind == "judged"]
    assert event.data == {"outcome": "inconclusive", "ratio": 1.5}


def test_where_nobody_may_look_any_more_the_work_goes_on(tmp_path):
    with desk(tmp_path, [EDIT, SUBMIT], trigger="change", most=0) as at:
        lane = at.begin()
        ended = lane.work()

    assert ended.reason == "completed" and not [event for event in lane.said if event.kind == "judged"]


def test_an_attempt_that_starts_over_sees_as_many_trees_as_before_though_their_looks_are_kept(tmp_path):
    with desk(tmp_path, [EDIT, AGAIN, SUBMIT], trigger="change", most=1) as at:
        at.begin().work()
        at.again()
        at.begin().work()

    assert texts(at.looked) == ["set", "set"]


def test_a_faster_state_on_the_way_is_a_candidate_too(tmp_path):
    fast_then_slow = iter([card(2.0), card(1.2)])
    with desk(tmp_path, [EDIT, AGAIN, SUBMIT], trigger="change", look=lambda _: next(fast_then_slow)) as at:
        lane = at.begin()
        last, on_the_way = lane.drafts(lane.work(), 0.03)

    assert b"frozenset" in last.files[TARGET.path] and b"frozenset" not in on_the_way.files[TARGET.path]
    assert on_the_way.title == "A state on the way: Look up in a set"


NUMPY = tool("edit", path=TARGET.path, old=OLD, new="    import numpy\n\n    return numpy.intersect1d(left, right)\n")
PLAIN = tool("edit", path=TARGET.path, old="    import numpy\n\n    return numpy.intersect1d(left, right)\n", new=NEW)


def test_what_reviewers_asked_to_avoid_is_no_state_on_the_way_either(tmp_path):
    with desk(tmp_path, [NUMPY, PLAIN, SUBMIT], trigger="change") as at:
        at.lessons = Lessons(avoid=("numpy",))
        lane = at.begin()
        (draft,) = lane.drafts(lane.work(), 0.03)

    assert [b"numpy" in looked[TARGET.path] for looked in at.looked] == [False] and b"numpy" not in draft.files[TARGET.path]


def test_states_on_the_way_hold_nothing_that_nobody_asked_for(tmp_path):
    noisy = tool("edit", path=TARGET.path, old='"""Pairs."""\n', new='"""Pairs, and more of them."""\n')
    with desk(tmp_path, [noisy, EDIT, SUBMIT], trigger="change") as at:
        lane = at.begin()
        (draft,) = lane.drafts(lane.work(), 0.03)

    assert at.looked == [draft.files] and b"and more" not in draft.files[TARGET.path]


def test_an_agent_that_refuses_leaves_nothing(tmp_path):
    with desk(tmp_path, [EDIT, refusal("cyber", "not this")], trigger="change") as at:
        lane = at.begin()
        assert lane.drafts(lane.work(), 0.03) == [] and len(at.looked) == 1


@pytest.mark.parametrize("first", [card(1.01), card(9.0, Outcome.REJECTED), card(1.1)])
def test_a_state_on_the_way_that_was_no_better_is_none(tmp_path, first):
    looks = iter([first, card(1.5)])
    with desk(tmp_path, [EDIT, AGAIN, SUBMIT], trigger="change", look=lambda _: next(looks)) as at:
        lane = at.begin()
        assert len(lane.drafts(lane.work(), 0.03)) == 1
