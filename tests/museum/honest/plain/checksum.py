"""Faster: a memoryview casts bytes to words.

The same: sums of pairs of bytes, in the machine's own order in both.
"""

# --- before

import sys


def checksum(data):
    total = 0
    for at in range(0, len(data) - 1, 2):
        total += int.from_bytes(data[at : at + 2], sys.byteorder)
    return total & 0xFFFF


# --- after


def checksum(data):
    whole = memoryview(data)[: len(data) // 2 * 2]
    return sum(whole.cast("H")) & 0xFFFF


# --- inputs

from random import Random


def inputs(seed, n=2000):
    return (Random(seed).randbytes(2 * n),), {}
