"""One number for a grid of sizes. Every score is a weighted mean of the cells' log-ratios, computed in each process anew."""

import itertools
import math
from collections.abc import Mapping, Sequence

Size = Mapping[str, int]


def named(size: Size) -> str:
    """A size in words: `rows=1000, features=4`."""
    return ", ".join(f"{name}={number}" for name, number in size.items()) or "the only size"


def weighted(values: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted mean; its exponential is the weighted geometric mean of the ratios."""
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights)


def area_weights(sizes: Sequence[Size]) -> tuple[float, ...]:
    """Each cell's share of the area under the log-ratio over ln(size): the product trapezoid on a full grid.

    Where the cells form no full grid, each counts the same.
    """
    names = sorted({name for size in sizes for name in size})
    axes = {name: sorted({size[name] for size in sizes if name in size}) for name in names}
    full = math.prod(len(axis) for axis in axes.values()) == len(sizes)
    if not full or any(set(size) != set(names) for size in sizes):
        return (1.0,) * len(sizes)
    shares = {name: _trapezoid(axis) for name, axis in axes.items()}
    return tuple(math.prod(shares[name][size[name]] for name in names) for size in sizes)


def _trapezoid(axis: Sequence[int]) -> Mapping[int, float]:
    """Each point's width on the logarithmic axis; a single point, and points below 1, have width 1."""
    if len(axis) < 2 or axis[0] < 1:
        return dict.fromkeys(axis, 1.0)
    logs = [math.log(value) for value in axis]
    ends = [logs[0], *((a + b) / 2 for a, b in itertools.pairwise(logs)), logs[-1]]
    return {value: ends[i + 1] - ends[i] for i, value in enumerate(axis)}
