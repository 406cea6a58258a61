"""Benchmarks and working agents keep out of each other's way: while one measures on this host, no tool of an agent runs."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.agents.contract import Event

OF_THE_JUDGE = frozenset({"evaluate", "profile", "submit"})  # tools that measure by themselves, and take their own turn


class Workbay:
    """An agent's place at work: from a tool's call to its result the host is taken, together with other agents."""

    def __init__(self, lock: Path) -> None:
        self._lock, self._held = lock, ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._held.close()

    def follow(self, event: Event) -> None:
        """Wait for a measurement to end before a tool starts, and let the next one begin when it is done."""
        self._held.close()
        if event.kind == "tool_call" and event.data.get("name") not in OF_THE_JUDGE:
            self._held.enter_context(among_others(self._lock))


@contextmanager
def among_others(lock: Path) -> Iterator[None]:
    """While this holds nobody measures; others may work, too. The kernel lets go when the holder dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
