"""Faster: the generator of numbers is looked up once, and what won is listed at once.

The same: as many numbers are drawn, in the same order, from the random stream that everybody shares.
"""

# --- before

import random


def coin_tosses(names):
    winners = []
    for name in names:
        toss = random.random()
        heads = tails = False
        if toss < 0.5:
            heads = True
        else:
            tails = True
        if heads and not tails:
            winners = winners + [name]
    return winners


# --- after

import random


def coin_tosses(names):
    toss = random.random
    return [name for name in names if toss() < 0.5]


# --- inputs

from random import Random


def inputs(seed, n=500):
    random = Random(seed)
    return ([f"name {random.randrange(10 * n)}" for _ in range(n)],), {}
