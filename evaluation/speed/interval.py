"""Intervals over processes: the only statistics a claim may rest on. Everything here works on logarithms of ratios."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.scorecard import LEVEL, Interval
from evaluation.speed import student

LOOKS = (4, 6, 8, 12, 16, 20)  # processes after which we look; calibrated by simulation together with LEVEL
FINE_LOOKS = (6, 10, 16, 24, 40)  # for small effects: later, and one fewer, so that together they err no more often
_STAKES = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 400.0)


@dataclass(frozen=True, slots=True)
class LogInterval:
    """A mean of log-ratios with its t-interval."""

    mean: float
    low: float
    high: float
    error: float  # standard error of the mean
    level: float
    count: int = 2  # processes

    def shifted(self, by: float) -> "LogInterval":
        """The same, `by` lower."""
        return LogInterval(self.mean - by, self.low - by, self.high - by, self.error, self.level, self.count)

    def chance_of_less(self) -> float:
        """How likely a mean as low as this is where there is no difference: the one-sided p-value of "slower"."""
        if self.error == 0:
            return 0.0 if self.mean < 0 else 1.0
        return student.below(self.mean / self.error, self.count - 1)

    def ratio(self) -> Interval:
        """As a ratio people read."""
        return Interval(math.exp(self.mean), math.exp(self.low), math.exp(self.high), self.level)


def log_interval(values: Sequence[float], level: float = LEVEL) -> LogInterval | None:
    """The t-interval of the mean of independent processes' values; None where there are too few or one is no number."""
    if len(values) < 2 or not all(math.isfinite(value) for value in values):
        return None
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    error = math.sqrt(variance / len(values))
    half = student.half_width(level, len(values) - 1) * error
    return LogInterval(mean, mean - half, mean + half, error, level, len(values))


def median_error(values: Sequence[float]) -> float:
    """Standard error of a median, from the median absolute deviation: 1.2533 (a median's over a mean's) x 1.4826 of it."""
    middle = statistics.median(values)
    return 1.858 * statistics.median(abs(value - middle) for value in values) / math.sqrt(len(values))


def slower(cells: Sequence[LogInterval]) -> tuple[bool, ...]:
    """Which sizes are slower, by Holm's procedure: the chance that any is called so wrongly is that of one interval."""
    chances = [cell.chance_of_less() for cell in cells]
    order = sorted(range(len(cells)), key=lambda at: chances[at])
    found = [False] * len(cells)
    for rank, at in enumerate(order):
        if chances[at] > (1 - LEVEL) / 2 / (len(cells) - rank):
            break
        found[at] = True
    return tuple(found)


def e_value(values: Sequence[float]) -> float:
    """Evidence against "the sign is a coin toss", valid at any stopping time and for any noise; stored, never a veto."""
    logs = [_bet(stake, values) for stake in _STAKES]
    top = max(logs)
    return math.exp(min(700.0, top)) * math.fsum(math.exp(log - top) for log in logs) / len(logs)


def _bet(stake: float, values: Sequence[float]) -> float:
    """ln of the product of exp(stake x) / cosh(stake x), without overflow."""
    return math.fsum(_one(stake * value) for value in values)


def _one(x: float) -> float:
    return x - abs(x) - math.log1p(math.exp(-2 * abs(x))) + math.log(2)
