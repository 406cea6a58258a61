"""Agents that work side by side share one purse, and none of them can spend what another was promised."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.gateway.lease import Budget, Lease
from tests.messages_server import text, tool
from tests.native.bench import NEW, OLD, TARGET
from tests.search.desk import desk

pytestmark = pytest.mark.slow
VIEW = tool("view", path="src")


def abreast(at, count):
    """So many agents at once; how each ended."""
    lanes = [at.begin(step=f"propose-1.{number}-native") for number in range(1, count + 1)]
    with ThreadPoolExecutor(count) as pool:
        return lanes, list(pool.map(lambda lane: lane.work(), lanes))


def test_no_more_calls_than_the_purse_has_whoever_makes_them(tmp_path):
    with desk(tmp_path, [VIEW] * 40) as at:
        at.purse = Lease(Budget(calls=7))
        lanes, ended = abreast(at, 3)

    assert len(at.server.requests) == 7 == sum(lane.spent.calls for lane in lanes)
    assert {each.reason for each in ended} == {"limit"} and {lane.short for lane in lanes} == {"calls"}


def test_no_more_tokens_than_the_purse_has(tmp_path):
    with desk(tmp_path, [VIEW] * 90) as at:
        at.purse = Lease(Budget(tokens=60_000))
        lanes, _ = abreast(at, 3)

    assert sum(lane.spent.tokens for lane in lanes) <= 60_000 and at.store.ledger.spent("r").tokens <= 60_000


def test_a_budget_that_ends_in_the_middle_keeps_what_was_done_by_then(tmp_path):
    with desk(tmp_path, [tool("edit", path=TARGET.path, old=OLD, new=NEW), *[VIEW] * 9]) as at:
        at.purse = Lease(Budget(calls=2))
        lane = at.begin()
        ended = lane.work()
        (draft,) = lane.drafts(ended, 0.03)

    assert ended.reason == "limit" and b"known" in draft.files[TARGET.path]


def test_an_answer_that_is_cut_off_is_paid_for_by_what_arrived(tmp_path):
    with desk(tmp_path, [VIEW.but(cut_after=3), text("nothing helps")]) as at:
        lane = at.begin()
        lane.work()

    assert lane.spent.calls == 2 and [bool(each.error) for each in at.store.ledger.exchanges("i")] == [True, False]
