"""Faster: sorted instead of insertion by hand.

The same: both are stable.
"""

# --- before


def insertion_sorted(rows):
    result = []
    for row in rows:
        at = len(result)
        while at > 0 and result[at - 1][0] > row[0]:
            at -= 1
        result.insert(at, row)
    return result


# --- after


def insertion_sorted(rows):
    return sorted(rows, key=lambda row: row[0])


# --- inputs

from random import Random


def inputs(seed, n=200):
    random = Random(seed)
    return ([(random.randrange(40), at) for at in range(n)],), {}
