"""Faster: the pattern is compiled when the module is imported.

The same: the same pattern.
"""

# --- before

import re


def words_by_pattern(lines):
    found = []
    for line in lines:
        match = re.match(r"([a-z]+)=(\d+)", line)
        if match:
            found.append(match.groups())
    return found


# --- after

import re

_PATTERN = re.compile(r"([a-z]+)=(\d+)")


def words_by_pattern(lines):
    return [match.groups() for match in map(_PATTERN.match, lines) if match]


# --- inputs

from random import Random


def inputs(seed, n=1000):
    random = Random(seed)
    return ([f"{random.choice(['key', 'K'])}={random.randrange(10**6)};" for _ in range(n)],), {}
