"""What a model was paid to answer is never paid for again, wherever the process dies."""

import pytest

from bot.agents.contract import Event
from bot.gateway.exchange import Record
from bot.notebook import Notebook
from tests.messages_server import Fault, text, thinking, tool
from tests.native.bench import MODEL, NEW, OLD, RATIONALE, TARGET
from tests.search.desk import STEP, desk

pytestmark = pytest.mark.slow
EDIT = tool("edit", path=TARGET.path, old=OLD, new=NEW)
SCRIPT = [
    thinking("a list is searched", tool("view", path="src")),
    tool("edit", path=TARGET.path, old="no such line", new="x"),
    EDIT,
    tool("evaluate"),
    tool("submit", title="Look up in a set", rationale=RATIONALE),
]


class Killed(BaseException):
    """The process is gone."""


def killed_after(count):
    """Dies with the event of this number."""
    seen: list[Event] = []

    def see(event):
        seen.append(event)
        if len(seen) == count:
            raise Killed

    return see


def events_of_a_whole_attempt(folder):
    with desk(folder, SCRIPT) as at:
        lane = at.begin()
        lane.work()
        return len(lane.said)


def test_killed_after_any_event_and_begun_again_no_answer_is_asked_for_twice(tmp_path):
    moments = events_of_a_whole_attempt(tmp_path / "whole")
    assert moments > 15
    for moment in range(1, moments + 1):
        with desk(tmp_path / str(moment), SCRIPT) as at:
            with pytest.raises(Killed):
                at.begin(killed_after(moment)).work()
            at.again()

            lane = at.begin()
            (draft,) = lane.drafts(lane.work(), 0.03)

            assert len(at.server.requests) == len(SCRIPT), moment
            assert draft.title == "Look up in a set" and b"known" in draft.files[TARGET.path]
            assert at.store.ledger.spent("r").calls == len(SCRIPT)
            assert lane.spent.calls == len(SCRIPT), "what was paid before still counts"


def test_an_answer_that_never_came_is_asked_for_again_and_its_cost_stays(tmp_path):
    with desk(tmp_path, [EDIT.but(cut_after=2), Fault(529), EDIT.but(cut_after=3), *[EDIT, text("done")]]) as at:
        first = at.begin()
        assert first.work().reason == "api_error" and first.silent
        at.again()
        lane = at.begin()

        assert lane.work().reason == "completed"
        assert len(at.server.requests) == 5 and at.store.ledger.spent("r").calls == 5


def test_a_conversation_that_goes_another_way_is_not_answered_from_memory(tmp_path):
    with desk(tmp_path, [EDIT, text("done")]) as at:
        at.begin().work()
        book = Notebook(at.store.ledger, at.blobs, "i", STEP)

        assert book.recall({"model": "another", "messages": []}) is None
        assert book.recall({"model": MODEL, "messages": []}) is None, "from there on nothing is"


def test_a_budget_that_was_spent_before_a_crash_stays_spent(tmp_path):
    with desk(tmp_path, SCRIPT) as at:
        with pytest.raises(Killed):
            at.begin(killed_after(8)).work()

        book = Notebook(at.store.ledger, at.blobs, "i", STEP)

        assert book.answered.calls == at.store.ledger.spent("r").calls > 0


def test_records_lie_masked_in_the_blobs(tmp_path):
    with desk(tmp_path, []) as at:
        book = Notebook(at.store.ledger, at.blobs, "i", STEP)
        book.keep(Record({"model": MODEL, "messages": []}, {"content": []}, error="cut"))

        (kept,) = at.store.ledger.exchanges("i", STEP)

        assert at.blobs.get_json(kept.request)["model"] == MODEL and kept.error == "cut"
        assert book.answered.calls == 0, "what was not answered is not found again"
