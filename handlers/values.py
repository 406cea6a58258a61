"""What GitLab can tell us, as one union of frozen values. Imported from `handlers.events`, which reads them from bytes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Project:
    """The project an event belongs to. `default_branch` is None while the repository is empty."""

    id: int
    path: str
    default_branch: str | None
    web_url: str
    http_url: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it. Rights are checked by `id`; names are foreign text."""

    id: int
    username: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a diff. An added line has only `new_line`, a removed one only `old_line`, an unchanged one both."""

    base_sha: str
    start_sha: str
    head_sha: str
    old_path: str | None
    new_path: str | None
    old_line: int | None
    new_line: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a set of names was before an update, and is now."""

    previous: frozenset[str]
    current: frozenset[str]

    @property
    def added(self) -> frozenset[str]:
        return self.current - self.previous


@dataclass(frozen=True, slots=True)
class Branches:
    """Where a merge request comes from and goes to."""

    source: str
    target: str
    source_project_id: int | None
    target_project_id: int | None

    @property
    def fork(self) -> bool:
        """Whether foreign people own the source. Unknown counts as foreign."""
        return self.source_project_id is None or self.source_project_id != self.target_project_id


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """Somebody wrote or edited a comment. Authorise `actor`, who did it just now; `author_id` wrote the first version."""

    project: Project
    actor: Person
    id: int
    author_id: int | None
    text: str
    on: Literal["Issue", "MergeRequest", "Commit", "Snippet"]
    iid: int | None  # of the issue or merge request
    noteable_id: int | None
    action: Literal["create", "update"] | None  # None before GitLab 16.11
    type: Literal["DiffNote", "DiscussionNote"] | None
    system: bool
    confidential: bool
    discussion_id: str | None
    url: str
    updated_at: datetime | None
    position: Position | None = None
    original_position: Position | None = None
    commit: str | None = None  # the commented commit
    resolved: bool = False
    state: str = ""  # of the issue or merge request
    title: str = ""
    labels: frozenset[str] = frozenset()
    branches: Branches | None = None  # on a merge request
    head: str | None = None  # the merge request's last commit
    draft: bool = False

    kind = "note"


@dataclass(frozen=True, slots=True)
class IssueEvent:
    """An issue (or another work item) was opened or changed."""

    project: Project
    actor: Person
    id: int
    iid: int
    action: str | None  # open, close, reopen, update
    type: str
    state: str
    title: str
    description: str
    confidential: bool
    author_id: int | None
    assignee_ids: tuple[int, ...]
    labels: frozenset[str]
    label_change: Change | None
    url: str
    updated_at: datetime | None

    kind = "issue"

    @property
    def new_labels(self) -> frozenset[str]:
        """Labels that were not there before: the difference on an update, all of them on a fresh issue."""
        return _new_labels(self.action, self.labels, self.label_change)


@dataclass(frozen=True, slots=True)
class MergeRequestEvent:
    """A merge request was opened, changed, approved, merged or closed."""

    project: Project
    actor: Person
    id: int
    iid: int
    action: str | None  # open close reopen update approved unapproved approval unapproval merge
    oldrev: str | None  # the former head, only when code changed
    state: str
    title: str
    description: str
    draft: bool
    author_id: int | None
    branches: Branches
    head: str | None
    reviewer_ids: tuple[int, ...]
    new_reviewer_ids: frozenset[int]
    labels: frozenset[str]
    label_change: Change | None
    threads_resolved: bool | None
    url: str
    updated_at: datetime | None

    kind = "merge_request"

    @property
    def new_labels(self) -> frozenset[str]:
        """Labels that were not there before: the difference on an update, all of them on a fresh merge request."""
        return _new_labels(self.action, self.labels, self.label_change)


@dataclass(frozen=True, slots=True)
class EmojiEvent:
    """Somebody reacted with an emoji, or took the reaction back."""

    project: Project
    actor: Person
    id: int
    name: str
    action: Literal["award", "revoke"] | None
    on: str  # Note, Issue, MergeRequest, ...
    awarded_id: int | None
    note_author_id: int | None
    discussion_id: str | None
    issue_iid: int | None
    merge_request_iid: int | None
    url: str

    kind = "emoji"


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """An access token of the project nears its end; GitLab tells 60, 30, 7 and 1 days before."""

    project: Project
    user_id: int  # whose token it is
    id: int
    name: str
    expires: str | None  # a date

    kind = "access_token"
    action = None


@dataclass(frozen=True, slots=True)
class Other:
    """Something GitLab may well say and we have no use for: answered with 200 and forgotten."""

    name: str
    project_id: int | None = None

    kind = "other"


Event = NoteEvent | IssueEvent | MergeRequestEvent | EmojiEvent | TokenEvent | Other


def _new_labels(action: str | None, labels: frozenset[str], change: Change | None) -> frozenset[str]:
    if action == "open":  # `changes` cannot be relied on here
        return labels
    return change.added if change else frozenset()
