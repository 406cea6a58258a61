"""Faster: Counter counts in C.

The same: a plain dict comes back, its keys in the order in which they appear.
"""

# --- before


def word_counts(words):
    counts = {}
    for word in words:
        if word in counts.keys():
            counts[word] = counts[word] + 1
        else:
            counts[word] = 1
    return counts


# --- after

from collections import Counter


def word_counts(words):
    return dict(Counter(words))


# --- inputs

from random import Random


def inputs(seed, n=3000):
    random = Random(seed)
    return ([f"w{random.randrange(99)}" for _ in range(n)],), {}
