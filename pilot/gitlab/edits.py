"""What somebody wants changed on an issue or merge request, also when said in quick actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pilot.gitlab.merge_requests import DRAFT
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.projects import Project
from pilot.gitlab.quick_actions import QuickAction
from pilot.gitlab.state import State
from pilot.gitlab.users import User


@dataclass(slots=True)
class Edit:
    """What somebody wants changed; None means "leave it"."""

    title: str | None = None
    description: str | None = None
    labels: Sequence[str] | None = None
    add_labels: Sequence[str] = ()
    remove_labels: Sequence[str] = ()
    assignees: Sequence[User] | None = None
    reviewers: Sequence[User] | None = None
    state_event: str | None = None
    target_branch: str | None = None
    confidential: bool | None = None
    locked: bool | None = None
    remove_source_branch: bool | None = None
    squash: bool | None = None
    emojis: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)


def commands(state: State, actions: Iterable[QuickAction], noteable: Noteable, actor: User, edit: Edit) -> Edit:
    """Fold quick actions into an edit, with GitLab's sentence for each."""
    for action in actions:
        _command(state, action, noteable, actor, edit)
    return edit


def _command(state: State, action: QuickAction, noteable: Noteable, actor: User, edit: Edit) -> None:
    match action.name:
        case "label":
            edit.add_labels = [*edit.add_labels, *action.labels()]
            edit.summary.append(f"Added {' '.join('~' + name for name in action.labels())} label.")
        case "unlabel":
            edit.remove_labels = [*edit.remove_labels, *(action.labels() or noteable.labels)]
            edit.summary.append("Removed labels.")
        case "react" | "award":
            edit.emojis.append(action.text.strip(":"))
            edit.summary.append(f"Toggled :{action.text.strip(':')}: emoji reaction.")
        case "close" | "reopen":
            edit.state_event = action.name
            edit.summary.append("Closed this." if action.name == "close" else "Reopened this.")
        case "assign":
            edit.assignees = _people(state, action, actor)
            edit.summary.append("Assigned.")
        case "assign_reviewer" | "request_review":
            edit.reviewers = _people(state, action, actor)
            edit.summary.append("Assigned as reviewer.")
        case "draft" | "ready":
            plain = DRAFT.sub("", noteable.title).strip()
            edit.title = f"Draft: {plain}" if action.name == "draft" else plain
            edit.summary.append(f"Marked as {action.name}.")
        case "title":
            edit.title = action.text
            edit.summary.append("Changed the title.")
        case _:
            edit.summary.append(f"Applied {re.sub('_', ' ', action.name)}.")


def told(edit: Edit, project: Project) -> dict[str, Any]:
    """What quick actions changed, as a note's answer reports it."""
    labels = [label.id for label in project.labels if label.name in edit.add_labels]
    parts = {"label_ids": labels, "emoji_award": edit.emojis[-1] if edit.emojis else None, "state_event": edit.state_event}
    parts |= {"title": edit.title, "reviewer_ids": [user.id for user in edit.reviewers or ()]}
    return {key: value for key, value in parts.items() if value}


def _people(state: State, action: QuickAction, actor: User) -> list[User]:
    found = [state.find_user(name) for name in action.usernames()]
    return [user for user in found if user is not None] or [actor]
