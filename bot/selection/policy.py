"""What to try next, when to stop, and whom to confirm. Pure: time and money come in as numbers."""

from collections.abc import Sequence
from dataclasses import replace

from bot.selection.allowance import FOR_PROPOSALS, LEAST, Allowance, Spent
from bot.selection.archive import CLOSE, Archive, Entry
from bot.selection.plan import Choice, Plan, Round, Stop
from bot.selection.strategies import BY_NAME, PATIENCE

FINALISTS = 3
PLENTY = 2.0  # times as fast: from here on, five per cent more or less are not worth the time of a race


def choose(archive: Archive, plan: Plan, spent: Spent) -> Round | Stop:
    """The next round, or why the search is over. Each choice holds its share of what is left."""
    archive = replace(archive, exhausted=archive.closed(plan.arms))
    if archive.exhausted.issuperset(plan.arms):
        return Stop(archive.short or "ideas")
    if archive.fruitful >= plan.rounds:
        return Stop("rounds")
    left = plan.budget.less(spent)
    if late := _late(plan.budget, left):
        return late
    if short := _short(left):  # agents without a model may still go on
        archive = replace(archive, exhausted=archive.exhausted | {arm for arm in plan.arms if not arm.thorough})
        if archive.exhausted.issuperset(plan.arms):
            return short
    number, left = archive.rounds + 1, left if archive.fruitful + 1 >= plan.rounds else left.held_back()
    choices = BY_NAME[plan.strategy](archive, plan, number, max(1, left.affords(plan.parallel)))
    if settled := _settled(archive, plan):
        return settled
    share = replace(left.shared(len(choices)), seconds=_for_proposals(plan.budget, left))
    return Round(number, tuple(_shared(choice, lane, share) for lane, choice in enumerate(choices, 1)))


def _shared(choice: Choice, lane: int, share: Allowance) -> Choice:
    """With its share, and no more drafts than may be looked at."""
    drafts = choice.drafts if share.evaluations is None else min(choice.drafts, share.evaluations)
    return replace(choice, lane=lane, share=share, drafts=drafts)


def _late(budget: Allowance, left: Allowance) -> Stop | None:
    """Whether nothing more may be judged."""
    seconds = _for_proposals(budget, left)
    if seconds is not None and seconds < 0:
        return Stop("time")
    return Stop("evaluations") if left.evaluations == 0 else None


def _short(left: Allowance) -> Stop | None:
    """Which part of a model's budget is used up, if any."""
    if left.calls is not None and left.calls < LEAST["calls"]:
        return Stop("calls")
    if left.tokens is not None and left.tokens < LEAST["tokens"]:
        return Stop("tokens")
    return Stop("money") if left.usd == 0 else None


def _for_proposals(budget: Allowance, left: Allowance) -> float | None:
    """Seconds until confirming has to begin."""
    if budget.seconds is None or left.seconds is None:
        return None
    return left.seconds - budget.seconds * (1 - FOR_PROPOSALS)


def _settled(archive: Archive, plan: Plan) -> Stop | None:
    """Whether another round promises nothing: none of the last ones brought anything faster."""
    without = archive.without_gain()
    if all(arm.thorough for arm in plan.arms if arm not in archive.exhausted):  # these say their best first
        return Stop("settled") if without >= 1 and archive.promising(plan.claim) else None
    if plan.strategy == "adaptive":  # half of its patience goes into looking elsewhere
        return Stop("stalled") if without >= 2 * PATIENCE else None
    return Stop("settled") if without >= PATIENCE and archive.promising(plan.claim) else None


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
