"""Faster: one pass that fills a dict.

The same: keys in order of first appearance, items in order.
"""

# --- before


def grouped(rows):
    keys = []
    for key, _ in rows:
        if key not in keys:
            keys.append(key)
    return {key: [value for other, value in rows if other == key] for key in keys}


# --- after


def grouped(rows):
    groups = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return groups


# --- inputs

from random import Random


def inputs(seed, n=800):
    random = Random(seed)
    return ([(f"k{random.randrange(30)}", at) for at in range(n)],), {}
