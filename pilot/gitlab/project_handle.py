"""A project as a test or the demo holds it: members, hooks, issues, commits, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pilot.gitlab import commits, events, labelling, lifecycle
from pilot.gitlab.edits import Edit
from pilot.gitlab.events import ZERO
from pilot.gitlab.handles import IssueHandle, MergeRequestHandle
from pilot.gitlab.hooks import FLAGS, Delivery, Hook
from pilot.gitlab.merging import moved
from pilot.gitlab.projects import Member, Project
from pilot.gitlab.state import State
from pilot.gitlab.users import User

BOT_EVENTS = (
    "note_events",
    "confidential_note_events",
    "issues_events",
    "confidential_issues_events",
    "merge_requests_events",
    "emoji_events",
    "push_events",
)


@dataclass(frozen=True, slots=True)
class ProjectHandle:
    """A project with its repository."""

    state: State
    project: Project

    @property
    def id(self) -> int:
        return self.project.id

    @property
    def path(self) -> str:
        return self.project.path

    @property
    def url(self) -> str:
        return f"{self.state.url}/{self.project.path}"

    @property
    def clone_url(self) -> str:
        return f"{self.url}.git"

    @property
    def repository_folder(self) -> Path:
        return self.project.repository.folder

    @property
    def issues(self) -> list[IssueHandle]:
        with self.state.lock:
            return [IssueHandle(self.state, issue) for issue in self.project.issues]

    @property
    def merge_requests(self) -> list[MergeRequestHandle]:
        with self.state.lock:
            return [MergeRequestHandle(self.state, mr, mr) for mr in self.project.merge_requests]

    @property
    def branches(self) -> dict[str, str]:
        return self.project.repository.branches()

    @property
    def hooks(self) -> list[Hook]:
        return list(self.project.hooks.values())

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was meant for this project's hooks, dropped ones included."""
        with self.state.lock:
            return sorted((item for hook in self.project.hooks.values() for item in hook.deliveries), key=lambda item: item.id)

    def add_member(self, user: User, level: int) -> None:
        with self.state.lock:
            self.project.members[user.id] = Member(user, level, self.state.now())

    def remove_member(self, user: User) -> None:
        with self.state.lock:
            self.project.members.pop(user.id, None)

    def add_label(self, name: str) -> None:
        with self.state.lock:
            labelling.ensure(self.state, self.project, name)

    def add_hook(
        self, url: str, secret: str | None = None, signing_token: str | None = None, events: Sequence[str] = BOT_EVENTS
    ) -> Hook:
        """A webhook for the named event flags, by default all that a bot listens to."""
        with self.state.lock:
            hook = Hook(self.state.next_id("hook"), self.project.id, url, self.state.now(), secret, signing_token)
            hook.events = {flag: flag in events for flag in FLAGS}
            self.project.hooks[hook.id] = hook
            return hook

    def create_issue(
        self, author: User, title: str, description: str = "", labels: Sequence[str] = (), confidential: bool = False
    ) -> IssueHandle:
        edit = Edit(description=description, labels=labels, confidential=confidential)
        with self.state.lock:
            return IssueHandle(self.state, lifecycle.open_issue(self.state, author, self.project, title, edit))

    def create_merge_request(
        self, author: User, source: str, title: str, description: str = "", target: str = ""
    ) -> MergeRequestHandle:
        edit, target = Edit(description=description), target or self.project.default_branch
        with self.state.lock:
            mr = lifecycle.open_merge_request(self.state, author, self.project, source, target, title, edit)
        return MergeRequestHandle(self.state, mr, mr)

    def commit(self, user: User, branch: str, files: Mapping[str, str | bytes | None], message: str = "Change files") -> str:
        """A commit as if pushed; a new branch starts from the default one, None deletes a file."""
        with self.state.lock:
            repository = self.project.repository
            before = repository.branch(branch)
            parent = before or repository.branch(self.project.default_branch)
            by = commits.Signature(user.name, user.email, self.state.now())
            sha = commits.write(repository, branch, parent, states_of(files), message, by)
            moved(self.state, user, self.project, [(f"refs/heads/{branch}", before or ZERO, sha)])
            return sha

    def file(self, path: str, ref: str = "") -> str:
        """A file's text on a branch."""
        repository = self.project.repository
        sha = repository.resolve(ref or self.project.default_branch)
        entry = repository.entry(sha, path) if sha else None
        if entry is None:
            raise LookupError(f"no {path} on {ref or self.project.default_branch}")
        return repository.blob(entry.sha).decode()

    def rename(self, path: str) -> None:
        """Move the project; the old path answers with a redirection from now on."""
        with self.state.lock:
            self.project.former_paths.add(self.project.path)
            self.project.path = path

    def token_expires(self, user: User, on: date) -> None:
        """The first token of a bot nears its end, and the hooks hear of it."""
        with self.state.lock:
            user.tokens[0].expires_at = on
            events.token_expires(self.state, self.project, user, user.tokens[0])


def states_of(files: Mapping[str, str | bytes | None]) -> commits.Change:
    """Plain texts and bytes as file states."""
    return {
        path: None if content is None else commits.File("100644", content.encode() if isinstance(content, str) else content)
        for path, content in files.items()
    }
