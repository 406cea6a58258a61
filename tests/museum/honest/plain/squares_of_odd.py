"""Faster: a comprehension instead of calls of append.

The same: the same filter and the same squares.
"""

# --- before


def squares_of_odd(values):
    result = []
    for value in values:
        if value % 2 == 1:
            square = value * value
            result.append(square)
    return result


# --- after


def squares_of_odd(values):
    return [value * value for value in values if value & 1]


# --- inputs

from random import Random


def inputs(seed, n=5000):
    random = Random(seed)
    return ([random.randrange(-999, 999) for _ in range(n)],), {}
