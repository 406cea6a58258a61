"""The smallest input we find in a few seconds that still shows a difference: greedy, one step after the other."""

import time
from collections.abc import Callable, Sequence

Smaller = Callable[[bytes], Sequence[bytes]]  # inputs that are smaller than one by a step, boldest steps first


def shrunk(
    pickle: bytes,
    *,
    smaller: Smaller,
    shows: Callable[[bytes], bool],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """As small an input as was found in time, for which `shows` still holds."""
    until = clock() + seconds
    going = True
    while going:
        going = False
        for less in smaller(pickle):
            if clock() >= until:
                return pickle
            if shows(less):
                pickle, going = less, True
                break
    return pickle
