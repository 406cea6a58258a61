"""When to ask again, and how long to wait before. The SDK's own retries are off: it would sleep as long as a server says."""

import email.utils
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.gateway.exchange import ModelUnavailable, Stop, Stopped

BUSY = frozenset({429, 503, 529})
_AGAIN = frozenset({408, 409, 429})
_LONGEST_WAIT = 30.0
_GLANCE = 0.2  # how often a wait looks whether it is still wanted


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently."""

    most: int = 4
    busy_s: float = 300.0  # of waiting for an endpoint that says it is busy (429, 503, 529), however often it says so
    first_s: float = 0.5
    longest: float = 120.0  # a server that wants us to wait longer than this is as good as gone
    jitter: Callable[[], float] = random.random

    def give_up(self, attempt: int, *, busy: bool, waited_s: float) -> bool:
        """Whether a call that failed `attempt` + 1 times is not made again."""
        return attempt >= self.most and not (busy and waited_s < self.busy_s)

    def wait(self, attempt: int, headers: Mapping[str, str], now: float) -> float:
        """Seconds before the next attempt. Raises ModelUnavailable when the server asks for too much patience."""
        asked = _asked(headers, now)
        if asked is None:
            return min(_LONGEST_WAIT, self.first_s * 2.0 ** min(attempt, 10)) * (1 - 0.25 * self.jitter())
        if asked > self.longest:
            raise ModelUnavailable(f"the model's endpoint asks to come back in {asked:.0f} s")
        return max(0.0, asked)


DEFAULT = Retries()


def worth_another(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the same request may succeed later; the server's own word on it counts first."""
    said = headers.get("x-should-retry")
    if said in ("true", "false"):
        return said == "true"
    return status in _AGAIN or status >= 500


def pause(seconds: float, stop: Stop) -> None:
    """Wait, but no longer than the caller still wants. Raises Stopped."""
    until = time.monotonic() + seconds
    while True:
        if why := stop():
            raise Stopped(why)
        left = until - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, _GLANCE))


def _asked(headers: Mapping[str, str], now: float) -> float | None:
    """What `retry-after` says, in any of its three forms."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return float(headers[name]) / scale
        except (KeyError, ValueError):
            continue
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return None if date is None else email.utils.mktime_tz(date) - now
