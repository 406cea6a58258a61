"""Opening and changing issues and merge requests, with the hook each change fires."""

from __future__ import annotations

from typing import Any

from pilot.gitlab import blocks, events, labelling, remarks
from pilot.gitlab.edits import Edit, commands
from pilot.gitlab.errors import bad_request, conflict, forbidden, invalid
from pilot.gitlab.issues import Issue
from pilot.gitlab.merge_requests import MergeRequest, Version
from pilot.gitlab.moments import hook_time
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.projects import Project
from pilot.gitlab.quick_actions import extract
from pilot.gitlab.state import State
from pilot.gitlab.users import User

TITLE_LIMIT = 255
DESCRIPTION_LIMIT = 1_048_576


def open_issue(state: State, author: User, project: Project, title: str, edit: Edit) -> Issue:
    _check(title, edit.description)
    now = state.now()
    issue = Issue(
        id=state.next_id("issue"),
        iid=len(project.issues) + 1,
        project=project,
        author=author,
        title=title,
        description=edit.description,
        created_at=now,
        updated_at=now,
        confidential=bool(edit.confidential),
    )
    project.issues.append(issue)
    _settle(state, author, issue, edit)
    remarks.mention(state, author, issue, issue.description or "")
    events.changed(state, author, issue, "open", {})
    return issue


def open_merge_request(
    state: State, author: User, project: Project, source: str, target: str, title: str, edit: Edit
) -> MergeRequest:
    """A fresh merge request; its diff references are filled in later, the hook goes out at once."""
    _check(title, edit.description)
    _refuse_second(project, source, target)
    now = state.now()
    mr = MergeRequest(
        id=state.next_id("merge_request"),
        iid=len(project.merge_requests) + 1,
        project=project,
        author=author,
        title=title,
        description=edit.description,
        created_at=now,
        updated_at=now,
        source_branch=source,
        target_branch=target,
        versions=[version(state, project, source, target)],
        ready_at=now + state.options.preparation,
        squash=bool(edit.squash),
        remove_source_branch=bool(edit.remove_source_branch),
    )
    project.merge_requests.append(mr)
    _settle(state, author, mr, edit)
    remarks.mention(state, author, mr, mr.description or "")
    events.changed(state, author, mr, "open", {})
    return mr


def _check(title: str | None, description: str | None) -> None:
    if title is not None and not title.strip():
        raise invalid("title", "can't be blank")
    if title is not None and len(title) > TITLE_LIMIT:
        raise invalid("title", f"is too long (maximum is {TITLE_LIMIT} characters)")
    if description is not None and len(description) > DESCRIPTION_LIMIT:
        raise invalid("description", f"is too long (maximum is {DESCRIPTION_LIMIT} characters)")


def _refuse_second(project: Project, source: str, target: str) -> None:
    branches = project.repository.branches()
    if source == target:
        raise conflict(["You can't use same project/branch for source and target"])
    for side, name in (("Source", source), ("Target", target)):
        if name not in branches:
            raise conflict([f'{side} branch "{name}" does not exist'])
    for mr in project.merge_requests:
        if mr.state == "opened" and (mr.source_branch, mr.target_branch) == (source, target):
            raise conflict([f"Another open merge request already exists for this source branch: !{mr.iid}"])


def version(state: State, project: Project, source: str, target: str) -> Version:
    """The present state of two branches."""
    branches = project.repository.branches()
    head, start = branches[source], branches[target]
    base = project.repository.merge_base(start, head)
    return Version(state.next_id("version"), head, base, start, state.now())


def _settle(state: State, author: User, noteable: Noteable, edit: Edit) -> None:
    """First labels, people and quick actions: part of opening, so no hook of their own."""
    found = extract(noteable.description or "")
    if found.actions:
        noteable.description = found.text
        edit = commands(state, found.actions, noteable, author, edit)
    edit.description = edit.title = None
    edit.state_event = None
    _apply(state, author, noteable, edit)


def update(state: State, actor: User, noteable: Noteable, edit: Edit) -> dict[str, Any]:
    """Change what differs; one hook for the whole change, none when nothing changed."""
    _check(edit.title, edit.description)
    if edit.description is not None:
        found = extract(edit.description)
        edit.description = found.text
        edit = commands(state, found.actions, noteable, actor, edit)
    before = _snapshot(noteable)
    action = _move(state, actor, noteable, edit)
    _apply(state, actor, noteable, edit)
    changes = _changes(before, _snapshot(noteable))
    if not changes and action == "update":
        return changes
    remarks.tell_changes(state, actor, noteable, changes)
    remarks.mention(state, actor, noteable, edit.description or "")
    was = noteable.updated_at
    noteable.updated_at, noteable.updated_by = state.now(), actor
    changes["updated_at"] = {"previous": hook_time(was), "current": hook_time(noteable.updated_at)}
    events.changed(state, actor, noteable, action, changes)
    return changes


def _apply(state: State, actor: User, noteable: Noteable, edit: Edit) -> None:
    if edit.title is not None:
        noteable.title = edit.title
    if edit.description is not None:
        noteable.description = edit.description
    wanted = noteable.labels if edit.labels is None else edit.labels
    labelling.put(state, actor, noteable, labelling.combined(wanted, edit.add_labels, edit.remove_labels))
    if edit.assignees is not None:
        noteable.assignees = list(edit.assignees)
    if edit.locked is not None:
        noteable.locked = edit.locked
    if isinstance(noteable, MergeRequest):
        _apply_to_merge_request(noteable, edit)
    elif edit.confidential is not None:
        noteable.confidential = edit.confidential


def _apply_to_merge_request(mr: MergeRequest, edit: Edit) -> None:
    if edit.reviewers is not None:
        mr.reviewers = list(edit.reviewers)
    if edit.squash is not None:
        mr.squash = edit.squash
    if edit.remove_source_branch is not None:
        mr.remove_source_branch = edit.remove_source_branch
    if edit.target_branch is not None:
        if edit.target_branch not in mr.project.repository.branches():
            raise bad_request(f'Target branch "{edit.target_branch}" does not exist')
        mr.target_branch = edit.target_branch


def _move(state: State, actor: User, noteable: Noteable, edit: Edit) -> str:
    """Close or reopen; the answer is the hook's action."""
    match edit.state_event, noteable.state:
        case "close", "opened":
            noteable.state, noteable.closed_at, noteable.closed_by = "closed", state.now(), actor
            return "close"
        case "reopen", "closed":
            if isinstance(noteable, MergeRequest):
                _refuse_second(noteable.project, noteable.source_branch, noteable.target_branch)
            noteable.state, noteable.closed_at, noteable.closed_by = "opened", None, None
            return "reopen"
        case "reopen", "merged":
            raise forbidden("403 Forbidden - A merged merge request cannot be reopened")
    return "update"


def _snapshot(noteable: Noteable) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": noteable.title,
        "description": noteable.description,
        "labels": blocks.label_blocks(noteable.project, noteable.labels),
        "assignees": [blocks.person_block(user) for user in noteable.assignees],
        "discussion_locked": noteable.locked,
        "confidential": noteable.confidential,
        "state_id": blocks.STATE_IDS[noteable.state],
    }
    if isinstance(noteable, MergeRequest):
        found["reviewers"] = [blocks.person_block(user) for user in noteable.reviewers]
        found |= {"draft": noteable.draft, "target_branch": noteable.target_branch}
    return found


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: {"previous": before[key], "current": after[key]} for key in before if before[key] != after[key]}
