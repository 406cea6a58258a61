"""How much of a gain is gone when each side has a process of its own, and how well that is known: pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.speed.interval import median_error

SHIFT = 0.05  # the gain must shrink by this much in separate processes, and by SHIFT_ERRORS errors, before anybody is accused
SHIFT_SHARE = 0.15  # of a large gain: caches treat a fast side alone and beside a slow one differently
SHIFT_ERRORS = 4.0
LEAST_ERROR = 0.003  # of a comparison of the two: a few processes can agree by chance
# Cap on a pair's standard error: 2 % by the robust estimate, 1 % by the plain one, since a candidate can make outliers at will.
MOST_ERROR = 0.02


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much the gain is larger in shared processes than in separate ones, where no side can reach the other.

    `error` is used to accuse: noise counts for the accused, except beyond MOST_ERROR in its own processes. `doubt` is used to
    state a gain, and is capped on both sides.
    """

    size: float = 0.0
    error: float = math.inf  # standard error, the larger of a robust one and one in which every outlier counts
    gain: float = 0.0  # in separate processes
    pairs: int = 0
    blur: float = 0.0  # what taking turns on a core makes of a very fast candidate's gain
    doubt: float = math.inf  # the error again, but not beyond measure

    @classmethod
    def between(cls, joint: Sequence[float], solo: Sequence[float], blurs: Sequence[float] = ()) -> "Shift":
        """Of gains in shared processes over gains in pairs of separate ones."""
        if len(joint) < 2 or len(solo) < 2 or not all(map(math.isfinite, (*joint, *solo))):
            return cls()
        gain, blur = statistics.median(solo), statistics.median(blurs) if blurs else 0.0
        most = max(MOST_ERROR, blur / SHIFT_ERRORS)
        robust, wide = ((of(joint), of(solo)) for of in (_error, _wide_error))
        error = max(math.hypot(robust[0], min(robust[1], most)), math.hypot(wide[0], min(wide[1], most / 2)))
        doubt = max(min(math.hypot(*robust), most), min(math.hypot(*wide), most / 2))
        return cls(
            statistics.median(joint) - gain, max(LEAST_ERROR, error), gain, len(solo), blur, max(LEAST_ERROR, doubt)
        )  # fmt: skip

    @property
    def suspicious(self) -> bool:
        """Larger than noise, and than what sharing caches makes of an honest gain."""
        return self.size > max(SHIFT, SHIFT_SHARE * self.gain, SHIFT_ERRORS * self.error, self.blur)

    @property
    def unexplained(self) -> float:
        """The part that noise does not explain: the speed is stated without it.

        Noise gets the benefit of the doubt here, or else chance would lower every figure a little.
        """
        return max(0.0, self.size - SHIFT_ERRORS * self.doubt)


def _error(values: Sequence[float]) -> float:
    return median_error(values) if len(values) > 1 else math.inf


def _wide_error(values: Sequence[float]) -> float:
    """Standard error of a mean; outliers widen it."""
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf
