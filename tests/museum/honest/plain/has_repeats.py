"""Faster: a set finds repeats without comparing all pairs.

The same: equal items have equal hashes.
"""

# --- before


def has_repeats(items):
    for at, item in enumerate(items):
        for other in items[at + 1 :]:
            if item == other:
                return True
    return False


# --- after


def has_repeats(items):
    return len(set(items)) < len(items)


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    return (random.sample(range(10 * n), n),), {}
