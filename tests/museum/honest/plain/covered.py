"""Faster: two bisections a point instead of a look at every span.

The same: spans that end before they begin cover nothing.
"""

# --- before


def covered(points, spans):
    return [sum(1 for low, high in spans if low <= point <= high) for point in points]


# --- after

from bisect import bisect_left, bisect_right


def covered(points, spans):
    real = [(low, high) for low, high in spans if low <= high]
    lows, highs = sorted(low for low, _ in real), sorted(high for _, high in real)
    return [bisect_right(lows, point) - bisect_left(highs, point) for point in points]


# --- inputs

from random import Random


def inputs(seed, n=150):
    random = Random(seed)
    spans = [(low, low + random.randrange(99)) for low in random.choices(range(999), k=n)]
    return ([random.randrange(999) for _ in range(n)], spans), {}
