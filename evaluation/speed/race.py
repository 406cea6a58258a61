"""Which of several candidates is the fastest: those that can no longer win drop out. Pure, and it claims nothing.

Interval elimination: with a spread pooled over all lanes and Bonferroni's correction for their number, a lane is out when even
the upper end of the interval of its difference to the best (sqrt 2 x half) is below the best mean.
"""

import math
import statistics
from collections.abc import Mapping, Sequence

from evaluation.speed import student

ROUNDS = (3, 2, 3)  # processes that each lane still in the race gets
ERROR = 0.05  # the chance that the best lane drops out in a round
TIE = math.log(1.02)  # a lane that may be faster by less than this is as good as the best one


def standing(gains: Mapping[str, Sequence[float]]) -> list[str]:
    """All lanes, best mean first; a lane without a usable process comes last."""
    return sorted(gains, key=lambda lane: -_mean(gains[lane]))


def alive(gains: Mapping[str, Sequence[float]]) -> list[str]:
    """The lanes that may still be the best, best mean first; only one where the race is decided."""
    usable = {lane: values for lane, values in gains.items() if math.isfinite(_mean(values))}
    ranked = standing(usable)
    half = _half_widths(usable)
    best = max(map(_mean, usable.values()), default=0.0)
    left = [lane for lane in ranked if _mean(usable[lane]) + math.sqrt(2) * half[lane] >= best]
    settled = all(_mean(usable[lane]) + math.sqrt(2) * half[lane] < best + TIE for lane in left[1:])
    return left[:1] if settled else left


def _half_widths(gains: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Half the interval of each lane's mean; infinite while there is nothing to pool."""
    freedom = sum(len(values) - 1 for values in gains.values())
    if freedom < 1:
        return dict.fromkeys(gains, math.inf)
    pooled = math.sqrt(
        sum(statistics.variance(values) * (len(values) - 1) for values in gains.values() if len(values) > 1) / freedom
    )
    quantile = student.quantile(1 - ERROR / (2 * len(gains)), freedom)
    return {lane: quantile * pooled / math.sqrt(len(values)) for lane, values in gains.items()}


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values and all(map(math.isfinite, values)) else -math.inf
