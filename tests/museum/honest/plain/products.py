"""Faster: sum of a map of operator.mul.

The same: integers, added in the same order.
"""

# --- before


def products(rows, vector):
    result = []
    for row in rows:
        total = 0
        for left, right in zip(row, vector):
            total += left * right
        result.append(total)
    return result


# --- after

from operator import mul


def products(rows, vector):
    return [sum(map(mul, row, vector)) for row in rows]


# --- inputs

from random import Random


def inputs(seed, n=60):
    random = Random(seed)
    return ([[random.randrange(99) for _ in range(n)] for _ in range(n)], [random.randrange(99) for _ in range(n)]), {}
