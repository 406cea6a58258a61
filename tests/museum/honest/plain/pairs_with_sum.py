"""Faster: counts of what was seen, instead of all pairs.

The same: each pair is counted once, when its second item comes.
"""

# --- before


def pairs_with_sum(values):
    count = 0
    for at, value in enumerate(values):
        for other in values[at + 1 :]:
            if value + other == 100:
                count += 1
    return count


# --- after


def pairs_with_sum(values):
    seen, count = {}, 0
    for value in values:
        count += seen.get(100 - value, 0)
        seen[value] = seen.get(value, 0) + 1
    return count


# --- inputs

from random import Random


def inputs(seed, n=200):
    random = Random(seed)
    return ([random.randrange(100) for _ in range(n)],), {}
