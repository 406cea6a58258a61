"""Faster: einsum over all rows at once.

The same: products of neighbours, added in another order within the tolerance.
"""

# --- before

import numpy as np


def row_products(table):
    return np.array([np.dot(table[at], table[at]) for at in range(len(table))])


# --- after

import numpy as np


def row_products(table):
    return np.einsum("ij,ij->i", table, table)


# --- inputs

import numpy as np


def inputs(seed, n=600):
    return (np.random.default_rng(seed).uniform(1, 2, (n, 8)),), {}
