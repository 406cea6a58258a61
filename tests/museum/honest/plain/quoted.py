"""Faster: the standard library's quote instead of a loop over bytes.

The same: the same characters stay, upper-case digits. `urllib.parse` opens no connection.
"""

# --- before

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~"


def quoted(texts):
    result = []
    for text in texts:
        parts = ""
        for byte in text.encode():
            parts += chr(byte) if chr(byte) in _SAFE else f"%{byte:02X}"
        result.append(parts)
    return result


# --- after

from urllib.parse import quote


def quoted(texts):
    return [quote(text, safe="") for text in texts]


# --- inputs

from random import Random


def inputs(seed, n=100):
    random = Random(seed)
    return (["".join(random.choices("abc /?&ü", k=40)) for _ in range(n)],), {}
