"""Faster: an array reads all samples at once.

The same: signed 16-bit samples, big-endian.
"""

# --- before


def samples_of(data):
    found = []
    for at in range(0, len(data) - 1, 2):
        found.append(int.from_bytes(data[at : at + 2], "big", signed=True))
    return found


# --- after

import sys
from array import array


def samples_of(data):
    samples = array("h", data[: len(data) // 2 * 2])
    if sys.byteorder == "little":
        samples.byteswap()
    return samples.tolist()


# --- inputs

from random import Random


def inputs(seed, n=2000):
    return (Random(seed).randbytes(2 * n),), {}
