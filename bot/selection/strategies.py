"""The four ways to go on from what is known: which agents work in the next round, and from which candidates. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence

from bot.selection import bandit, parents
from bot.selection.archive import Archive, Entry, Pull
from bot.selection.bandit import Reward
from bot.selection.plan import Arm, Choice, Plan, Strategy

PATIENCE = 2  # rounds without a gain before a local optimum is left on purpose
Asked = Callable[[Archive, Plan, int, int], list[Choice]]  # (archive, plan, number of the round, lanes at most)


def sequential(archive: Archive, plan: Plan, number: int, _lanes: int) -> list[Choice]:
    """One agent, one proposal, each from the best so far."""
    return [_from(arm, number, 1, _best(archive, plan, arm)) for arm in _variants(archive, plan, number, 1)]


def parallel(archive: Archive, plan: Plan, number: int, lanes: int) -> list[Choice]:
    """As many as may work abreast, all from the base."""
    return [_from(arm, number, plan.parallel, None) for arm in _variants(archive, plan, number, lanes)]


def hybrid(archive: Archive, plan: Plan, number: int, lanes: int) -> list[Choice]:
    """Rounds of several: each goes on from one of the best few and gets to see another of them."""
    best = [idea.candidate for idea in parents.ideas(archive, plan.claim)[:-1]][: plan.keep]
    arms = _variants(archive, plan, number, lanes)
    return [_mated(arm, number, plan, best[at % len(best)] if best else None, best, "kept") for at, arm in enumerate(arms)]


def adaptive(archive: Archive, plan: Plan, number: int, lanes: int) -> list[Choice]:
    """Arms by what they brought and cost, from where most is promised; without a gain for long, from elsewhere than the best."""
    able = [arm for arm in plan.arms if arm not in archive.exhausted]
    stuck = archive.without_gain() >= PATIENCE
    arms = bandit.pick(able, [_reward(archive, pull) for pull in archive.pulls], lanes)
    if arms[0].thorough:  # cheap, and its own answer is worth knowing before anybody else starts
        return [_from(arms[0], number, plan.parallel, None, "bandit")]
    arms = [arm for arm in arms if not arm.thorough]
    found = [idea.candidate for idea in parents.ideas(archive, plan.claim)]
    places = parents.pick(archive, plan.claim, len(arms))
    if stuck:  # away from the best, on purpose
        places = [found[1 + at % (len(found) - 1)] if len(found) > 1 else None for at in range(len(arms))]
    why = "escape" if stuck else "bandit"
    return [_mated(arm, number, plan, place, found[:-1], why) for arm, place in zip(arms, places, strict=True)]


BY_NAME: Mapping[Strategy, Asked] = {
    "sequential": sequential,
    "parallel": parallel,
    "hybrid": hybrid,
    "adaptive": adaptive,
}


def _variants(archive: Archive, plan: Plan, number: int, lanes: int) -> list[Arm]:
    """Agents take turns; the one whose turn it is uses those of its arms that were used least."""
    able = [arm for arm in plan.arms if arm not in archive.exhausted]
    agents = list(dict.fromkeys(arm.agent for arm in able))
    own = [arm for arm in able if arm.agent == agents[(number - 1) % len(agents)]]
    own.sort(key=lambda arm: sum(pull.choice.arm == arm for pull in archive.pulls))
    return own[:1] if own[0].thorough else [own[at % len(own)] for at in range(lanes)]


def _best(archive: Archive, plan: Plan, arm: Arm) -> Entry | None:
    """Recipes always start from the base (they combine by themselves); others go on from the best."""
    best = archive.promising(plan.claim)
    return None if arm.thorough or not best else best[0]


def _from(arm: Arm, number: int, drafts: int, parent: Entry | None, why: str = "") -> Choice:
    reason = why or ("best" if parent else "base")
    return Choice(number, arm, drafts if arm.thorough else 1, parent.candidate if parent else None, why=reason)


def _mated(arm: Arm, number: int, plan: Plan, parent: str | None, known: Sequence[str | None], why: str) -> Choice:
    """From one candidate, with a look at the best of the others."""
    if arm.thorough:
        return _from(arm, number, plan.parallel, None)
    mate = next((other for other in known if other != parent), None)
    return Choice(number, arm, 1, parent, mate if parent else None, why=why if parent or why != "kept" else "base")


def _reward(archive: Archive, pull: Pull) -> Reward:
    """The gain of a pull's best candidate over its parent."""
    before = archive.gain_of(pull.choice.parent)
    best = max((entry.gain for entry in archive.found(pull)), default=1.0)
    return Reward(pull.choice.arm, max(0.0, math.log(best / before)), cost(pull))


def cost(pull: Pull) -> float:
    """What a pull took, in seconds: the one thing that every kind of agent spends."""
    return max(pull.cost.seconds, 0.1)
