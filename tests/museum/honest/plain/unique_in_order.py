"""Faster: a dict remembers what was seen and in which order.

The same: first occurrences, in order.
"""

# --- before


def unique_in_order(words):
    seen = []
    for word in words:
        if word not in seen:
            seen.append(word)
    return seen


# --- after


def unique_in_order(words):
    return list(dict.fromkeys(words))


# --- inputs

from random import Random


def inputs(seed, n=400):
    random = Random(seed)
    return ([f"w{random.randrange(n)}" for _ in range(n)],), {}
