"""Faster: lexsort instead of sorting tuples.

The same: stable, the first column before the second.
"""

# --- before

import numpy as np


def order_by_two(rows):
    return np.array(sorted(range(len(rows)), key=lambda at: (rows[at, 0], rows[at, 1])), dtype=np.int64)


# --- after

import numpy as np


def order_by_two(rows):
    return np.lexsort((rows[:, 1], rows[:, 0]))


# --- inputs

import numpy as np


def inputs(seed, n=800):
    return (np.random.default_rng(seed).integers(0, 20, (n, 2)),), {}
