"""Commit statuses and the external pipelines they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pilot.gitlab.users import User

FINISHED = frozenset({"success", "failed", "canceled", "skipped"})
STATES = FINISHED | {"pending", "running"}


@dataclass(eq=False, slots=True)
class Pipeline:
    """What groups the statuses of one commit and branch."""

    id: int
    iid: int
    sha: str
    ref: str
    user: User
    created_at: datetime
    updated_at: datetime
    status: str = "pending"


@dataclass(eq=False, slots=True)
class Status:
    """One named check of a commit."""

    id: int
    sha: str
    ref: str
    name: str
    state: str
    author: User
    created_at: datetime
    pipeline: Pipeline
    description: str | None = None
    target_url: str | None = None
    coverage: float | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
