"""Faster: a deque turns in constant time; a list moves all items.

The same: the same circle, the same step.
"""

# --- before


def josephus(people):
    circle = list(people)
    gone = []
    while circle:
        for _ in range(6):
            circle.append(circle.pop(0))
        gone.append(circle.pop(0))
    return gone


# --- after

from collections import deque


def josephus(people):
    circle = deque(people)
    gone = []
    while circle:
        circle.rotate(-6)
        gone.append(circle.popleft())
    return gone


# --- inputs

from random import Random


def inputs(seed, n=600):
    random = Random(seed)
    return ([random.randrange(10**6) for _ in range(n)],), {}
