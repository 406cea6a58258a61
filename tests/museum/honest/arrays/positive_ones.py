"""Faster: a mask.

The same: the same values in a new array.
"""

# --- before

import numpy as np


def positive_ones(values):
    return np.array([value for value in values if value > 0], dtype=np.float64)


# --- after


def positive_ones(values):
    return values[values > 0]


# --- inputs

import numpy as np


def inputs(seed, n=3000):
    return (np.random.default_rng(seed).normal(size=n),), {}
