"""How somebody follows along while we judge, and stops us."""

from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):
    """Somebody asked us to stop."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How somebody follows along and stops us."""

    progress: Callable[[str], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False

    def step(self, text: str) -> None:
        """Say what comes next, unless we are to stop."""
        if self.cancelled():
            raise Cancelled
        self.progress(text)
