"""Faster: bincount with weights instead of add.at.

The same: added one after the other in the same order.
"""

# --- before

import numpy as np


def scattered(values):
    sums = np.zeros(32)
    for at, value in enumerate(values):
        sums[at % 32] += value
    return sums


# --- after

import numpy as np


def scattered(values):
    return np.bincount(np.arange(len(values)) % 32, weights=values, minlength=32).astype(float, copy=False)


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).uniform(1, 2, n),), {}
