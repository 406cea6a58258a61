"""Faster: str.translate through a table made at import.

The same: other characters stay.
"""

# --- before


def rot13(text):
    result = []
    for letter in text:
        if "a" <= letter <= "z":
            result.append(chr((ord(letter) - ord("a") + 13) % 26 + ord("a")))
        else:
            result.append(letter)
    return "".join(result)


# --- after

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TABLE = str.maketrans(_LETTERS, _LETTERS[13:] + _LETTERS[:13])


def rot13(text):
    return text.translate(_TABLE)


# --- inputs

from random import Random


def inputs(seed, n=3000):
    return ("".join(Random(seed).choices("abcdefghijklmnopqrstuvwxyz ,.", k=n)),), {}
