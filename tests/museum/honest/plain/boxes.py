"""Faster: a dataclass with slots that reads each row once.

The same: the class, its fields and its equality are what callers saw.
"""

# --- before

from dataclasses import dataclass


@dataclass
class Box:
    low: int
    high: int


def boxes(rows):
    found = []
    for row in rows:
        found.append(Box(sorted(row)[0], sorted(row)[-1]))
    return found


# --- after

from dataclasses import dataclass


@dataclass(slots=True)
class Box:
    low: int
    high: int


def boxes(rows):
    return [Box(min(row), max(row)) for row in rows]


# --- inputs

from random import Random


def inputs(seed, n=200):
    random = Random(seed)
    return ([[random.randrange(999) for _ in range(20)] for _ in range(n)],), {}
