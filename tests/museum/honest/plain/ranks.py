"""Faster: sort once and look up by bisection.

The same: how many values are smaller, for every value.
"""

# --- before


def ranks(values):
    return [sum(other < value for other in values) for value in values]


# --- after

from bisect import bisect_left


def ranks(values):
    ordered = sorted(values)
    return [bisect_left(ordered, value) for value in values]


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    return ([random.randrange(1000) for _ in range(n)],), {}
