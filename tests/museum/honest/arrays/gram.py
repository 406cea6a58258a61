"""Faster: one matrix product instead of a loop of dot products.

The same: sums of the same products, of integers.
"""

# --- before

import numpy as np


def gram(table):
    result = np.empty((len(table), len(table)), dtype=table.dtype)
    for i in range(len(table)):
        for j in range(len(table)):
            result[i, j] = np.dot(table[i], table[j])
    return result


# --- after


def gram(table):
    return table @ table.T


# --- inputs

import numpy as np


def inputs(seed, n=40):
    return (np.random.default_rng(seed).integers(-99, 99, (n, 16)),), {}
