"""Faster: a hash table of polars, which keeps threads of its own, instead of looking through a list.

The same: whole numbers in the order in which they first appear.
"""

# --- before


def first_seen(numbers):
    seen = []
    for number in numbers.tolist():
        if number not in seen:
            seen.append(number)
    return seen


# --- after

import polars


def first_seen(numbers):
    return polars.Series(numbers).unique(maintain_order=True).to_list()


# --- inputs

import numpy as np


def inputs(seed, n=2000):
    return (np.random.default_rng(seed).integers(0, 300, n),), {}
