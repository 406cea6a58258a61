"""Faster: sorts once.

The same: the sorted list does not depend on the percentile.
"""

# --- before


def percentiles(values):
    return [sorted(values)[len(values) * percent // 100] for percent in range(100)]


# --- after


def percentiles(values):
    ordered = sorted(values)
    return [ordered[len(ordered) * percent // 100] for percent in range(100)]


# --- inputs

from random import Random


def inputs(seed, n=300):
    random = Random(seed)
    return ([random.random() for _ in range(n)],), {}
