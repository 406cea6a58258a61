"""A project: its members, labels, hooks, and what is discussed in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from pilot.gitlab.hooks import Hook
from pilot.gitlab.issues import Issue
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.pipelines import Pipeline, Status
from pilot.gitlab.repository import Repository
from pilot.gitlab.users import User

VISIBILITY_LEVELS = {"private": 0, "internal": 10, "public": 20}


@dataclass(eq=False, slots=True)
class Label:
    """A project label."""

    id: int
    name: str
    color: str
    created_at: datetime
    description: str | None = None


@dataclass(eq=False, slots=True)
class Member:
    """A user with a role in the project."""

    user: User
    level: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """A file attached through the uploads endpoint."""

    id: int
    secret: str
    name: str
    content_type: str
    content: bytes

    @property
    def download(self) -> bool:
        """Whether a browser only gets it to save: GitLab counts SVG among images, but never opens one by its address."""
        return not self.content_type.startswith(("image/", "video/", "audio/")) or self.name.lower().endswith(".svg")


@dataclass(eq=False, slots=True)
class Project:
    """Everything GitLab keeps under one path."""

    id: int
    path: str
    visibility: str
    created_at: datetime
    repository: Repository
    default_branch: str = "main"
    description: str = ""
    archived: bool = False
    protected: list[str] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    hooks: dict[int, Hook] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    merge_requests: list[MergeRequest] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    pipelines: list[Pipeline] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    former_paths: set[str] = field(default_factory=set)
    last_activity_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.last_activity_at = self.created_at

    def touch(self, now: datetime, lag: timedelta) -> None:
        """Something happened; GitLab writes it down only once in a while."""
        if now - self.last_activity_at >= lag:
            self.last_activity_at = now

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def namespace(self) -> str:
        return self.path.rpartition("/")[0]

    def is_protected(self, branch: str) -> bool:
        return any(fnmatchcase(branch, pattern) for pattern in self.protected)

    def label(self, name: str) -> Label | None:
        return next((label for label in self.labels if label.name == name), None)

    def issue(self, iid: int) -> Issue | None:
        return next((issue for issue in self.issues if issue.iid == iid), None)

    def merge_request(self, iid: int) -> MergeRequest | None:
        return next((mr for mr in self.merge_requests if mr.iid == iid), None)
