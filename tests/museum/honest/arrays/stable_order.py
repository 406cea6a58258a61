"""Faster: numpy's stable argsort.

The same: Python's sort is stable as well.
"""

# --- before

import numpy as np


def stable_order(keys):
    return np.array(sorted(range(len(keys)), key=lambda at: keys[at]), dtype=np.int64)


# --- after

import numpy as np


def stable_order(keys):
    return np.argsort(keys, kind="stable")


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).integers(0, 50, n),), {}
