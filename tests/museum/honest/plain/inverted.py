"""Faster: one pass of bytes.translate through a table.

The same: the table holds the formula's 256 results.
"""

# --- before


def inverted(data):
    return bytes(255 - byte for byte in data)


# --- after

_TABLE = bytes(range(255, -1, -1))


def inverted(data):
    return data.translate(_TABLE)


# --- inputs

from random import Random


def inputs(seed, n=5000):
    return (Random(seed).randbytes(n),), {}
