"""Faster: a frozenset of the words to leave out, made at import.

The same: the same words.
"""

# --- before

_STOP = ["the", "a", "an", "of", "to", "and", "in", "is", "it", "on", "that", "by", "this", "with", "for", "as", "was", "at"]


def content_words(words):
    result = []
    for word in words:
        if word.lower() not in _STOP:
            result.append(word)
    return result


# --- after

_STOP = frozenset(
    ["the", "a", "an", "of", "to", "and", "in", "is", "it", "on", "that", "by", "this", "with", "for", "as", "was", "at"]
)


def content_words(words):
    return [word for word in words if word.lower() not in _STOP]


# --- inputs

from random import Random


def inputs(seed, n=2000):
    random = Random(seed)
    return ([random.choice(["the", "House", "was", "Built", "with", "Stone", f"w{random.randrange(99)}"]) for _ in range(n)],), {}
