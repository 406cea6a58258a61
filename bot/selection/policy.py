"""What to try next, when to stop, and whom to confirm. Pure: time and money come in as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.selection.archive import Archive, Entry

Strategy = Literal["sequential", "parallel", "hybrid"]
FINALISTS = 3
CLOSE = 1.05  # first looks that are less than this apart say nothing about who is faster
PLENTY = 2.0  # times as fast: from here on, five per cent more or less are not worth the time of a race
THOROUGH = frozenset({"recipes"})  # agents that say all they have at once: asked again, they only repeat themselves


@dataclass(frozen=True, slots=True)
class Plan:
    """How a search goes: who takes part, in how many rounds, with how many drafts a round."""

    agents: tuple[str, ...]
    strategy: Strategy = "hybrid"
    rounds: int = 4
    parallel: int = 4
    claim: float = 0.03
    prefer: frozenset[str] = frozenset()  # recipes that reviewers asked for
    seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One round to go: which agent proposes how many drafts, starting from which candidate (None: the base)."""

    round: int
    agent: str
    drafts: int
    parent: str | None = None


def choose(archive: Archive, plan: Plan, *, spent_s: float) -> Choice | None:
    """The next round, or None when the search is settled: rounds, time or ideas are used up."""
    number = 1 + max((entry.round for entry in archive.entries), default=0)
    able = [agent for agent in plan.agents if agent not in archive.exhausted]
    if not able or number > plan.rounds or spent_s > plan.seconds / 2:
        return None
    agent = able[(number - 1) % len(able)]
    if _settled(archive, agent, plan):
        return None
    drafts = 1 if plan.strategy == "sequential" else plan.parallel
    return Choice(number, agent, drafts, _parent(archive, agent, plan))


def _settled(archive: Archive, agent: str, plan: Plan) -> bool:
    """Another round by the same agent pays only while its last one found something better than the ones before."""
    last = max((entry.round for entry in archive.entries), default=0)
    if last == 0 or all(entry.agent != agent for entry in archive.entries):
        return False
    if not archive.promising(plan.claim):
        return False
    return archive.promising(plan.claim)[0].round < last


def _parent(archive: Archive, agent: str, plan: Plan) -> str | None:
    """Recipes always start from the base (they combine by themselves); others go on from the best, unless told to run abreast."""
    best = archive.promising(plan.claim)
    if agent == "recipes" or plan.strategy == "parallel" or not best:
        return None
    return best[0].candidate


def spent(choice: Choice, proposed: int) -> bool:
    """Whether an agent that proposed so many drafts in this round has nothing more to say."""
    return proposed == 0 or (choice.agent in THOROUGH and proposed < choice.drafts)


def finalists(archive: Archive, plan: Plan) -> list[Entry]:
    """Whom to confirm, in order: the first that is accepted wins. What reviewers prefer goes before what is merely faster."""
    ranked = archive.promising(plan.claim)
    return sorted(ranked, key=lambda entry: plan.prefer.isdisjoint(entry.ingredients))[:FINALISTS]


def contenders(ranked: Sequence[Entry], plan: Plan) -> list[Entry]:
    """The finalists that have to race: a first look can't tell them apart, reviewers like them alike, and it matters who wins."""
    if (ranked[0].ratio or 0) >= PLENTY:
        return list(ranked[:1])
    liked = [
        entry for entry in ranked if plan.prefer.isdisjoint(entry.ingredients) == plan.prefer.isdisjoint(ranked[0].ingredients)
    ]
    return [entry for entry in liked if (entry.ratio or 0) * CLOSE > (liked[0].ratio or 0)]
