"""Merge requests and the versions of their diff."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pilot.gitlab.noteables import Noteable
from pilot.gitlab.users import User

DRAFT = re.compile(r"^\s*(\[draft\]|\(draft\)|draft:|draft\s-\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the diff: `start` is the target's head, `base` where the branches parted."""

    id: int
    head: str
    base: str
    start: str
    created_at: datetime


@dataclass(eq=False, slots=True)
class MergeRequest(Noteable):
    """A branch that wants to be merged; its diff is ready only at `ready_at`, as on a real instance."""

    source_branch: str = ""
    target_branch: str = ""
    ready_at: datetime | None = None
    reviewers: list[User] = field(default_factory=list)
    approvals: list[User] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    squash: bool = False
    remove_source_branch: bool = False
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit: str | None = None

    kind: ClassVar[str] = "MergeRequest"
    url_part: ClassVar[str] = "merge_requests"
    mark: ClassVar[str] = "!"

    @property
    def draft(self) -> bool:
        return DRAFT.match(self.title) is not None

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    def ready(self, now: datetime) -> bool:
        return self.ready_at is not None and self.ready_at <= now
