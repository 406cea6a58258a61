"""How fast this host is right now: a fixed piece of work of our own, outside the sandbox, where no candidate can slow it down.

A shared core's CPU seconds stretch by half when a neighbour wakes up. Twins run one after the other, so they are compared in
units of this pace rather than in seconds.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from random import Random

STEPS = 3_000  # about a quarter of a millisecond


def pace_ns() -> int:
    """CPU nanoseconds that the calling thread needs for it just now."""
    start = time.thread_time_ns()
    value = 1
    for _ in range(STEPS):
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
    return time.thread_time_ns() - start


@contextlib.contextmanager
def same_core(pid: int, random: Random) -> Iterator[None]:
    """Keep a process and the calling thread on one core, picked at random: cores of one host differ, and they take turns anyway.

    Where the kernel does not let us, both stay where they are.
    """
    before = os.sched_getaffinity(0)
    core = {random.choice(sorted(before))}
    try:
        os.sched_setaffinity(pid, core)
    except OSError:
        yield
        return
    os.sched_setaffinity(0, core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
