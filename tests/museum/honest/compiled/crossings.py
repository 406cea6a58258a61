"""Faster: the kernel is compiled when the module is imported, by its signature.

The same: how often neighbours differ in sign.
"""

# --- before


def crossings(values):
    count = 0
    for at in range(1, len(values)):
        if (values[at] < 0) != (values[at - 1] < 0):
            count += 1
    return count


# --- after

import numpy as np
from numba import njit


@njit("int64(float64[::1])")
def _crossings(values):
    count = 0
    for at in range(1, len(values)):
        if (values[at] < 0) != (values[at - 1] < 0):
            count += 1
    return count


def crossings(values):
    return _crossings(np.array(values))


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).normal(size=n),), {}
