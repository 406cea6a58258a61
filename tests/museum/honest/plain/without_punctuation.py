"""Faster: str.translate deletes in C.

The same: the same characters are deleted.
"""

# --- before


def without_punctuation(text):
    return "".join(letter for letter in text if letter not in ".,;:!?'-()")


# --- after

_DELETED = str.maketrans("", "", ".,;:!?'-()")


def without_punctuation(text):
    return text.translate(_DELETED)


# --- inputs

from random import Random


def inputs(seed, n=4000):
    return ("".join(Random(seed).choices("abcdefgh .,;!", k=n)),), {}
