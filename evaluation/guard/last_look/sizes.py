"""Which sizes a last look asks about: measured ones, sizes a little off, and sizes between and beyond them. Pure."""

import math
from collections.abc import Mapping, Sequence
from random import Random

OFF_BY, SMALL, SMALLEST = (0.05, 0.2), 16, 3  # how far off a size is, as a share of it; a smaller one by one; no smaller one
MORE_S = 0.5  # of the baseline's time, for the turns at other sizes than the two that matter most
BETWEEN, BEYOND = 2, 2  # sizes asked about
TIMES = (3.0, 10.0)  # beyond the largest size
LARGER = 1.05  # than the smallest size, for anything to lie between

Size = Mapping[str, int]


def asked(seconds: Sequence[float], costs: Sequence[float], claims: Sequence[int]) -> list[int]:
    """The slowest size, the one that a claim rests on most, and others of the claim while that takes little time.

    `costs` are the baseline's seconds for a size's turns, `claims` sizes, the one that it rests on most first.
    """
    slowest = max(range(len(seconds)), key=seconds.__getitem__)
    chosen, spent = [slowest, *[at for at in claims[:1] if at != slowest]], 0.0
    for at in claims[1:]:
        spent += costs[at]
        if at != slowest and spent < MORE_S:
            chosen.append(at)
    return chosen


def off(size: Size, random: Random, *, barely: bool = False) -> list[Size]:
    """A larger and a smaller size than this one; none where it is too small for that."""
    by = OFF_BY[0] if barely else random.uniform(*OFF_BY)
    found = [{name: _moved(value, by, way) for name, value in size.items()} for way in (1, -1)]
    return [each for each in found if each != dict(size)]


def between(sizes: Sequence[Size], random: Random) -> list[Size]:
    """Sizes between the measured ones, none of them itself measured."""
    found = [{name: _drawn(*_ends(sizes, name), random) for name in sizes[0]} for _ in range(BETWEEN)]
    return [each for each in found if each not in [dict(size) for size in sizes]]


def beyond(sizes: Sequence[Size], random: Random) -> list[tuple[Size, float]]:
    """Sizes beyond the largest one in one of its numbers, each with how many times."""
    largest = max(sizes, key=lambda size: math.prod(size.values()))
    found: list[tuple[Size, float]] = []
    for _ in range(BEYOND):
        name, times = random.choice(sorted(largest)), math.exp(random.uniform(*map(math.log, TIMES)))
        found.append(({**largest, name: round(largest[name] * times)}, times))
    return found


def _moved(value: int, by: float, way: int) -> int:
    if value >= SMALL:
        return round(value * (1 + way * by))
    return value + way if value >= SMALLEST else value


def _ends(sizes: Sequence[Size], name: str) -> tuple[int, int]:
    values = [size[name] for size in sizes]
    return min(values), max(values)


def _drawn(low: int, high: int, random: Random) -> int:
    """From all magnitudes alike."""
    return low if high < low * LARGER else round(math.exp(random.uniform(math.log(low), math.log(high))))
