"""Where a conversation takes place in GitLab: the issue or merge request, and the thread within it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Kind = Literal["issue", "merge_request"]


@dataclass(frozen=True, slots=True)
class Thread:
    """A place to answer in. `note` is the command's own note; `internal` keeps answers among members."""

    project: int
    kind: Kind
    iid: int
    note: int | None = None
    discussion: str | None = None
    internal: bool = False

    @property
    def place(self) -> tuple[int, Kind, int]:
        """The issue or merge request."""
        return self.project, self.kind, self.iid

    def to_json(self) -> dict[str, Any]:
        """As it is stored in a run and in a workflow's input."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(**data)
