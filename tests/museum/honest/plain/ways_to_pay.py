"""Faster: results are remembered within one call, by a cache made in it.

The same: the recursion is unchanged.
"""

# --- before

COINS = (1, 2, 5, 10, 20, 50)


def ways_to_pay(amounts):
    def ways(amount, at):
        if amount == 0:
            return 1
        if amount < 0 or at == len(COINS):
            return 0
        return ways(amount - COINS[at], at) + ways(amount, at + 1)

    return [ways(amount, 0) for amount in amounts]


# --- after

from functools import lru_cache

COINS = (1, 2, 5, 10, 20, 50)


def ways_to_pay(amounts):
    @lru_cache(maxsize=None)
    def ways(amount, at):
        if amount == 0:
            return 1
        if amount < 0 or at == len(COINS):
            return 0
        return ways(amount - COINS[at], at) + ways(amount, at + 1)

    return [ways(amount, 0) for amount in amounts]


# --- inputs

from random import Random


def inputs(seed, n=12):
    random = Random(seed)
    return ([random.randrange(10, 30) for _ in range(n)],), {}
