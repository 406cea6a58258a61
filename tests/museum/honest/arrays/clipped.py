"""Faster: clip instead of a loop.

The same: what is no number stays one.
"""

# --- before

import numpy as np


def clipped(values):
    result = np.empty_like(values)
    for at, value in enumerate(values):
        result[at] = min(max(value, -1.0), 1.0)
    return result


# --- after

import numpy as np


def clipped(values):
    return np.clip(values, -1.0, 1.0)


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).normal(size=n),), {}
