"""How much one place may ask of us: a loop of two machines, or of one impatient person, must come to its end."""

from bot.ending import Unanswerable
from bot.report import replies
from bot.store import Store
from bot.thread import Thread

HOUR = 3600.0
RUNS = 10  # that one issue or merge request may start within an hour
CHATTER = 6  # notes that two bots may exchange before a person has to speak


def check(store: Store, run: str, thread: Thread, now: float) -> None:
    """Raises Unanswerable for a run too many here: once with a sentence, then without, since the sentence could feed a loop."""
    earlier = [each for each in store.runs_of_thread(thread.project, thread.kind, thread.iid) if each.id != run]
    recent = sum(now - each.created < HOUR for each in earlier)
    if recent >= RUNS:
        raise Unanswerable(replies.too_many_runs(RUNS) if recent == RUNS else "")
