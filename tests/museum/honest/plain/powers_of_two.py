"""Faster: one bit operation instead of a loop of divisions.

The same: a power of two has one bit.
"""

# --- before


def powers_of_two(numbers):
    answers = []
    for number in numbers:
        while number > 1 and number % 2 == 0:
            number //= 2
        answers.append(number == 1)
    return answers


# --- after


def powers_of_two(numbers):
    return [number > 0 and not number & (number - 1) for number in numbers]


# --- inputs

from random import Random


def inputs(seed, n=800):
    random = Random(seed)
    return ([(1 + random.randrange(3)) << random.randrange(24) for _ in range(n)],), {}
