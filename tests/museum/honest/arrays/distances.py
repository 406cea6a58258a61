"""Faster: one difference by broadcasting.

The same: the distance of each from each.
"""

# --- before

import numpy as np


def distances(values):
    result = np.empty((len(values), len(values)))
    for i, one in enumerate(values):
        for j, other in enumerate(values):
            result[i, j] = abs(one - other)
    return result


# --- after

import numpy as np


def distances(values):
    return np.abs(values[:, None] - values[None, :])


# --- inputs

import numpy as np


def inputs(seed, n=60):
    return (np.random.default_rng(seed).normal(size=n),), {}
