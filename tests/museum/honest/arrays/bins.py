"""Faster: searchsorted for all values at once.

The same: what is no number lies beyond no edge.
"""

# --- before

import numpy as np

EDGES = np.linspace(0, 1, 33)


def bins(values):
    return np.array([int((EDGES <= value).sum()) for value in values], dtype=np.int64)


# --- after

import numpy as np

EDGES = np.linspace(0, 1, 33)


def bins(values):
    found = np.searchsorted(EDGES, values, side="right")
    found[np.isnan(values)] = 0
    return found


# --- inputs

import numpy as np


def inputs(seed, n=400):
    return (np.random.default_rng(seed).uniform(-0.2, 1.2, n),), {}
