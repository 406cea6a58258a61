"""Faster: one set for each row instead of a scan for each item.

The same: repeats on the left count as often as before.
"""

# --- before


def overlaps(rows):
    return [len([item for item in one if item in other]) for one, other in zip(rows, rows[1:])]


# --- after


def overlaps(rows):
    known = [frozenset(row) for row in rows[1:]]
    return [sum(map(other.__contains__, one)) for one, other in zip(rows, known)]


# --- inputs

from random import Random


def inputs(seed, n=20):
    random = Random(seed)
    return ([[random.randrange(200) for _ in range(100)] for _ in range(n)],), {}
