"""The search for a faster version: rounds of proposals, each judged, then the best confirmed. Decides nothing by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.iteration import Iteration
from bot.selection.allowance import Spent
from bot.selection.archive import Archive, Entry, Pull
from bot.selection.fates import fates
from bot.selection.plan import Choice, Plan, Round, Short, Stop
from bot.selection.policy import choose, contenders, finalists
from evaluation.scorecard import Outcome, Scorecard

Told = tuple[str, str | None, str, dict[str, Any]]  # candidate, its parent, its fate, the figures that decided


class Step(Protocol):
    """Runs a function under a name; durable where a workflow carries the search, plain on the command line."""

    def __call__(self, name: str, function: Callable[..., Any], /, *args: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Brought:
    """What one agent brought in a round, and what that cost."""

    candidates: tuple[str, ...]
    cost: Spent
    silent: bool = False  # its model could not be asked
    short: Short | None = None  # what its share of had no more for another call to the model


class Workshop(Protocol):
    """Where candidates are made and judged: the lab, or a world on paper. Ids and digests stand for what is kept there."""

    def meter(self, iteration: Iteration, /) -> Spent:
        """The time, and what the run has used."""

    def propose(self, iteration: Iteration, chosen: Round, /) -> list[Brought]:
        """What each agent of a round brings."""

    def evaluate(self, iteration: Iteration, candidate: str, /) -> str:
        """A first look; its scorecard."""

    def race(self, iteration: Iteration, candidates: list[str], /) -> list[str]:
        """The same candidates, fastest first."""

    def confirm(self, iteration: Iteration, candidate: str, /) -> str:
        """The measurement that counts; its scorecard."""

    def account(self, iteration: Iteration, told: list[Told], stop: str, spent: Spent, /) -> None:
        """Remember how it all ended."""

    def scorecard(self, blob: str, /) -> Scorecard:
        """What is kept under a scorecard's digest."""

    def ingredients(self, candidate: str, /) -> Sequence[str]:
        """The recipes that a candidate is made of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a search ended: the candidate whose gain was confirmed, or none."""

    winner: str | None
    confirmations: int


def search(step: Step, lab: Workshop, iteration: Iteration, plan: Plan) -> Finding:
    """Propose and judge until the policy is settled, then confirm the best on fresh processes and inputs."""
    archive, began = Archive(), step("meter", lab.meter, iteration)
    spent = Spent()
    while not isinstance(chosen := choose(archive, plan, spent), Stop):
        archive = _round(step, lab, iteration, archive, chosen)
        spent = _since(step("meter", lab.meter, iteration), began)
    confirmed, winner = _confirm(step, lab, iteration, archive, plan)
    told = [(each.candidate, each.parent, each.kind, dict(each.data)) for each in fates(archive, plan, confirmed, winner)]
    step("account", lab.account, iteration, told, chosen.reason, spent)
    return Finding(winner, len(confirmed))


def _since(now: Spent, began: Spent) -> Spent:
    """The clock counts from the start of this search; everything else from the start of its run, for a budget is a run's."""
    return replace(now, seconds=now.seconds - began.seconds)


def _round(step: Step, lab: Workshop, iteration: Iteration, archive: Archive, chosen: Round) -> Archive:
    """Agents work abreast in one step, for they share a budget; each candidate is judged in a step of its own."""
    lanes: list[Brought] = step(f"propose-{chosen.number}", lab.propose, iteration, chosen)
    for choice, brought in zip(chosen.choices, lanes, strict=True):
        for candidate in brought.candidates:
            archive = archive.add(_judged(step, lab, iteration, choice, candidate))
        archive = archive.record(Pull(choice, len(brought.candidates), brought.cost, brought.silent, brought.short))
    return archive


def _judged(step: Step, lab: Workshop, iteration: Iteration, choice: Choice, candidate: str) -> Entry:
    judged = step(f"evaluate-{candidate}", lab.evaluate, iteration, candidate)
    return Entry.of(candidate, choice, lab.scorecard(judged), lab.ingredients(candidate))


def _confirm(step: Step, lab: Workshop, iteration: Iteration, archive: Archive, plan: Plan) -> tuple[list[str], str | None]:
    """Whom we measured again, in order, and who won."""
    tried: list[str] = []
    for entry in _ordered(step, lab, iteration, finalists(archive, plan), plan):
        tried.append(entry.candidate)
        card = lab.scorecard(step(f"confirm-{entry.candidate}", lab.confirm, iteration, entry.candidate))
        if card.outcome is Outcome.ACCEPTED:
            return tried, entry.candidate
    return tried, None


def _ordered(step: Step, lab: Workshop, iteration: Iteration, ranked: list[Entry], plan: Plan) -> list[Entry]:
    """Those that a first look can't tell apart race for the right to be confirmed first."""
    close = contenders(ranked, plan) if ranked else []
    if len(close) < 2:
        return ranked
    names: list[str] = step("race", lab.race, iteration, [entry.candidate for entry in close])
    return sorted(close, key=lambda entry: names.index(entry.candidate)) + [entry for entry in ranked if entry not in close]
