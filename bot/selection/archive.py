"""Everything that was tried in one iteration, with what the judge said of it. A value: adding gives a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.selection.allowance import Spent
from bot.selection.plan import Arm, Choice, Short
from evaluation.scorecard import Outcome, Scorecard

CLOSE = 1.05  # first looks less than this apart say nothing about who is faster: they may be of one idea


@dataclass(frozen=True, slots=True)
class Entry:
    """One judged candidate. `ratio` is the quick estimate that steers the search; claims come from confirmation only."""

    candidate: str
    agent: str
    round: int
    outcome: Outcome
    ratio: float | None
    ingredients: tuple[str, ...] = ()  # recipes it is made of
    parent: str | None = None  # the candidate it was made from
    lane: int = 1
    codes: tuple[str, ...] = ()  # of the judge's reasons

    @classmethod
    def of(cls, candidate: str, choice: Choice, card: Scorecard, ingredients: Sequence[str] = ()) -> Self:
        """What the search needs to keep of a candidate and its scorecard."""
        ratio = card.speedup.ratio if card.speedup else None
        codes = tuple(reason.code for reason in card.reasons)
        return cls(
            candidate, choice.agent, choice.round, card.outcome, ratio, tuple(ingredients), choice.parent, choice.lane, codes
        )

    @property
    def gain(self) -> float:
        """How many times as fast as the base it seems to be; 1 where something speaks against it."""
        return self.ratio if self.ratio is not None and self.outcome is not Outcome.REJECTED else 1.0


@dataclass(frozen=True, slots=True)
class Pull:
    """One choice carried out: what was chosen, how many candidates it brought, what it cost."""

    choice: Choice
    candidates: int
    cost: Spent = Spent()
    silent: bool = False  # the model behind it could not be asked
    short: Short | None = None  # what was used up before it could propose anything


@dataclass(frozen=True, slots=True)
class Archive:
    """The candidates so far in the order they were judged, what was asked for to get them, and which arms have no more ideas."""

    entries: tuple[Entry, ...] = ()
    exhausted: frozenset[Arm] = field(default_factory=frozenset)
    pulls: tuple[Pull, ...] = ()

    def add(self, entry: Entry) -> "Archive":
        """With one more candidate."""
        return replace(self, entries=(*self.entries, entry))

    def record(self, pull: Pull) -> "Archive":
        """With one more choice carried out. Who gave fewer drafts than wanted at once, or none, has no more ideas."""
        choice, proposed = pull.choice, pull.candidates
        done = proposed == 0 or (choice.arm.thorough and proposed < choice.drafts)
        exhausted = self.exhausted | {choice.arm} if done else self.exhausted
        return replace(self, pulls=(*self.pulls, pull), exhausted=exhausted)

    def closed(self, arms: Sequence[Arm]) -> frozenset[Arm]:
        """Those of these arms that are not worth asking: they have no more ideas, or their model does not answer."""
        silent = {pull.choice.agent for pull in self.pulls if pull.silent}
        return self.exhausted | {arm for arm in arms if arm.agent in silent}

    @property
    def short(self) -> Short | None:
        """What kept agents from their ideas: the part of their budget that ran out first."""
        return next((pull.short for pull in self.pulls if pull.short and not pull.candidates), None)

    @property
    def rounds(self) -> int:
        """How many rounds were begun."""
        return max([pull.choice.round for pull in self.pulls] + [entry.round for entry in self.entries], default=0)

    @property
    def fruitful(self) -> int:
        """How many rounds brought candidates."""
        return len({entry.round for entry in self.entries})

    def promising(self, claim: float) -> list[Entry]:
        """Candidates that nothing speaks against and that looked faster than the claim, best first."""
        return sorted((entry for entry in self.entries if entry.gain > 1 + claim), key=lambda entry: -entry.gain)

    def found(self, pull: Pull) -> list[Entry]:
        """The candidates that a choice brought."""
        place = (pull.choice.round, pull.choice.lane)
        return [entry for entry in self.entries if (entry.round, entry.lane) == place]

    def gain_of(self, candidate: str | None) -> float:
        """How fast a candidate seemed to be; 1 for the base."""
        return next((entry.gain for entry in self.entries if entry.candidate == candidate), 1.0)

    def without_gain(self) -> int:
        """How many fruitful rounds passed since one brought something faster than all before it, claims aside."""
        best, last = 1.0, 0
        numbers = sorted({entry.round for entry in self.entries})
        for at, number in enumerate(numbers, 1):
            top = max(entry.gain for entry in self.entries if entry.round == number)
            if top > best:
                best, last = top, at
        return len(numbers) - last
