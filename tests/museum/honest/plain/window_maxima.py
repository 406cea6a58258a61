"""Faster: a deque of falling values.

The same: the maximum of each full window.
"""

# --- before


def window_maxima(values):
    return [max(values[at : at + 60]) for at in range(len(values) - 59)]


# --- after

from collections import deque


def window_maxima(values):
    falling, maxima = deque(), []
    for at, value in enumerate(values):
        while falling and values[falling[-1]] <= value:
            falling.pop()
        falling.append(at)
        if falling[0] == at - 60:
            falling.popleft()
        if at >= 59:
            maxima.append(values[falling[0]])
    return maxima


# --- inputs

from random import Random


def inputs(seed, n=1500):
    random = Random(seed)
    return ([random.randrange(10**6) for _ in range(n)],), {}
