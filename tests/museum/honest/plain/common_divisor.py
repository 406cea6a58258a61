"""Faster: math.gcd of all numbers at once.

The same: Euclid's algorithm, nothing for no numbers.
"""

# --- before


def common_divisor(numbers):
    found = 0
    for number in numbers:
        other = abs(number)
        while other:
            found, other = other, found % other
    return found


# --- after

import math


def common_divisor(numbers):
    return math.gcd(*numbers)


# --- inputs

from random import Random


def inputs(seed, n=3000):
    random = Random(seed)
    return ([random.randrange(1, 10**9) * 6 for _ in range(n)],), {}
