"""Faster: a heap knows the room that is free first.

The same: rooms are reused by the same rule.
"""

# --- before


def rooms_needed(meetings):
    ends = []
    for start, end in sorted(meetings):
        first = min(ends, default=None)
        if first is not None and first <= start:
            ends.remove(first)
        ends.append(end)
    return len(ends)


# --- after

from heapq import heappush, heapreplace


def rooms_needed(meetings):
    ends = []
    for start, end in sorted(meetings):
        if ends and ends[0] <= start:
            heapreplace(ends, end)
        else:
            heappush(ends, end)
    return len(ends)


# --- inputs

from random import Random


def inputs(seed, n=400):
    random = Random(seed)
    starts = random.choices(range(1000), k=n)
    return ([(start, start + random.randrange(300)) for start in starts],), {}
