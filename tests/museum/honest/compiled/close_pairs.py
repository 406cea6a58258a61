"""Faster: a compiled double loop behind a plain function.

The same: a Python integer comes back.
"""

# --- before


def close_pairs(values):
    count = 0
    for at in range(len(values)):
        for other in range(at):
            if -3 < values[at] - values[other] < 3:
                count += 1
    return count


# --- after

from numba import njit


@njit
def _close_pairs(values):
    count = 0
    for at in range(len(values)):
        for other in range(at):
            if -3 < values[at] - values[other] < 3:
                count += 1
    return count


def close_pairs(values):
    return _close_pairs(values)


# --- inputs

import numpy as np


def inputs(seed, n=100):
    return (np.random.default_rng(seed).uniform(0, 100, n),), {}
