"""Faster: int.bit_count is one instruction.

The same: it is defined on the absolute value.
"""

# --- before


def set_bits(numbers):
    counts = []
    for number in numbers:
        number, count = abs(number), 0
        while number:
            count += number & 1
            number >>= 1
        counts.append(count)
    return counts


# --- after


def set_bits(numbers):
    return [number.bit_count() for number in numbers]


# --- inputs

from random import Random


def inputs(seed, n=300):
    random = Random(seed)
    return ([random.getrandbits(40) for _ in range(n)],), {}
