"""What we need to know of GitLab's things, read from its JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEVELOPER, MAINTAINER = 30, 40


@dataclass(frozen=True, slots=True)
class Account:
    """A GitLab user."""

    id: int
    username: str
    name: str
    bot: bool


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What we need to know of a project."""

    id: int
    path: str
    default_branch: str | None
    clone_url: str
    web_url: str
    archived: bool


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """What we need to know of a merge request."""

    iid: int
    state: str
    title: str
    description: str
    source_branch: str
    target_branch: str
    source_project: int
    sha: str | None
    web_url: str
    author: int


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook of a project, and whether GitLab delivers to it."""

    id: int
    url: str
    status: str  # executable | temporarily_disabled | disabled; where GitLab does not say, it counts as executable
    until: str | None
    events: frozenset[str]

    @property
    def delivers(self) -> bool:
        return self.status == "executable"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A merge request to open."""

    source_branch: str
    target_branch: str
    title: str
    description: str
    labels: Sequence[str] = ()
    reviewers: Sequence[int] = ()


def account_of(found: Mapping[str, Any]) -> Account:
    """A user as any endpoint tells of them; only the single view knows bots."""
    return Account(found["id"], found["username"], found.get("name") or found["username"], bool(found.get("bot")))


def hook_of(found: Mapping[str, Any]) -> Hook:
    """A webhook; which events it tells of is spread over many fields."""
    events = frozenset(name for name, listens in found.items() if name.endswith("_events") and listens)
    return Hook(found["id"], found["url"], found.get("alert_status") or "executable", found.get("disabled_until"), events)


def merge_request_of(found: Mapping[str, Any]) -> MergeRequest:
    """A merge request from the single view or a list."""
    return MergeRequest(
        iid=found["iid"],
        state=found["state"],
        title=found["title"],
        description=found.get("description") or "",
        source_branch=found["source_branch"],
        target_branch=found["target_branch"],
        source_project=found["source_project_id"],
        sha=found.get("sha"),
        web_url=found["web_url"],
        author=found["author"]["id"],
    )
