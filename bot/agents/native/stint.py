"""One attempt's state: its clock, its lease, what it tells the world, and how it ends."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.agents.contract import Emit, Event, Limits
from bot.agents.native.observation import Left, Submission
from bot.gateway.exchange import Reply
from bot.gateway.lease import Lease, Part
from bot.gateway.masking import Mask

Reason = Literal["completed", "limit", "refused", "api_error", "aborted", "edit_failed"]
Kind = Literal["started", "reasoning", "message", "tool_call", "tool_result", "file_changed", "step", "usage", "retry", "ended"]


class Over(Exception):
    """The attempt ends here."""

    def __init__(self, reason: Reason, detail: str = "", submission: Submission | None = None, short: Part | None = None) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.detail = detail
        self.submission = submission
        self.short: Part | None = short  # of which part of the budget nothing is left


@dataclass(slots=True)
class Stint:
    """Counts steps and watches the limits; everything it emits is masked."""

    limits: Limits
    lease: Lease
    mask: Mask
    emit: Emit
    cancelled: Callable[[], bool]
    began: float = field(default_factory=time.monotonic)
    steps: int = 0

    @property
    def seconds_left(self) -> float:
        """Until the wall-clock limit."""
        return self.limits.seconds - (time.monotonic() - self.began)

    @property
    def left(self) -> Left:
        """The budget as the model is told it."""
        budget = self.lease.left()
        return Left(self.limits.steps - self.steps, self.seconds_left, budget.tokens, budget.usd)

    def why_stop(self) -> str | None:
        """Why to stop at once, if at all."""
        if self.cancelled():
            return "cancelled"
        return "the time is used up" if self.seconds_left <= 0 else None

    def go_on(self) -> None:
        """Raises Over when it was called off or the time is up."""
        if why := self.why_stop():
            raise Over("aborted" if self.cancelled() else "limit", why)

    def step(self) -> None:
        """Begin another step. Raises Over when there is none left."""
        self.go_on()
        if self.steps >= self.limits.steps:
            raise Over("limit", f"{self.limits.steps} steps are used up")
        self.steps += 1
        self.tell("step", str(self.left), {"number": self.steps})

    def tell(self, kind: Kind, text: str = "", data: Mapping[str, Any] | None = None) -> None:
        """Emit an event without secrets."""
        self.emit(Event(kind, self.mask.text(text), self.mask.value(data or {})))

    def retried(self, attempt: int, seconds: float, why: str) -> None:
        """Tell of a model call that is made again."""
        self.tell("retry", why, {"attempt": attempt, "wait_s": round(seconds, 3)})

    def used(self, reply: Reply) -> None:
        """Tell what an answer used."""
        usage = reply.usage
        data = {"input": usage.input, "cache_write": usage.cache_write, "cache_read": usage.cache_read, "output": usage.output}
        self.tell("usage", "", {**data, "usd": reply.usd, "model": reply.model, "request_id": reply.request_id})
