"""Faster: a key instead of a comparison function.

The same: more points first, then by name, ties stay in order.
"""

# --- before

from functools import cmp_to_key


def _compare(one, other):
    if one[1] != other[1]:
        return other[1] - one[1]
    return (one[0] > other[0]) - (one[0] < other[0])


def league_table(teams):
    return sorted(teams, key=cmp_to_key(_compare))


# --- after


def league_table(teams):
    return sorted(teams, key=lambda team: (-team[1], team[0]))


# --- inputs

from random import Random


def inputs(seed, n=600):
    random = Random(seed)
    return ([(f"t{random.randrange(99)}", random.randrange(30)) for _ in range(n)],), {}
