"""Faster: names looked up once, and a map instead of a loop.

The same: the same calls in the same order, so also the same error.
"""

# --- before

import math


def roots(values):
    result = []
    for value in values:
        result.append(math.sqrt(value))
    return result


# --- after

from math import sqrt


def roots(values):
    return list(map(sqrt, values))


# --- inputs

from random import Random


def inputs(seed, n=5000):
    random = Random(seed)
    return ([random.uniform(0, 99) for _ in range(n)],), {}
