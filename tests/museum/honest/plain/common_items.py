"""Faster: membership in a set instead of a list.

The same: items are hashable, and order and repeats come from the left side.
"""

# --- before


def common_items(left, right):
    return [item for item in left if item in right]


# --- after


def common_items(left, right):
    known = set(right)
    return [item for item in left if item in known]


# --- inputs

from random import Random


def inputs(seed, n=300):
    random = Random(seed)
    return ([random.randrange(2 * n) for _ in range(n)], [random.randrange(2 * n) for _ in range(n)]), {}
