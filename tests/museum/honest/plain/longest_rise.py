"""Faster: patience sorting by bisection.

The same: the length of the longest strictly rising subsequence.
"""

# --- before


def longest_rise(values):
    lengths = []
    for at, value in enumerate(values):
        best = 0
        for other in range(at):
            if values[other] < value and lengths[other] > best:
                best = lengths[other]
        lengths.append(best + 1)
    return max(lengths, default=0)


# --- after

from bisect import bisect_left


def longest_rise(values):
    tails = []
    for value in values:
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
    return len(tails)


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    return ([random.randrange(999) for _ in range(n)],), {}
