"""Faster: itertools.groupby finds runs in C.

The same: each run once, with its length.
"""

# --- before


def runs_of(text):
    runs = []
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and text[end] == text[at]:
            end += 1
        runs.append((text[at], end - at))
        at = end
    return runs


# --- after

from itertools import groupby


def runs_of(text):
    return [(letter, len(list(run))) for letter, run in groupby(text)]


# --- inputs

from random import Random


def inputs(seed, n=3000):
    random = Random(seed)
    return ("".join(random.choice("ab") * random.randrange(1, 9) for _ in range(n // 4)),), {}
