"""Everything that was tried in one iteration, with what the judge said of it. A value: adding gives a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from evaluation.scorecard import Outcome, Scorecard


@dataclass(frozen=True, slots=True)
class Entry:
    """One judged candidate. `ratio` is the quick estimate that steers the search; claims come from confirmation only."""

    candidate: str
    agent: str
    round: int
    outcome: Outcome
    ratio: float | None
    ingredients: tuple[str, ...] = ()  # recipes it is made of

    @classmethod
    def of(cls, candidate: str, agent: str, round_: int, card: Scorecard, ingredients: Sequence[str] = ()) -> Self:
        """What the search needs to keep of a candidate and its scorecard."""
        ratio = card.speedup.ratio if card.speedup else None
        return cls(candidate, agent, round_, card.outcome, ratio, tuple(ingredients))


@dataclass(frozen=True, slots=True)
class Archive:
    """The candidates so far, in the order they were judged, and which agents had nothing more to propose."""

    entries: tuple[Entry, ...] = ()
    exhausted: frozenset[str] = field(default_factory=frozenset)

    def add(self, entry: Entry) -> "Archive":
        """With one more candidate."""
        return Archive((*self.entries, entry), self.exhausted)

    def exhaust(self, agent: str) -> "Archive":
        """With the knowledge that this agent has nothing new."""
        return Archive(self.entries, self.exhausted | {agent})

    def promising(self, claim: float) -> list[Entry]:
        """Candidates that nothing speaks against and that looked faster than the claim, best first."""
        alive = [entry for entry in self.entries if entry.outcome is not Outcome.REJECTED and entry.ratio is not None]
        return sorted((entry for entry in alive if (entry.ratio or 0) > 1 + claim), key=lambda entry: -(entry.ratio or 0))
