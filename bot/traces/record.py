"""One run as it was recorded: what each agent said and did, what its model was asked, and what the judge made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.agents.contract import Event
from bot.blobs import Blobs
from bot.ledger import Exchange, FateRow
from bot.store import CandidateRow, IterationRow, RunRow, Store


@dataclass(frozen=True, slots=True)
class Talk:
    """One exchange with a model, with its texts."""

    exchange: Exchange
    request: Mapping[str, Any]
    response: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One step of an iteration in which somebody worked: its events, its exchanges, and the candidates that came of it."""

    iteration: str
    step: str
    at: float  # when it was written down
    events: tuple[Event, ...]
    talks: tuple[Talk, ...]
    candidates: tuple[CandidateRow, ...]

    @property
    def agent(self) -> str:
        """Who worked; "" for what the bot did itself."""
        kind, _, rest = self.step.partition("-")
        return rest.partition("-")[2] if kind == "propose" else ""

    @property
    def model(self) -> str:
        """The model that was asked, if one was."""
        return next((str(talk.request.get("model", "")) for talk in self.talks), "")


@dataclass(frozen=True, slots=True)
class Pass:
    """One iteration."""

    row: IterationRow
    stretches: tuple[Stretch, ...]
    fates: Mapping[str, FateRow]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A whole run."""

    run: RunRow
    passes: tuple[Pass, ...]

    @property
    def stretches(self) -> list[Stretch]:
        """All stretches, in order."""
        return [stretch for each in self.passes for stretch in each.stretches]


def read(store: Store, blobs: Blobs, run_id: str) -> Recorded | None:
    """What is known of a run; None for one that is not known."""
    run = store.run(run_id)
    if run is None:
        return None
    judged = store.candidates(run_id)
    return Recorded(run, tuple(_pass(store, blobs, row, judged) for row in store.iterations(run_id)))


def _pass(store: Store, blobs: Blobs, row: IterationRow, judged: Sequence[CandidateRow]) -> Pass:
    said, paid = store.trajectory(row.id), store.ledger.exchanges(row.id)
    steps = dict.fromkeys([*(step for step, _, _ in said), *(each.step for each in paid)])
    own = [candidate for candidate in judged if candidate.iteration_id == row.id]
    fates = store.ledger.fates(row.id)
    lanes = {name: fate.data.get("lane") for name, fate in fates.items()}
    return Pass(row, tuple(_stretch(blobs, row.id, step, said, paid, _of(step, own, lanes)) for step in steps), fates)


def _stretch(
    blobs: Blobs,
    iteration: str,
    step: str,
    said: Sequence[tuple[str, float, Event]],
    paid: Sequence[Exchange],
    judged: Sequence[CandidateRow],
) -> Stretch:
    events = [(at, event) for name, at, event in said if name == step]
    talks = tuple(Talk(each, blobs.get_json(each.request), blobs.get_json(each.response)) for each in paid if each.step == step)
    at = max([at for at, _ in events] + [talk.exchange.at for talk in talks])
    return Stretch(iteration, step, at, tuple(event for _, event in events), talks, tuple(judged))


def _of(step: str, judged: Sequence[CandidateRow], lanes: Mapping[str, int | None]) -> list[CandidateRow]:
    """The candidates of a step, which says so of the agent and the round; once the search has ended its lane is known, too."""
    kind, _, rest = step.partition("-")
    place, _, agent = rest.partition("-")
    if kind != "propose":
        return []
    number, _, lane = place.partition(".")
    own = [row for row in judged if row.agent == agent and str(row.round) == number]
    return [row for row in own if lanes.get(row.id) in (None, int(lane or 1))]
