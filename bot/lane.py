"""One agent at work in a round: its tree, its share of the budget, who looks at it meanwhile, and all that it said."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from bot.agents.contract import Agent, Draft, Ended, Event, Limits, Task
from bot.agents.rules import WITHOUT_DRAFT
from bot.ending import Cancelled, Transient, Unanswerable
from bot.gateway.lease import Lease, Spent
from bot.gateway.masking import Mask
from bot.lookout import Lookout
from bot.quiet import Workbay
from bot.selection.allowance import Allowance
from bot.selection.plan import Short
from bot.worktree import Changes

log = structlog.get_logger()
ON_THE_WAY = "A state on the way"


@dataclass(slots=True)
class Lane:
    """Everything around one agent while it proposes."""

    agent: Agent
    task: Task
    tree: Path
    lookout: Lookout
    bay: Workbay
    lease: Lease  # this lane's part of the round's purse
    said: list[Event] = field(default_factory=list)
    seconds: float = 0.0
    silent: bool = False  # whether the agent's model could not be asked
    short: Short | None = None  # the part of its budget that ended it

    def work(self) -> Ended:
        """Let the agent propose. A bug in one costs its ideas, not the run."""
        began = time.monotonic()
        try:
            with self.bay:
                ended = self._proposed()
            self.silent, self.short = ended.reason == "api_error" and not ended.drafts, ended.short
            return ended
        finally:
            self.seconds = time.monotonic() - began

    def drafts(self, ended: Ended, claim: float) -> list[Draft]:
        """What it proposed, against the base, and the best tree on its way where that looked faster than where it ended."""
        found = [Draft(each.title, each.rationale, {**self.task.parent, **each.files}, each.ingredients) for each in ended.drafts]
        best = None if ended.reason in WITHOUT_DRAFT else self.lookout.best(claim)
        known = [draft.files for draft in found]
        if best is None or best.changes in known or any(best.gain <= self._seen(files) for files in known):
            return found
        title = f"{ON_THE_WAY}: {found[0].title}" if found else ON_THE_WAY
        words = found[0].rationale if found else "What the agent made of it later was not faster, so this is how it stood before."
        return [*found, Draft(title, words, best.changes)]

    @property
    def spent(self) -> Spent:
        """What its model cost."""
        return self.lease.spent

    def _seen(self, files: Changes) -> float:
        """How fast this looked on the way; 0 where nobody looked."""
        return max((sight.gain for sight in self.lookout.sights if sight.changes == files), default=0.0)

    def _proposed(self) -> Ended:
        if missing := self.agent.preflight():
            self._hear(Event("ended", missing, {"reason": "nothing"}))
            return Ended("nothing", detail=missing)
        try:
            return self.agent.propose(self.task, self.tree, self._hear)
        except (Cancelled, Unanswerable, Transient):
            raise
        except Exception:  # the boundary of an agent
            log.exception("agent.failed", agent=self.agent.name)
            self._hear(Event("ended", f"{self.agent.name} broke off because of an error of its own", {"reason": "aborted"}))
            return Ended("aborted")

    def _hear(self, event: Event) -> None:
        self.bay.follow(event)
        self.said.append(_masked(event))
        if seen := self.lookout.follow(event):
            self.said.append(_masked(seen))


def limits(share: Allowance) -> Limits:
    """An agent's share as the limits of one attempt, which are never more than usual."""
    usual = Limits()
    return Limits(
        usual.steps,
        usual.tokens if share.tokens is None else min(usual.tokens, share.tokens),
        usual.usd if share.usd is None else min(usual.usd, share.usd),
        usual.seconds if share.seconds is None else max(1.0, min(usual.seconds, share.seconds)),
    )


def _masked(event: Event) -> Event:
    """Without anything that looks like a secret, whoever the agent is."""
    mask = Mask()
    data: Mapping[str, object] = mask.value(event.data)
    return Event(event.kind, mask.text(event.text), data)
