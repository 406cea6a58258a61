"""Turns on this host: one alone, or several together, across threads and processes; waiting can be called off.

The kernel takes its locks back when a holder dies, but promises no order: whoever comes often can pass whoever waits. So the
threads of a process stand in a line, and the first of each line waits at a gate that nobody passes while another wants to get in.
"""

import fcntl
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from threading import Condition

from bot.ending import Cancelled

LOOK_S = 0.25  # between looks at what other processes do, and whether it was called off
_MOVED = Condition()
_LINES: dict[Path, deque[object]] = {}


def _never() -> bool:
    return False


@contextmanager
def turn(path: Path, cancelled: Callable[[], bool] = _never) -> Iterator[None]:
    """Alone: nobody else has a turn meanwhile. Raises Cancelled where it was called off before it began."""
    with _held(path, fcntl.LOCK_EX, cancelled):
        yield


@contextmanager
def among_others(path: Path, cancelled: Callable[[], bool] = _never) -> Iterator[None]:
    """While this holds nobody is alone; others may be here, too. Raises Cancelled where it was called off before it began."""
    with _held(path, fcntl.LOCK_SH, cancelled):
        yield


@contextmanager
def _held(path: Path, kind: int, cancelled: Callable[[], bool]) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("a") as file:
            with _first(path, cancelled), path.with_suffix(".gate").open("a") as gate:
                _take(gate, fcntl.LOCK_EX, cancelled)
                _take(file, kind, cancelled)
            yield
    finally:
        with _MOVED:
            _MOVED.notify_all()


@contextmanager
def _first(path: Path, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Among this process's threads, in the order in which they came."""
    ticket = object()
    with _MOVED:
        line = _LINES.setdefault(path, deque())
        line.append(ticket)
    try:
        _wait(lambda: line[0] is ticket, cancelled)
        yield
    finally:
        with _MOVED:
            line.remove(ticket)
            _MOVED.notify_all()


def _take(file: TextIOWrapper, kind: int, cancelled: Callable[[], bool]) -> None:
    _wait(lambda: _taken(file, kind), cancelled)


def _taken(file: TextIOWrapper, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(until: Callable[[], bool], cancelled: Callable[[], bool]) -> None:
    with _MOVED:
        if until():
            return
    while not cancelled():
        with _MOVED:
            if until() or (_MOVED.wait(LOOK_S) and until()):
                return
    raise Cancelled
