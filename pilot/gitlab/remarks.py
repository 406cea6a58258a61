"""What GitLab itself writes into a conversation: system notes, and links between items that name each other."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Discussion, Note
from pilot.gitlab.state import State
from pilot.gitlab.users import User

REFERENCE = re.compile(r"(?<![\w&/`])#(\d+)\b")
CLOSING = re.compile(r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))\s+#(\d+)\b", re.IGNORECASE)


def remark(state: State, actor: User, noteable: Noteable, body: str) -> Note:
    """One system note; it fires no hook."""
    now = state.now()
    note = Note(state.next_id("note"), None, body, actor, secrets.token_hex(20), now, now, system=True)
    noteable.discussions.append(Discussion(note.discussion_id, [note]))
    return note


def tell_changes(state: State, actor: User, noteable: Noteable, changes: dict[str, Any]) -> None:
    """A sentence for each change that GitLab comments on."""
    for sentence in _sentences(changes):
        remark(state, actor, noteable, sentence)


def _sentences(changes: dict[str, Any]) -> Iterator[str]:
    for name, change in changes.items():
        old, new = change["previous"], change["current"]
        match name:
            case "title":
                yield f"changed title from **{old}** to **{new}**"
            case "description":
                yield "changed the description"
            case "reviewers":
                held = {user["id"] for user in old}
                names = [f"@{user['username']}" for user in new if user["id"] not in held]
                if names:
                    yield f"requested review from {' and '.join(names)}"
            case "target_branch":
                yield f"changed target branch from `{old}` to `{new}`"


def mention(state: State, actor: User, noteable: Noteable, text: str) -> None:
    """Issues named in a text learn of it, once for each place that names them."""
    kind = "merge request" if isinstance(noteable, MergeRequest) else "issue"
    sentence = f"mentioned in {kind} {noteable.mark}{noteable.iid}"
    for number in dict.fromkeys(REFERENCE.findall(text)):
        issue = noteable.project.issue(int(number))
        if issue is not None and issue is not noteable and all(note.body != sentence for note in issue.notes):
            remark(state, actor, issue, sentence)


def closed_by(mr: MergeRequest) -> list[int]:
    """The issues that a merge closes, as its description says."""
    return [int(number) for number in CLOSING.findall(mr.description or "")]
