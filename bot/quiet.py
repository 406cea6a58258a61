"""Benchmarks and working agents keep out of each other's way: while one measures on this host, no tool of an agent runs."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.agents.contract import Event
from bot.turns import among_others

OF_THE_JUDGE = frozenset({"evaluate", "profile", "submit"})  # tools that measure by themselves, and take their own turn


class Workbay:
    """An agent's place at work: from a tool's call to its result the host is taken, together with other agents."""

    def __init__(self, lock: Path, cancelled: Callable[[], bool]) -> None:
        self._lock, self._cancelled, self._held = lock, cancelled, ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._held.close()

    def follow(self, event: Event) -> None:
        """Wait for a measurement to end before a tool starts, and let the next one begin when it is done. Raises Cancelled."""
        self._held.close()
        if event.kind == "tool_call" and event.data.get("name") not in OF_THE_JUDGE:
            self._held.enter_context(among_others(self._lock, self._cancelled))
