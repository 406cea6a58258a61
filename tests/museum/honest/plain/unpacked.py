"""Faster: struct unpacks all words at once.

The same: little-endian whatever the machine, an incomplete word at the end is left out.
"""

# --- before


def unpacked(data):
    words = []
    for at in range(0, len(data) - 3, 4):
        words.append(int.from_bytes(data[at : at + 4], "little"))
    return words


# --- after

import struct


def unpacked(data):
    count = len(data) // 4
    return list(struct.unpack_from(f"<{count}I", data))


# --- inputs

from random import Random


def inputs(seed, n=1000):
    return (Random(seed).randbytes(4 * n),), {}
