"""Faster: map calls int in C.

The same: the first text that is no number raises the same error.
"""

# --- before


def numbers_in(text):
    numbers = []
    for part in text.split(","):
        numbers.append(int(part.strip()))
    return numbers


# --- after


def numbers_in(text):
    return list(map(int, text.split(",")))


# --- inputs

from random import Random


def inputs(seed, n=2000):
    random = Random(seed)
    return (", ".join(str(random.randrange(10**6)) for _ in range(n)),), {}
