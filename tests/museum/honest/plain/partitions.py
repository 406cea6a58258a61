"""Faster: a recursive function keeps its results for one call; the cache is emptied at the start of each.

The same: the same recursion.
"""

# --- before


def partitions(numbers):
    return [_count(number, number) for number in numbers]


def _count(number, largest):
    if number == 0:
        return 1
    if number < 0 or largest == 0:
        return 0
    return _count(number - largest, largest) + _count(number, largest - 1)


# --- after

from functools import lru_cache


def partitions(numbers):
    _count.cache_clear()
    return [_count(number, number) for number in numbers]


@lru_cache(maxsize=None)
def _count(number, largest):
    if number == 0:
        return 1
    if number < 0 or largest == 0:
        return 0
    return _count(number - largest, largest) + _count(number, largest - 1)


# --- inputs

from random import Random


def inputs(seed, n=12):
    random = Random(seed)
    return ([random.randrange(5, 20) for _ in range(n)],), {}
