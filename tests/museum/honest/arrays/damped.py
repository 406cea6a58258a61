"""Faster: temporaries of its own are overwritten instead of allocated anew.

The same: the same operations, and the argument stays as it is.
"""

# --- before

import numpy as np


def damped(values):
    half = values * 0.5
    moved = half + 1.0
    bounded = np.minimum(moved, 100.0)
    positive = np.abs(bounded)
    return positive - 3.0


# --- after

import numpy as np


def damped(values):
    result = values * 0.5
    result += 1.0
    np.minimum(result, 100.0, out=result)
    np.abs(result, out=result)
    result -= 3.0
    return result


# --- inputs

import numpy as np


def inputs(seed, n=300000):
    return (np.random.default_rng(seed).normal(size=n),), {}
