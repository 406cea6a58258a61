"""How the time grows with the size: the classes that the measurements cannot tell apart, never a bare power."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

LEAST_SIZES = 5  # below, a corrected AIC cannot tell two parameters from one
TIE = 4.0  # classes within this much of the best AICc are named too

_CLASSES: Mapping[str, Callable[[float], float]] = {
    "1": lambda _: 1.0,
    "log n": lambda n: math.log(n),
    "n": lambda n: n,
    "n log n": lambda n: n * math.log(n),
    "n^2": lambda n: n * n,
    "n^2 log n": lambda n: n * n * math.log(n),
    "n^3": lambda n: n**3,
}


def classes(sizes: Sequence[float], seconds: Sequence[float]) -> tuple[str, ...]:
    """The growth classes that fit `c0 + c1 g(n)` best (relative residuals, AICc), best first; empty with too few sizes."""
    usable = len(set(sizes)) >= LEAST_SIZES and min(sizes) > 1 and min(seconds) > 0
    if not usable or not all(math.isfinite(value) for value in seconds):
        return ()
    scores = {name: _aicc(name, sizes, seconds) for name in _CLASSES}
    best = min(scores.values())
    return tuple(sorted((name for name in scores if scores[name] < best + TIE), key=lambda name: scores[name]))


def lines(cells: Sequence[Mapping[str, int]], least: int = LEAST_SIZES) -> list[tuple[str, tuple[int, ...]]]:
    """Each parameter that takes enough values while all others stand still, with the cells of its longest line; longest first.

    Of lines as long as each other the one where the others are largest: there a call has most to do.
    """
    found: dict[tuple[str, tuple[tuple[str, int], ...]], list[int]] = {}
    for index, size in enumerate(cells):
        for name in size:
            rest = tuple(sorted((other, value) for other, value in size.items() if other != name))
            found.setdefault((name, rest), []).append(index)
    longest: dict[str, tuple[int, ...]] = {}
    for (name, _), places in sorted(found.items(), key=lambda item: (len(item[1]), item[0])):
        longest[name] = tuple(places)
    return sorted(
        ((name, places) for name, places in longest.items() if len(places) >= least),
        key=lambda line: (len(line[1]), line[0]), reverse=True,
    )  # fmt: skip


def _aicc(name: str, sizes: Sequence[float], seconds: Sequence[float]) -> float:
    times = np.asarray(seconds, dtype=float)
    shape = np.array([_CLASSES[name](n) for n in sizes]) / _CLASSES[name](max(sizes))
    constant = np.ones_like(times)
    columns = [constant] if name == "1" else [constant, shape]
    count, parameters = len(times), len(columns) + 1
    error = max(_residual([column / times for column in columns]) / count, 1e-12)
    return count * math.log(error) + 2 * parameters + 2 * parameters * (parameters + 1) / (count - parameters - 1)


def _residual(columns: Sequence[npt.NDArray[np.float64]]) -> float:
    """Least squares of 1 on the columns with non-negative factors: where both together need a negative one, either alone."""
    matrix = np.stack(columns, axis=1)
    factors = np.linalg.lstsq(matrix, np.ones(len(matrix)), rcond=None)[0]
    if (factors >= 0).all():
        return float(((matrix @ factors - 1) ** 2).sum())
    return min(_residual([column]) for column in columns)
