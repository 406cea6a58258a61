"""Notes, the threads they stand in, and reactions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pilot.gitlab.users import User


@dataclass(eq=False, slots=True)
class Award:
    """One emoji by one user."""

    id: int
    name: str
    user: User
    created_at: datetime


@dataclass(eq=False, slots=True)
class Note:
    """A comment; `type` is null for a plain one, `DiscussionNote` in a thread, `DiffNote` on a line."""

    id: int
    type: str | None
    body: str
    author: User
    discussion_id: str
    created_at: datetime
    updated_at: datetime
    system: bool = False
    internal: bool = False
    resolvable: bool = False
    position: Mapping[str, Any] | None = None
    line_code: str | None = None
    commit_id: str | None = None
    updated_by: User | None = None
    resolved_by: User | None = None
    resolved_at: datetime | None = None
    awards: list[Award] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)

    @property
    def emojis(self) -> list[str]:
        return [award.name for award in self.awards]


@dataclass(eq=False, slots=True)
class Discussion:
    """A thread; one with a single plain note is an individual note until somebody replies."""

    id: str
    notes: list[Note]

    @property
    def individual(self) -> bool:
        return self.notes[0].type is None

    @property
    def resolvable(self) -> bool:
        return any(note.resolvable for note in self.notes)

    @property
    def resolved(self) -> bool:
        return self.resolvable and all(note.resolved_at for note in self.notes if note.resolvable)
