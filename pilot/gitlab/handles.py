"""What tests and the demo hold in their hands: projects, issues, merge requests and threads as a person uses them.

Writing goes through the same functions as the REST API, hooks included; reading shows what is there now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pilot.gitlab import commits, conversation, events, labelling, lifecycle
from pilot.gitlab.access import Level
from pilot.gitlab.events import ZERO
from pilot.gitlab.hooks import FLAGS, Delivery, Hook
from pilot.gitlab.issues import Issue
from pilot.gitlab.lifecycle import Edit
from pilot.gitlab.merge_requests import MergeRequest, Version
from pilot.gitlab.merging import merge, moved
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Discussion, Note
from pilot.gitlab.projects import Member, Project
from pilot.gitlab.repository import Commit
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


class SwallowedNote(Exception):
    """The text held quick actions only: GitLab carried them out and stored no note."""


@dataclass(frozen=True, slots=True)
class ThreadHandle:
    """A discussion on an issue or merge request."""

    state: State
    noteable: Noteable
    discussion: Discussion

    @property
    def id(self) -> str:
        return self.discussion.id

    @property
    def notes(self) -> list[Note]:
        return list(self.discussion.notes)

    @property
    def bodies(self) -> list[str]:
        return [note.body for note in self.discussion.notes]

    @property
    def resolved(self) -> bool:
        return self.discussion.resolved

    def reply(self, user: User, text: str) -> Note:
        with self.state.lock:
            return _stored(conversation.reply(self.state, user, self.noteable, self.discussion, text).note)

    def resolve(self, user: User, resolved: bool = True) -> None:
        with self.state.lock:
            conversation.resolve(self.state, user, self.noteable, self.discussion, resolved)


def _stored(note: Note | None) -> Note:
    if note is None:
        raise SwallowedNote("only quick actions: no note was stored")
    return note


@dataclass(frozen=True, slots=True)
class Talk:
    """What issues and merge requests share."""

    state: State
    item: Noteable

    @property
    def iid(self) -> int:
        return self.item.iid

    @property
    def title(self) -> str:
        return self.item.title

    @property
    def description(self) -> str:
        return self.item.description or ""

    @property
    def labels(self) -> list[str]:
        return list(self.item.labels)

    @property
    def status(self) -> str:
        return self.item.state

    @property
    def url(self) -> str:
        return f"{self.state.url}/{self.item.project.path}/-/{self.item.url_part}/{self.item.iid}"

    @property
    def emojis(self) -> list[tuple[str, str]]:
        """(username, emoji) on the item itself."""
        return [(award.user.username, award.name) for award in self.item.awards]

    def notes(self, author: User | None = None, system: bool = False) -> list[Note]:
        """Comments in order, of one author if given; without GitLab's own remarks."""
        with self.state.lock:
            return [note for note in self.item.notes if note.system == system and author in (None, note.author)]

    def threads(self) -> list[ThreadHandle]:
        """Discussions that are more than a single plain note."""
        with self.state.lock:
            return [ThreadHandle(self.state, self.item, thread) for thread in self.item.discussions if not thread.individual]

    def thread_of(self, note: Note) -> ThreadHandle:
        """The discussion a note stands in, individual ones too."""
        with self.state.lock:
            found = self.item.discussion(note.discussion_id)
        if found is None:
            raise LookupError(f"note {note.id} is gone")
        return ThreadHandle(self.state, self.item, found)

    def comment(self, user: User, text: str, internal: bool = False) -> Note:
        with self.state.lock:
            return _stored(conversation.comment(self.state, user, self.item, text, internal).note)

    def quick_action(self, user: User, text: str) -> None:
        """A comment of which nothing need remain."""
        with self.state.lock:
            conversation.comment(self.state, user, self.item, text)

    def start_thread(self, user: User, text: str, position: Mapping[str, Any] | None = None) -> ThreadHandle:
        with self.state.lock:
            written = conversation.start_thread(self.state, user, self.item, text, position)
            thread = written.thread
        if thread is None:
            raise SwallowedNote("only quick actions: no thread was started")
        return ThreadHandle(self.state, self.item, thread)

    def reply(self, user: User, note: Note, text: str) -> Note:
        return self.thread_of(note).reply(user, text)

    def edit_note(self, user: User, note: Note, text: str) -> Note:
        with self.state.lock:
            return conversation.edit_note(self.state, user, self.item, note, text)

    def delete_note(self, user: User, note: Note) -> None:
        with self.state.lock:
            conversation.delete_note(user, self.item, note)

    def react(self, user: User, name: str, note: Note | None = None) -> None:
        with self.state.lock:
            conversation.react(self.state, user, self.item, note, name)

    def change(self, user: User, edit: Edit) -> None:
        with self.state.lock:
            lifecycle.update(self.state, user, self.item, edit)

    def close(self, user: User) -> None:
        self.change(user, Edit(state_event="close"))


@dataclass(frozen=True, slots=True)
class IssueHandle(Talk):
    """An issue."""

    @property
    def issue(self) -> Noteable:
        return self.item


@dataclass(frozen=True, slots=True)
class MergeRequestHandle(Talk):
    """A merge request."""

    mr: MergeRequest

    @property
    def source_branch(self) -> str:
        return self.mr.source_branch

    @property
    def target_branch(self) -> str:
        return self.mr.target_branch

    @property
    def reviewers(self) -> list[str]:
        return [user.username for user in self.mr.reviewers]

    @property
    def versions(self) -> list[Version]:
        return list(self.mr.versions)

    @property
    def commits(self) -> list[Commit]:
        """Oldest first."""
        newest = self.mr.newest
        return self.mr.project.repository.log(f"{newest.base}..{newest.head}")[::-1]

    @property
    def diff(self) -> str:
        newest = self.mr.newest
        return self.mr.project.repository.patch(newest.base, newest.head)

    def position(self, path: str, new_line: int | None = None, old_line: int | None = None) -> dict[str, Any]:
        """A position on the newest version of the diff."""
        newest = self.mr.newest
        shas = {"base_sha": newest.base, "start_sha": newest.start, "head_sha": newest.head}
        return shas | {"position_type": "text", "old_path": path, "new_path": path, "old_line": old_line, "new_line": new_line}

    def merge(self, user: User) -> None:
        with self.state.lock:
            self.mr.ready_at = min(self.mr.ready_at or self.state.now(), self.state.now())
            merge(self.state, user, self.mr, None, None)


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


__all__ = ["Issue", "IssueHandle", "Level", "MergeRequestHandle", "ProjectHandle", "ThreadHandle"]
