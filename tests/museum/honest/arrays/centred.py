"""Faster: broadcasting instead of a loop over rows.

The same: each row less its first item.
"""

# --- before

import numpy as np


def centred(table):
    result = np.empty_like(table)
    for at in range(table.shape[0]):
        result[at] = table[at] - table[at, 0]
    return result


# --- after

import numpy as np


def centred(table):
    return np.subtract(table, table[:, :1], out=np.empty_like(table))


# --- inputs

import numpy as np


def inputs(seed, n=400):
    return (np.random.default_rng(seed).uniform(0, 9, (n, 8)),), {}
