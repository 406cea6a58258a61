"""An agent at work as the search has it, on a small project and a scripted model: the real SDK, store, notebook and lookout.

The judge is a function that the test hands in, as everywhere in this seam.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from bot.agents.contract import Ended, Event, Lessons, Limits
from bot.agents.native.agent import Native
from bot.blobs import Blobs
from bot.gateway.client import Client, Endpoint
from bot.gateway.lease import Budget, Lease
from bot.gateway.retries import Retries
from bot.lane import Lane
from bot.lookout import Lookout
from bot.notebook import Notebook
from bot.quiet import Workbay
from bot.selection.trigger import Trigger, Watch
from bot.store import Store
from bot.worktree import Changes, Worktree
from evaluation.scorecard import Interval, Outcome, Scorecard
from sandbox import workspace
from tests.messages_server import MessagesServer, Step
from tests.native.bench import KEY, MODEL, SLOW, TARGET, assignment

STEP = "propose-1.1-native"


def card(ratio: float | None, outcome: Outcome = Outcome.INCONCLUSIVE) -> Scorecard:
    """What a first look says."""
    return Scorecard(str(TARGET), outcome, (), speedup=Interval(ratio, ratio, ratio) if ratio else None)


@dataclass
class Desk:
    """One search step of one agent, that can be begun again as after a crash."""

    folder: Path
    server: MessagesServer
    store: Store
    blobs: Blobs
    purse: Lease
    look: Callable[[Changes], Scorecard]
    trigger: str = "agent"
    most: int = 9  # looks
    looked: list[Changes] = field(default_factory=list)
    lane: Lane | None = None
    lessons: Lessons = Lessons()

    def begin(self, interrupt: Callable[[Event], None] = lambda _: None, step: str = STEP) -> Lane:
        """A fresh tree, and a lane on it; `interrupt` sees every event first and may raise."""
        base, tree = self.folder / "base", workspace.copy(self.folder / "base", self._fresh())
        book = Notebook(self.store.ledger, self.blobs, "i", step)
        task = assignment(lessons=self.lessons, limits=Limits(steps=12, tokens=200_000, usd=2.0, seconds=60))
        work = Worktree.of(task, tree, base)
        lookout = Lookout(
            Watch(Trigger.parse(self.trigger), {digest(work.changes())}), work, digest, self._look, words, self.most
        )
        endpoint = Endpoint(SecretStr(KEY), base_url=self.server.url, retries=Retries(most=2, first_s=0.01))
        part = Lease(Budget(), part_of=self.purse)
        agent = Interrupted(
            lambda: Client(endpoint, book.keep, recall=book.recall),
            interrupt,
            model=MODEL,
            lease=part,
            evaluate=lambda changes: words(lookout.ask(changes)),
            heard=lookout.heard,
        )
        self.lane = Lane(agent, task, tree, lookout, Workbay(self.folder / "measuring.lock", lambda: False), part)
        return self.lane

    def again(self) -> None:
        """As a process that starts anew: nothing is left but what was stored."""
        paid = self.store.ledger.spent("r")
        self.purse = Lease(Budget(calls=50 - paid.calls))

    def _fresh(self) -> Path:
        number = sum(place.name.startswith("tree-") for place in self.folder.iterdir())
        return self.folder / f"tree-{number}"

    def _look(self, changes: Changes) -> Scorecard:
        self.looked.append(changes)
        return self.look(changes)


class Interrupted(Native):
    """The native agent, whose events somebody sees first."""

    def __init__(self, client: Callable[[], Client], interrupt: Callable[[Event], None], **options: object) -> None:
        super().__init__(client, **options)  # type: ignore[arg-type]
        self._interrupt = interrupt

    def propose(self, task, tree, emit) -> Ended:  # type: ignore[no-untyped-def]
        def seen(event: Event) -> None:
            self._interrupt(event)
            emit(event)

        return super().propose(task, tree, seen)


def words(seen: Scorecard | None) -> str:
    """A look as the agent reads it."""
    return "nothing was looked at" if seen is None else f"{seen.outcome} at {seen.speedup.ratio if seen.speedup else 'no speed'}"


def digest(changes: Changes) -> str:
    """Identifies a tree."""
    return repr(sorted(changes.items()))


@contextmanager
def desk(
    folder: Path,
    script: Sequence[Step],
    *,
    trigger: str = "agent",
    look: Callable[[Changes], Scorecard] | None = None,
    most: int = 9,
) -> Iterator[Desk]:
    """A project in `folder`, a model that follows `script`, and a run in the store."""
    for path, text in {"base/src/pairs.py": SLOW, "base/tests/test_pairs.py": "assert True\n"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    store = Store.open(folder)
    store.start_run(id="r", project_id=1, project_path="p", thread={}, requester="dev")
    store.start_iteration("i", "r")
    try:
        with MessagesServer(script) as server:
            purse = Lease(Budget(calls=50))
            yield Desk(folder, server, store, Blobs(folder / "blobs"), purse, look or (lambda _: card(1.5)), trigger, most)
    finally:
        store.close()
