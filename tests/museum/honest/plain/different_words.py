"""Faster: each word is made small and looked at once.

The same: the same words, in the order in which a set of this process holds them; another process has another order.
"""

# --- before


def different_words(words):
    seen = set()
    for word in words:
        if word.lower() not in [each for each in (word.lower(),) if each in seen]:
            seen.add(word.lower())
    return list(seen)


# --- after


def different_words(words):
    seen = set()
    for word in words:
        seen.add(word.lower())
    return list(seen)


# --- inputs

from random import Random


def inputs(seed, n=1000):
    random = Random(seed)
    return ([f"Word {random.randrange(n)}" for _ in range(n)],), {}
