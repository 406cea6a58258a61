"""What a search has paid and seen: every exchange with a model, every look of the judge, and what became of each candidate.

Append-only. Requests and answers lie in the blobs, masked before they get here.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.gateway.lease import Spent
from bot.gateway.usage import Usage
from bot.tables import exchanges, fates, glances, iterations


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt to ask a model: what it was asked, what came back, what it cost."""

    step: str
    number: int
    request: str  # blob
    response: str  # blob
    usage: Usage = Usage()
    usd: float | None = None
    seconds: float = 0.0
    error: str = ""  # "" where it was answered
    at: float = 0.0

    @property
    def spent(self) -> Spent:
        """What it used."""
        return Spent(self.usage.total, self.usd or 0.0, 1, unpriced=int(self.usd is None))


@dataclass(frozen=True, slots=True)
class FateRow:
    """What became of one candidate and why; candidate "" tells of the search itself."""

    candidate: str
    parent: str | None
    fate: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Ledger:
    """The tables of a search, in our database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add_exchange(self, iteration_id: str, exchange: Exchange) -> None:
        """Write down one exchange; one that stands there already stays as it is."""
        usage = exchange.usage
        values = {
            "iteration_id": iteration_id,
            "step": exchange.step,
            "number": exchange.number,
            "at": time.time(),
            "request": exchange.request,
            "response": exchange.response,
            "usage": {
                "input": usage.input,
                "cache_write": usage.cache_write,
                "cache_read": usage.cache_read,
                "output": usage.output,
            },
            "usd": exchange.usd,
            "seconds": exchange.seconds,
            "error": exchange.error,
        }
        self._insert(exchanges, [values])

    def exchanges(self, iteration_id: str, step: str | None = None) -> list[Exchange]:
        """The exchanges of an iteration, or of one step of it, in order."""
        query = exchanges.select().where(exchanges.c.iteration_id == iteration_id)
        if step is not None:
            query = query.where(exchanges.c.step == step)
        return [_exchange(row) for row in self._rows(query.order_by(exchanges.c.at, exchanges.c.step, exchanges.c.number))]

    def spent(self, run_id: str) -> Spent:
        """What all models of a run cost so far."""
        of_run = sa.select(iterations.c.id).where(iterations.c.run_id == run_id)
        rows = self._rows(exchanges.select().where(exchanges.c.iteration_id.in_(of_run)))
        return total(_exchange(row).spent for row in rows)

    def add_glance(self, iteration_id: str, changes: str, scorecard: str) -> None:
        """Remember what a first look said of these changes (a blob), under the digest of its scorecard."""
        self._insert(glances, [{"iteration_id": iteration_id, "changes": changes, "scorecard": scorecard, "at": time.time()}])

    def glance(self, iteration_id: str, changes: str) -> str | None:
        """The scorecard of a first look at these changes, if there was one."""
        query = glances.select().where(glances.c.iteration_id == iteration_id, glances.c.changes == changes)
        return next((row.scorecard for row in self._rows(query)), None)

    def looks(self, run_id: str) -> int:
        """How many first looks a run has taken."""
        of_run = sa.select(iterations.c.id).where(iterations.c.run_id == run_id)
        return len(self._rows(glances.select().where(glances.c.iteration_id.in_(of_run))))

    def tell_fates(self, iteration_id: str, told: Sequence[FateRow]) -> None:
        """Write down what became of each candidate."""
        self._insert(fates, [{"iteration_id": iteration_id, **asdict(each)} for each in told])

    def fates(self, iteration_id: str) -> dict[str, FateRow]:
        """What became of the candidates of an iteration, by id; the search itself under ""."""
        rows = self._rows(fates.select().where(fates.c.iteration_id == iteration_id))
        return {row.candidate: FateRow(row.candidate, row.parent, row.fate, row.data) for row in rows}

    def _rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _insert(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def total(amounts: Iterable[Spent]) -> Spent:
    """All amounts together."""
    found = Spent()
    for each in amounts:
        found = found.plus(each)
    return found


def _exchange(row: Any) -> Exchange:
    usage = Usage(**row.usage)
    return Exchange(row.step, row.number, row.request, row.response, usage, row.usd, row.seconds, row.error, row.at)
