"""How much one place may ask of us: a loop of two machines, or of one impatient person, must come to its end."""

from bot.ending import Unanswerable
from bot.report import replies
from bot.store import Store
from bot.thread import Thread

HOUR = 3600.0
RUNS = 10  # that one issue or merge request may start within an hour
CHATTER = 6  # notes that two bots may exchange before a person has to speak


def check(store: Store, run: str, thread: Thread, requester: str, now: float) -> None:
    """Raises Unanswerable for a run too many here: each person is told once, since the sentence could feed a loop.

    Only runs that were let in count: what was refused for lack of rights must not silence those who have them.
    """
    place = (thread.project, thread.kind, thread.iid)
    recent = [each.created for each in store.runs_of_thread(*place) if each.id != run and now - each.created < HOUR]
    if len(recent) >= RUNS:
        refused = [each for each in store.outside(*place) if each.id != run and each.state == "refused"]
        told = any(each.requester == requester and each.created >= recent[0] for each in refused)
        raise Unanswerable("" if told else replies.too_many_runs(RUNS))
