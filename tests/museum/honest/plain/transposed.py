"""Faster: zip turns rows into columns.

The same: rows of one length, lists in and lists out.
"""

# --- before


def transposed(rows):
    if not rows:
        return []
    return [[row[at] for row in rows] for at in range(min(len(row) for row in rows))]


# --- after


def transposed(rows):
    return list(map(list, zip(*rows)))


# --- inputs

from random import Random


def inputs(seed, n=60):
    random = Random(seed)
    return ([[random.randrange(99) for _ in range(n)] for _ in range(n)],), {}
