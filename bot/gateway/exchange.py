"""One question to a model and what came back, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.gateway.usage import NOTHING, Usage

Block = Mapping[str, Any]


class ModelError(Exception):
    """The model could not be asked; `str(error)` is fit for people, without secrets."""


class ModelUnavailable(ModelError):
    """It did not answer, or not in one piece, as often as it was tried."""


class RequestRefused(ModelError):
    """The endpoint refused the request itself (a wrong key, model or parameter): asking again would not help."""


class Stopped(Exception):
    """The caller wanted no more of it: cancelled, or out of time; `str(error)` says which."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the model, content blocks as they came. Unknown kinds of blocks and stop reasons pass through."""

    content: tuple[Block, ...]
    stop_reason: str
    stop_details: str = ""
    usage: Usage = NOTHING
    usd: float | None = None
    model: str = ""
    request_id: str = ""

    def blocks(self, kind: str) -> list[Block]:
        """The blocks of one kind, in order."""
        return [block for block in self.content if block.get("type") == kind]

    @property
    def text(self) -> str:
        """All text blocks, joined."""
        return "\n".join(str(block.get("text", "")) for block in self.blocks("text")).strip()


@dataclass(frozen=True, slots=True)
class Record:
    """One attempt to ask, for the trajectory: secrets are masked already."""

    request: Mapping[str, Any]
    response: Mapping[str, Any] = field(default_factory=dict)
    usage: Usage = NOTHING
    usd: float | None = None
    seconds: float = 0.0
    error: str = ""


Keep = Callable[[Record], None]
Recall = Callable[[Mapping[str, Any]], Reply | None]  # what was answered to this request before, if it was
Retried = Callable[[int, float, str], None]  # attempt, seconds to wait, why
Stop = Callable[[], str | None]  # why to stop now, or None to go on
