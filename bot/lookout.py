"""Follows one agent at work and has its tree judged when the trigger says so; what was seen goes back to the agent."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.agents.contract import Event
from bot.selection.trigger import Watch
from bot.worktree import Changes, Worktree
from evaluation.scorecard import Outcome, Scorecard


@dataclass(frozen=True, slots=True)
class Sight:
    """A tree on an agent's way, and what a first look said of it."""

    changes: Changes
    card: Scorecard

    @property
    def gain(self) -> float:
        """How many times as fast it looked; 1 where something speaks against it."""
        speed = self.card.speedup
        return speed.ratio if speed and self.card.outcome is not Outcome.REJECTED else 1.0


@dataclass(slots=True)
class Lookout:
    """One agent's. What no draft may hold is not looked at, nor is the base, nor are more than so many different trees."""

    watch: Watch
    tree: Worktree
    digest: Callable[[Changes], str]
    look: Callable[[Changes], Scorecard]
    words: Callable[[Scorecard], str]
    most: int
    taken: set[str] = field(default_factory=set)  # digests of the trees that were looked at
    sights: list[Sight] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)

    def follow(self, event: Event) -> Event | None:
        """Look where it is time to; what was seen, as an event of the trajectory."""
        tree: Changes = {}

        def now() -> str:
            nonlocal tree
            tree = self.tree.changes()
            return self.digest(tree)

        if not self.watch.due(event.kind, str(event.data.get("name", "")), now) or not tree or self.tree.objection(tree):
            return None
        card = self._look(tree)
        return None if card is None else self.saw(tree, card)

    def ask(self, tree: Changes) -> Scorecard | None:
        """Look because the agent wants to know; None when it may not any more."""
        card = self._look(tree)
        if card is not None:
            self.watch.seen.add(self.digest(tree))
            self.sights.append(Sight(tree, card))
        return card

    def _look(self, tree: Changes) -> Scorecard | None:
        """Counted also where the answer is kept already: after a restart an attempt sees no more than it would have."""
        if len(taken := self.taken | {self.digest(tree)}) > self.most:
            return None
        self.taken = taken
        return self.look(tree)

    def saw(self, tree: Changes, card: Scorecard) -> Event:
        """Remember a look, and tell the agent of it with the next answer."""
        self.sights.append(Sight(tree, card))
        self.unsaid.append(self.words(card))
        return Event(
            "judged", self.unsaid[-1], {"outcome": str(card.outcome), "ratio": card.speedup.ratio if card.speedup else None}
        )

    def heard(self) -> str:
        """What was seen since last asked, in words."""
        told = "\n".join(f"The judge looked at the tree as it is: {each}" for each in self.unsaid)
        self.unsaid.clear()
        return told

    def best(self, claim: float) -> Sight | None:
        """The fastest tree on the way that nothing speaks against, if it looked faster than the claim."""
        found = max(self.sights, key=lambda sight: sight.gain, default=None)
        return found if found and found.gain > 1 + claim else None
