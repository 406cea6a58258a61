"""Which arm to pull next: an upper confidence bound on the gain over the parent, in relation to what a pull costs. Pure.

With a dozen pulls there is no time to try every arm, so a pull also counts for arms like it, in part.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.selection.plan import Arm

EXPLORATION = 0.3  # in units of log speed-up; chosen by simulation, see docs/decisions/0005
PRIOR = 0.3  # the gain (as log) an arm that nobody knows is thought to be worth, as if it had been pulled once
THRIFT = 0.5  # how much cost counts: 0 not at all; 1: twice the cost has to bring twice the gain


@dataclass(frozen=True, slots=True)
class Reward:
    """What one pull brought: its best candidate's gain over the parent, as log, never negative; and what it cost, in any unit."""

    arm: Arm
    gain: float
    cost: float = 1.0


def pick(arms: Sequence[Arm], seen: Sequence[Reward], lanes: int) -> list[Arm]:
    """The most promising arms for agents that work abreast: each pick counts as a pull that brought what was expected."""
    picked: list[Arm] = []
    known = list(seen)
    for _ in range(lanes if arms else 0):
        best = max(arms, key=lambda arm: (score(arm, known), -arms.index(arm)))
        picked.append(best)
        known.append(Reward(best, *expected(best, known)))
    return picked


def score(arm: Arm, seen: Sequence[Reward]) -> float:
    """How much a pull of this arm promises at best, per unit of cost."""
    gain, cost = expected(arm, seen)
    bound = gain + EXPLORATION * math.sqrt(math.log(2 + len(seen)) / _weight(arm, seen))
    return bound / math.pow(cost, THRIFT)


def expected(arm: Arm, seen: Sequence[Reward]) -> tuple[float, float]:
    """The gain and the relative cost to expect, from pulls of this arm and of those like it."""
    weight = _weight(arm, seen)
    gain = (PRIOR + sum(arm.likeness(each.arm) * each.gain for each in seen)) / weight
    usual = sum(each.cost for each in seen) / len(seen) if seen else 1.0
    cost = (usual + sum(arm.likeness(each.arm) * each.cost for each in seen)) / weight
    return gain, max(cost / usual, 0.05) if usual > 0 else 1.0


def _weight(arm: Arm, seen: Sequence[Reward]) -> float:
    return 1 + sum(arm.likeness(each.arm) for each in seen)
