"""Faster: the sorted list is kept and inserted into.

The same: the lower median of each prefix.
"""

# --- before


def running_medians(values):
    return [sorted(values[: at + 1])[at // 2] for at in range(len(values))]


# --- after

from bisect import insort


def running_medians(values):
    ordered, medians = [], []
    for at, value in enumerate(values):
        insort(ordered, value)
        medians.append(ordered[at // 2])
    return medians


# --- inputs

from random import Random


def inputs(seed, n=200):
    random = Random(seed)
    return ([random.randrange(999) for _ in range(n)],), {}
