"""A budget of tokens, dollars and calls: reserved before a call, settled after it, so that agents abreast cannot overspend."""

import threading
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.gateway.prices import Price
from bot.gateway.usage import Usage

Amount = TypeVar("Amount", int, float)

_LEAST_OUTPUT = 1024  # tokens of answer below which a call is not worth its prompt


Part = Literal["tokens", "money", "calls"]


class BudgetExhausted(Exception):
    """The next call could exceed the budget; `part` is what of it is used up, `str(error)` says so."""

    def __init__(self, part: Part, text: str) -> None:
        super().__init__(text)
        self.part: Part = part


@dataclass(frozen=True, slots=True)
class Budget:
    """Upper bounds; None: not bounded here (though perhaps by the lease this one is part of)."""

    tokens: int | None = None
    usd: float | None = None
    calls: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used so far; `known_usd` is the cost of the calls whose price is known."""

    tokens: int = 0
    known_usd: float = 0.0
    calls: int = 0
    unpriced: int = 0  # calls whose price is unknown

    @property
    def usd(self) -> float | None:
        """The cost; None, not an underestimate, as soon as one call's price was unknown."""
        return None if self.unpriced else self.known_usd

    def plus(self, other: "Spent") -> "Spent":
        """Both together."""
        return Spent(
            self.tokens + other.tokens,
            self.known_usd + other.known_usd,
            self.calls + other.calls,
            self.unpriced + other.unpriced,
        )


@dataclass(frozen=True, slots=True)
class Reservation:
    """What one call may use: its prompt (as estimated) and at most `output` tokens of answer."""

    output: int
    tokens: int
    usd: float
    price: Price | None


class Lease:
    """A budget that several threads draw from. A part of another lease draws from that one too."""

    def __init__(self, budget: Budget, part_of: "Lease | None" = None) -> None:
        self.budget = budget
        self._part_of = part_of
        self._lock: threading.RLock = part_of._lock if part_of else threading.RLock()
        self._spent = Spent()
        self._reserved = Spent()

    @property
    def spent(self) -> Spent:
        """What was settled so far."""
        with self._lock:
            return self._spent

    def left(self) -> Budget:
        """What can still be reserved, here and in the leases this one is part of."""
        with self._lock:
            mine = self._left()
            above = self._part_of.left() if self._part_of else Budget()
        return Budget(_least(mine.tokens, above.tokens), _least(mine.usd, above.usd), _least(mine.calls, above.calls))

    def reserve(self, prompt: int, output: int, price: Price | None) -> Reservation:
        """Set aside one call with up to `output` tokens of answer, fewer where less is left. Raises BudgetExhausted."""
        with self._lock:
            granted = _affordable(self.left(), prompt, output, price)
            cost = price.most(prompt, granted) if price else 0.0
            reservation = Reservation(granted, prompt + granted, cost, price)
            self._hold(Spent(reservation.tokens, cost, 1))
        return reservation

    def settle(self, reservation: Reservation, usage: Usage) -> float | None:
        """Book what the call really used and give the rest back; its cost in dollars, None when the price is unknown."""
        usd = reservation.price.usd(usage) if reservation.price else None
        with self._lock:
            self._hold(Spent(-reservation.tokens, -reservation.usd, -1))
            self._book(Spent(usage.total, usd or 0.0, 1, unpriced=int(usd is None)))
        return usd

    def book(self, usage: Usage, price: Price | None) -> None:
        """Count a call that was made and paid for before this lease was."""
        with self._lock:
            self._book(Spent(usage.total, price.usd(usage) if price else 0.0, 1, unpriced=int(price is None)))

    def _left(self) -> Budget:
        taken = self._spent.plus(self._reserved)
        return Budget(
            None if self.budget.tokens is None else self.budget.tokens - taken.tokens,
            None if self.budget.usd is None else self.budget.usd - taken.known_usd,
            None if self.budget.calls is None else self.budget.calls - taken.calls,
        )

    def _hold(self, amount: Spent) -> None:
        self._reserved = self._reserved.plus(amount)
        if self._part_of:
            self._part_of._hold(amount)

    def _book(self, amount: Spent) -> None:
        self._spent = self._spent.plus(amount)
        if self._part_of:
            self._part_of._book(amount)


def _affordable(left: Budget, prompt: int, output: int, price: Price | None) -> int:
    """How many tokens of answer are covered. An unknown price leaves the token budget as the only bound."""
    if left.calls is not None and left.calls < 1:
        raise BudgetExhausted("calls", "the budget of model calls is used up")
    least = min(_LEAST_OUTPUT, output)
    if left.tokens is not None:
        output = min(output, left.tokens - prompt)
        if output < least:
            words = f"the token budget is used up: {max(0, left.tokens)} left, the next call needs {prompt + least}"
            raise BudgetExhausted("tokens", words)
    if left.usd is None or price is None:
        return output
    affordable = _output_for(left.usd, prompt, output, price)
    if affordable < least:
        words = f"the money is used up: ${max(0.0, left.usd):.2f} left, the next call needs ${price.most(prompt, least):.2f}"
        raise BudgetExhausted("money", words)
    return affordable


def _output_for(usd: float, prompt: int, output: int, price: Price) -> int:
    """The most tokens of answer that `usd` pays for beside the prompt; the cost is linear in them."""
    fixed = price.most(prompt, 0)
    each = price.most(prompt, 1) - fixed
    return min(output, int((usd - fixed) / each)) if each > 0 else output


def _least(one: Amount | None, other: Amount | None) -> Amount | None:
    return min((value for value in (one, other) if value is not None), default=None)
