"""The search for a faster version: rounds of proposals, each judged, then the best confirmed. Decides nothing by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.iteration import Iteration
from bot.lab import Lab
from bot.selection.archive import Archive, Entry
from bot.selection.policy import Choice, Plan, choose, contenders, finalists, spent
from evaluation.scorecard import Outcome


class Step(Protocol):
    """Runs a function under a name; durable where a workflow carries the search, plain on the command line."""

    def __call__(self, name: str, function: Callable[..., Any], /, *args: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """How a search ended: the candidate whose gain was confirmed, or none."""

    winner: str | None
    confirmations: int


def search(step: Step, lab: Lab, iteration: Iteration, plan: Plan) -> Finding:
    """Propose and judge until the policy is settled, then confirm the best on fresh processes and inputs."""
    archive, started = Archive(), step("clock", time.time)
    while choice := choose(archive, plan, spent_s=step("clock", time.time) - started):
        archive = _round(step, lab, iteration, archive, choice)
    return _confirm(step, lab, iteration, archive, plan)


def _round(step: Step, lab: Lab, iteration: Iteration, archive: Archive, choice: Choice) -> Archive:
    proposed: list[str] = step(f"propose-{choice.round}-{choice.agent}", lab.propose, iteration, choice)
    for candidate in proposed:
        judged = step(f"evaluate-{candidate}", lab.evaluate, iteration, candidate)
        archive = archive.add(Entry.of(candidate, choice.agent, choice.round, lab.scorecard(judged), lab.ingredients(candidate)))
    return archive.exhaust(choice.agent) if spent(choice, len(proposed)) else archive


def _confirm(step: Step, lab: Lab, iteration: Iteration, archive: Archive, plan: Plan) -> Finding:
    tried = 0
    for entry in _ordered(step, lab, iteration, finalists(archive, plan), plan):
        tried += 1
        card = lab.scorecard(step(f"confirm-{entry.candidate}", lab.confirm, iteration, entry.candidate))
        if card.outcome is Outcome.ACCEPTED:
            return Finding(entry.candidate, tried)
    return Finding(None, tried)


def _ordered(step: Step, lab: Lab, iteration: Iteration, ranked: list[Entry], plan: Plan) -> list[Entry]:
    """Those that a first look can't tell apart race for the right to be confirmed first."""
    close = contenders(ranked, plan) if ranked else []
    if len(close) < 2:
        return ranked
    names: list[str] = step("race", lab.race, iteration, [entry.candidate for entry in close])
    return sorted(close, key=lambda entry: names.index(entry.candidate)) + [entry for entry in ranked if entry not in close]
