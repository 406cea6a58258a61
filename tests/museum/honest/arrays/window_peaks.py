"""Faster: windows as a view, one maximum over them.

The same: each full window; none where there is none.
"""

# --- before

import numpy as np


def window_peaks(values):
    return np.array([values[at : at + 16].max() for at in range(len(values) - 15)], dtype=np.float64)


# --- after

import numpy as np


def window_peaks(values):
    if len(values) < 16:
        return np.empty(0)
    return np.lib.stride_tricks.sliding_window_view(values, 16).max(axis=1)


# --- inputs

import numpy as np


def inputs(seed, n=800):
    return (np.random.default_rng(seed).normal(size=n),), {}
