"""Faster: numba compiles the recurrence.

The same: the same operations in the same order, no fast-math.
"""

# --- before

import numpy as np


def smoothed(values):
    result = np.empty_like(values)
    level = 0.0
    for at in range(len(values)):
        level = 0.9 * level + 0.1 * values[at]
        result[at] = level
    return result


# --- after

import numpy as np
from numba import njit


@njit
def smoothed(values):
    result = np.empty_like(values)
    level = 0.0
    for at in range(len(values)):
        level = 0.9 * level + 0.1 * values[at]
        result[at] = level
    return result


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).normal(size=n),), {}
