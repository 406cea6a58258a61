"""Faster: what does not change in the loop is computed before it.

The same: without values there is no largest, and no question.
"""

# --- before


def share_of_largest(values):
    shares = []
    for value in values:
        shares.append(value / (1 + max(abs(each) for each in values)))
    return shares


# --- after


def share_of_largest(values):
    if not values:
        return []
    whole = 1 + max(map(abs, values))
    return [value / whole for value in values]


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    return ([random.randrange(1000) for _ in range(n)],), {}
