"""Told to stop by the terminal or the system: an exception where the work waits, an event for what it has in other threads."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """One of the signals came; its `code` is what the process should end with."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """While this holds, a signal sets the event and raises Stopped here, in the main thread."""
    asked = threading.Event()

    def stop(number: int, _: FrameType | None) -> None:
        asked.set()
        raise Stopped(number)

    before = {each: signal.signal(each, stop) for each in SIGNALS}
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
