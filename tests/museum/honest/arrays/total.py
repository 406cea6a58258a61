"""Faster: numpy's pairwise sum.

The same: another order of additions, within the tolerance; a float either way.
"""

# --- before


def total(values):
    result = 0.0
    for value in values:
        result += abs(float(value))
    return result


# --- after

import numpy as np


def total(values):
    return float(np.abs(values).sum())


# --- inputs

import numpy as np


def inputs(seed, n=3000):
    return (np.random.default_rng(seed).normal(size=n),), {}
