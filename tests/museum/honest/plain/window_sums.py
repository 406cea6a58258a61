"""Faster: a running sum; still a generator, that computes only what is asked for.

The same: integers, so sums are exact.
"""

# --- before


def window_sums(values):
    for at in range(len(values) - 49):
        yield sum(values[at : at + 50])


# --- after


def window_sums(values):
    if len(values) < 50:
        return
    total = sum(values[:50])
    yield total
    for old, new in zip(values, values[50:]):
        total += new - old
        yield total


# --- inputs

from random import Random


def inputs(seed, n=1000):
    random = Random(seed)
    return ([random.randrange(999) for _ in range(n)],), {}
