"""What a sandbox has used so far, read from outside: the worker's CPU clock, everybody else's in there, and the wall's."""

import time
from dataclasses import dataclass

from evaluation.channel import Channel

CHEAP_NS = 2_000_000  # an account that takes longer to read (an engine asked over its socket) would disturb what it measures


@dataclass(frozen=True, slots=True)
class Reading:
    """Nanoseconds since some moment, the same for all readings of one sandbox."""

    own: int  # CPU of the worker, all its threads
    beside: int  # CPU of every other process that ever lived in the sandbox; 0 where nobody keeps that account
    wall: int

    @property
    def cpu(self) -> int:
        """CPU of the whole sandbox, as far as it is known: work moved to another process is still work."""
        return self.own + self.beside


class Meter:
    """Reads one sandbox. Raises ChannelLost when the worker is gone."""

    def __init__(self, line: Channel) -> None:
        self._line = line
        known = line.running.cpu_s() is not None  # the first reading may have to look for the account
        start = time.monotonic_ns()
        line.running.cpu_s()
        self.whole = known and time.monotonic_ns() - start < CHEAP_NS  # whether other processes are accounted for

    def before(self) -> Reading:
        """The reading before something starts: the wall is read last."""
        whole = self._whole()
        own, wall = self._line.clock_ns()
        return Reading(own, whole - own if whole else 0, wall)

    def after(self) -> Reading:
        """The reading after something has ended: the wall is read first."""
        own, wall = self._line.clock_ns()
        whole = self._whole()
        return Reading(own, whole - own if whole else 0, wall)

    def _whole(self) -> int:
        used = self._line.running.cpu_s() if self.whole else None
        return 0 if used is None else round(used * 1e9)
