"""Faster: chain walks the rows once; adding lists copies what is already there.

The same: a new list of all items in order.
"""

# --- before


def flattened(rows):
    return sum(rows, [])


# --- after

from itertools import chain


def flattened(rows):
    return list(chain.from_iterable(rows))


# --- inputs

from random import Random


def inputs(seed, n=300):
    random = Random(seed)
    return ([[random.randrange(99) for _ in range(7)] for _ in range(n)],), {}
