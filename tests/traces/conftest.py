"""A run that a scripted model and the recipes worked in, as a search leaves it in the store."""

import pytest

from bot.agents.contract import Event
from bot.blobs import Blobs
from bot.ledger import FateRow
from bot.settings import Settings
from bot.traces import record
from evaluation.scorecard import Interval, Outcome, Scorecard
from evaluation.scorecard import Tests as Passed
from tests.messages_server import RATE_LIMITED, text, thinking, tool
from tests.native.bench import NEW, OLD, RATIONALE, TARGET
from tests.search.desk import STEP, desk

KEY = "sk-ant-dummy-0123456789-in-a-comment"
SCRIPT = [
    thinking("a list is searched", tool("view", path="src")),
    RATE_LIMITED,
    tool("edit", path=TARGET.path, old="no such line", new=KEY),
    tool("edit", path=TARGET.path, old=OLD, new=NEW),
    text("A set is looked up in constant time."),
]
PROVEN = Scorecard(str(TARGET), Outcome.ACCEPTED, (), tests=Passed(passed=3), speedup=Interval(2.0, 1.9, 2.1))
RECIPES = [Event("started", "Looking."), Event("reasoning", "`join` does not fit."), Event("ended", "nothing", {"drafts": 0})]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The data folder."""
    folder = tmp_path_factory.mktemp("traces")
    with desk(folder, SCRIPT, trigger="change") as at:
        lane = at.begin()
        (draft,) = lane.drafts(lane.work(), 0.03)
        at.store.add_events("i", STEP, lane.said)
        at.store.add_events("i", "propose-1.2-recipes", RECIPES)
        kept = at.blobs.put_json({path: (content or b"").decode() for path, content in draft.files.items()})
        row = {"agent": "native", "title": draft.title, "rationale": RATIONALE, "ingredients": [], "changes": kept}
        at.store.save_candidate(id="i:1.1", iteration_id="i", **row)
        card = at.blobs.put_json(PROVEN.to_json())
        at.store.judge_candidate("i:1.1", outcome="accepted", ratio=2.0, reasons=[], scorecard=card)
        at.store.ledger.tell_fates("i", [FateRow("i:1.1", None, "won", {"lane": 1}), FateRow("", None, "settled", {})])
        at.store.life.end("r", "done")
    return folder


@pytest.fixture
def settings(data):
    return Settings(data=data)


@pytest.fixture
def recorded(data):
    from bot.store import Store

    store = Store.open(data)
    yield record.read(store, Blobs(data / "blobs"), "r")
    store.close()
