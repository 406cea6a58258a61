"""What tests and the demo hold in their hands: issues, merge requests and threads as a person uses them.

Writing goes through the same functions as the REST API, hooks included; reading shows what is there now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pilot.gitlab import conversation, lifecycle
from pilot.gitlab.approvals import approve
from pilot.gitlab.edits import Edit
from pilot.gitlab.merge_requests import MergeRequest, Version
from pilot.gitlab.merging import merge
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Discussion, Note
from pilot.gitlab.repository import Commit
from pilot.gitlab.state import State
from pilot.gitlab.users import User


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
    def confidential(self) -> bool:
        return self.item.confidential


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

    def approve(self, user: User) -> None:
        with self.state.lock:
            approve(self.state, user, self.mr)

    def merge(self, user: User) -> None:
        with self.state.lock:
            self.mr.ready_at = min(self.mr.ready_at or self.state.now(), self.state.now())
            merge(self.state, user, self.mr, None, None)
