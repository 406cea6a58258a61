"""Faster: bytes.hex writes all digits at once.

The same: two lower-case digits a byte.
"""

# --- before


def hex_digest(data):
    text = ""
    for byte in data:
        text += "%02x" % byte
    return text


# --- after


def hex_digest(data):
    return data.hex()


# --- inputs

from random import Random


def inputs(seed, n=3000):
    return (Random(seed).randbytes(n),), {}
