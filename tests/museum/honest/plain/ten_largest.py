"""Faster: a heap of ten instead of sorting everything.

The same: `nlargest` is documented to equal the sorted slice, ties included.
"""

# --- before


def ten_largest(rows):
    return sorted(rows, key=lambda row: row[0], reverse=True)[:10]


# --- after

from heapq import nlargest
from operator import itemgetter


def ten_largest(rows):
    return nlargest(10, rows, key=itemgetter(0))


# --- inputs

from random import Random


def inputs(seed, n=5000):
    random = Random(seed)
    return ([(random.randrange(n), at) for at in range(n)],), {}
