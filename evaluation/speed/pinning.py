"""Which core a measurement runs on: one, picked at random for each, since cores of one host differ."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from random import Random


@contextlib.contextmanager
def same_core(pids: Iterable[int], random: Random) -> Iterator[None]:
    """Keep processes and the calling thread on one core: they take turns anyway.

    Where the kernel does not let us, all stay where they are.
    """
    before = os.sched_getaffinity(0)
    core = {random.choice(sorted(before))}
    try:
        for pid in pids:
            os.sched_setaffinity(pid, core)
    except OSError:
        yield
        return
    os.sched_setaffinity(0, core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
