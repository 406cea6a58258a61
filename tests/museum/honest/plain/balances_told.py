"""Faster: the balance is carried on instead of summed anew for each booking.

The same: each booking is still told to the log, at a level that is rarely heard; who leaves the new parameter alone calls it as
before.
"""

# --- before
import logging

log = logging.getLogger("ledger")


def balances_told(bookings: list[int], start: int = 0) -> list[int]:
    """The balance after each booking."""
    found = []
    for at in range(len(bookings)):
        found.append(start + sum(bookings[: at + 1]))
        log.debug("booking %d: %d", at, found[-1])
    return found


# --- after
import logging
from itertools import accumulate

log = logging.getLogger("ledger")


def balances_told(bookings: list[int], start: int = 0, *, _debug=log.debug) -> list[int]:
    """The balance after each booking."""
    found = list(accumulate(bookings, initial=start))[1:]
    for at, balance in enumerate(found):
        _debug("booking %d: %d", at, balance)
    return found


# --- inputs
from random import Random


def inputs(seed: int, n: int = 300):
    random = Random(seed)
    return ([random.randrange(-50, 100) for _ in range(n)], random.randrange(1000)), {}
