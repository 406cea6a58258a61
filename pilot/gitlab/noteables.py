"""What issues and merge requests have in common: people write, react and label there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from pilot.gitlab.notes import Award, Discussion, Note
from pilot.gitlab.users import User

if TYPE_CHECKING:
    from pilot.gitlab.projects import Project


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """Who added or removed a label, and when."""

    id: int
    user: User
    created_at: datetime
    action: str
    label: str


@dataclass(eq=False, slots=True)
class Noteable:
    """An issue or a merge request as far as the conversation is concerned."""

    id: int
    iid: int
    project: Project
    author: User
    title: str
    description: str | None
    created_at: datetime
    updated_at: datetime
    state: str = "opened"
    labels: list[str] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    discussions: list[Discussion] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    label_events: list[LabelEvent] = field(default_factory=list)
    updated_by: User | None = None
    closed_at: datetime | None = None
    closed_by: User | None = None
    locked: bool = False
    confidential: bool = False

    kind: ClassVar[str]
    url_part: ClassVar[str]
    mark: ClassVar[str]

    @property
    def notes(self) -> list[Note]:
        """All notes in the order in which they were written."""
        return sorted((note for thread in self.discussions for note in thread.notes), key=lambda note: note.id)

    def note(self, note_id: int) -> Note | None:
        return next((note for note in self.notes if note.id == note_id), None)

    def discussion(self, discussion_id: str) -> Discussion | None:
        return next((thread for thread in self.discussions if thread.id == discussion_id), None)
