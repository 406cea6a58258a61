"""Faster: each sum is the last one and one more.

The same: integers, so that the order of additions can't show.
"""

# --- before


def prefix_sums(values):
    return [sum(values[: at + 1]) for at in range(len(values))]


# --- after

from itertools import accumulate


def prefix_sums(values):
    return list(accumulate(values))


# --- inputs

from random import Random


def inputs(seed, n=400):
    random = Random(seed)
    return ([random.randrange(-999, 999) for _ in range(n)],), {}
