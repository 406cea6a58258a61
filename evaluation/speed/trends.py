"""From per-process log-ratios and seconds along a line of sizes to its trend, crossover and capacity: pure."""

import itertools
import math
from collections.abc import Sequence

from evaluation.scaling import Capacity, Crossover, Trend
from evaluation.speed.interval import LogInterval, log_interval

LEAST_SIZES = 3  # for a trend; two points would always lie on a line
REACH = 10.0  # times the largest size measured: nothing is said about what lies beyond


def trend(sizes: Sequence[float], gains: Sequence[Sequence[float]]) -> Trend | None:
    """The slope of the paired log-ratios over ln(size), one a process, so that what a process does to all sizes cancels."""
    if len(set(sizes)) < LEAST_SIZES or min(sizes) <= 0:
        return None
    found = log_interval([_slope([math.log(size) for size in sizes], row) for row in gains])
    return Trend(found.mean, found.low, found.high, found.level) if found else None


def crossover(sizes: Sequence[int], cells: Sequence[LogInterval]) -> Crossover | None:
    """Where the sign of the log-ratio changes; None unless sizes on both sides are clear and it changes just once."""
    line = sorted(zip(sizes, cells, strict=True), key=lambda item: item[0])
    clear = [(size, cell) for size, cell in line if cell.low > 0 or cell.high < 0]
    turns = [(one, other) for one, other in itertools.pairwise(clear) if (one[1].mean > 0) != (other[1].mean > 0)]
    if len(turns) != 1:
        return None
    (below, first), (above, _) = turns[0]
    between = [(size, cell.mean) for size, cell in line if below <= size <= above]
    return Crossover(_zero(between), below, above, first.mean < 0)


def capacity(
    sizes: Sequence[int], baseline: Sequence[float], candidate: Sequence[float], seconds: float | None = None
) -> Capacity | None:
    """The size that each side manages in `seconds`: by default what the baseline takes for the largest one."""
    if len(set(sizes)) < LEAST_SIZES or min(*baseline, *candidate) <= 0:
        return None
    line = sorted(zip(sizes, baseline, candidate, strict=True))
    points, before, after = ([float(row[at]) for row in line] for at in range(3))
    limit = before[-1] if seconds is None else seconds
    ours, theirs = _manages(points, before, limit), _manages(points, after, limit)
    if ours is None or theirs is None:
        return None
    furthest = points[-1] * REACH
    beyond = max(ours, theirs) > points[-1]
    return Capacity(limit, min(ours, furthest), min(theirs, furthest), beyond, theirs > furthest)


def _slope(places: Sequence[float], values: Sequence[float]) -> float:
    middle, level = math.fsum(places) / len(places), math.fsum(values) / len(values)
    width = math.fsum((place - middle) ** 2 for place in places)
    return math.fsum((place - middle) * (value - level) for place, value in zip(places, values, strict=True)) / width


def _zero(points: Sequence[tuple[int, float]]) -> float:
    """The first place where the line through the points, drawn over ln(size), is zero."""
    for (left, start), (right, end) in itertools.pairwise(points):
        if (start > 0) != (end > 0):
            return math.exp(_between(0.0, (start, math.log(left)), (end, math.log(right))))
    return float(points[-1][0])


def _manages(sizes: Sequence[float], seconds: Sequence[float], limit: float) -> float | None:
    """The largest size within the limit, on straight lines in log-log; None where even the smallest takes longer.

    Beyond the largest size time is taken to grow as it did last, and at least in proportion: a fixed cost must not look like
    endless capacity.
    """
    times = list(itertools.accumulate(seconds, max))  # a larger input does not count as quicker
    if times[0] > limit:
        return None
    for at in range(1, len(sizes)):
        if times[at] > limit:
            ends = [(math.log(times[each]), math.log(sizes[each])) for each in (at - 1, at)]
            return math.exp(_between(math.log(limit), *ends))
    exponent = math.log(times[-1] / times[-2]) / math.log(sizes[-1] / sizes[-2])
    return sizes[-1] * math.exp(min(50.0, math.log(limit / times[-1]) / max(1.0, exponent)))


def _between(x: float, start: tuple[float, float], end: tuple[float, float]) -> float:
    share = (x - start[0]) / (end[0] - start[0])
    return start[1] + share * (end[1] - start[1])
