"""Faster: bincount.

The same: labels outside are left out before, as they were.
"""

# --- before

import numpy as np


def histogram(labels):
    counts = np.zeros(64, dtype=np.int64)
    for label in labels:
        if 0 <= label < 64:
            counts[label] += 1
    return counts


# --- after

import numpy as np


def histogram(labels):
    return np.bincount(labels[(labels >= 0) & (labels < 64)], minlength=64)


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).integers(-5, 70, n),), {}
