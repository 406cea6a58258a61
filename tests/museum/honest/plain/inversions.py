"""Faster: insertion into a sorted list counts what is larger.

The same: strictly larger ones only.
"""

# --- before


def inversions(values):
    count = 0
    for at in range(len(values)):
        for other in range(at):
            count += values[other] > values[at]
    return count


# --- after

from bisect import bisect_right


def inversions(values):
    before, count = [], 0
    for value in values:
        at = bisect_right(before, value)
        count += len(before) - at
        before.insert(at, value)
    return count


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    return ([random.randrange(99) for _ in range(n)],), {}
