"""How much a search may spend of each thing, and how it is set aside before agents start, so that none can overspend."""

from dataclasses import dataclass
from typing import TypeVar

Amount = TypeVar("Amount", int, float)

FOR_PROPOSALS = 0.5  # of the time; the rest is for confirming what was found
LEAST = {"tokens": 4_000, "calls": 2, "evaluations": 1}  # a share below this is not worth handing out


@dataclass(frozen=True, slots=True)
class Allowance:
    """Upper bounds; None: not bounded."""

    seconds: float | None = None
    tokens: int | None = None
    usd: float | None = None
    calls: int | None = None
    evaluations: int | None = None

    def less(self, spent: "Spent") -> "Allowance":
        """What is left. Of the money, what is known to be spent counts; for calls without a price the other bounds hold."""
        return Allowance(
            _less(self.seconds, spent.seconds),
            _less(self.tokens, spent.tokens),
            _less(self.usd, spent.known_usd),
            _less(self.calls, spent.calls),
            _less(self.evaluations, spent.evaluations),
        )

    def shared(self, lanes: int) -> "Allowance":
        """An equal share for each of several agents that work abreast; time passes for all of them at once."""
        tokens, calls, looks = (None if all_ is None else all_ // lanes for all_ in (self.tokens, self.calls, self.evaluations))
        return Allowance(self.seconds, tokens, None if self.usd is None else self.usd / lanes, calls, looks)

    def held_back(self) -> "Allowance":
        """What one round may spend on models while others are to come: half of it."""
        tokens, calls = (None if all_ is None else (all_ + 1) // 2 for all_ in (self.tokens, self.calls))
        return Allowance(self.seconds, tokens, None if self.usd is None else self.usd / 2, calls, self.evaluations)

    def affords(self, lanes: int) -> int:
        """How many agents a share each is worth something to, at most `lanes`."""
        bounds = {"tokens": self.tokens, "calls": self.calls, "evaluations": self.evaluations}
        return max(0, min([lanes, *(bound // LEAST[name] for name, bound in bounds.items() if bound is not None)]))


def _less(bound: Amount | None, used: Amount) -> Amount | None:
    return None if bound is None else max(bound - bound, bound - used)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a search has used so far; `known_usd` is the cost of the calls whose price is known."""

    seconds: float = 0.0
    tokens: int = 0
    known_usd: float = 0.0
    calls: int = 0
    evaluations: int = 0
    unpriced: int = 0  # calls whose price is unknown

    @property
    def usd(self) -> float | None:
        """The cost; None, not an underestimate, as soon as one call's price was unknown."""
        return None if self.unpriced else self.known_usd
