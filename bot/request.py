"""What a person asked for, as it travels into a workflow: small, plain, storable."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.thread import Thread


@dataclass(frozen=True, slots=True)
class Spot:
    """A line on the new side of a merge request's diff, in the version of the file that `sha` holds."""

    path: str
    line: int
    sha: str


@dataclass(frozen=True, slots=True)
class Request:
    """One command on one target, read from one note, by one person. `id` is the workflow's."""

    id: str
    thread: Thread
    actor: int
    username: str
    verb: str  # optimize, retry, cancel, status, explain, avoid, prefer, compare, help, mistake, remark
    words: tuple[str, ...] = ()  # the target; what to avoid or to prefer; a candidate
    text: str = ""  # free text as written (untrusted)
    options: Mapping[str, Any] = field(default_factory=dict)
    edited: bool = False
    at: Spot | None = None  # where in a diff it was said
    occasion: str = ""  # what asks where nobody wrote a command: label, review request

    def to_json(self) -> dict[str, Any]:
        """As a workflow's input."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        at = Spot(**data["at"]) if data.get("at") else None
        return cls(**{**data, "thread": Thread.from_json(data["thread"]), "words": tuple(data["words"]), "at": at})
