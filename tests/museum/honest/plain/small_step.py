"""Faster: two microseconds instead of many; small enough that the clock must be handled with care.

The same: a sum in closed form.
"""

# --- before


def small_step(number):
    total = 0
    for value in range(number % 97 + 9):
        total += value
    return total


# --- after


def small_step(number):
    last = number % 97 + 8
    return last * (last + 1) // 2


# --- inputs

from random import Random


def inputs(seed, n=1):
    return (Random(seed).getrandbits(40),), {}
