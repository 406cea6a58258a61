"""Faster: stops at the first hit.

The same: the first hit was the answer all along.
"""

# --- before


def first_gap(values):
    found = None
    for at in range(1, len(values)):
        if found is None and values[at] - values[at - 1] > 9:
            found = at
    return found


# --- after


def first_gap(values):
    for at in range(1, len(values)):
        if values[at] - values[at - 1] > 9:
            return at
    return None


# --- inputs

from random import Random


def inputs(seed, n=4000):
    random = Random(seed)
    values = [random.randrange(5) for _ in range(n)]
    values[random.randrange(n // 3, n // 2 + 1)] += 50
    return (values,), {}
