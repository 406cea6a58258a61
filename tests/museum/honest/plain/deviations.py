"""Faster: the exact mean is computed once.

The same: fsum is kept, to the last bit.
"""

# --- before

import math


def deviations(values):
    return [value - math.fsum(values) / len(values) for value in values]


# --- after

import math


def deviations(values):
    if not values:
        return []
    mean = math.fsum(values) / len(values)
    return [value - mean for value in values]


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    return ([random.uniform(-5, 5) for _ in range(n)],), {}
