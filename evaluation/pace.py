"""How fast this host is right now: a fixed piece of work of our own, outside the sandbox, where no candidate can slow it down.

A shared core's CPU seconds stretch by half when a neighbour wakes up. Twins run one after the other, so they are compared in
units of this pace rather than in seconds.
"""

import time

STEPS = 20_000  # about 1 ms


def pace_ns() -> int:
    """CPU nanoseconds that the calling thread needs for it just now."""
    start = time.thread_time_ns()
    value = 1
    for _ in range(STEPS):
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
    return time.thread_time_ns() - start
