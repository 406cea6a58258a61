"""Tells the hooks what happened: picks the trigger, confidential variants included, and the body."""

from __future__ import annotations

from typing import Any

from pilot.gitlab import blocks, payloads
from pilot.gitlab.hooks import Trigger
from pilot.gitlab.issues import Issue
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Award, Note
from pilot.gitlab.pipelines import Pipeline
from pilot.gitlab.projects import Project
from pilot.gitlab.repository import Commit, Repository
from pilot.gitlab.state import State
from pilot.gitlab.users import Token, User

NEWEST_COMMITS = 20
MOST_BRANCHES = 3
ZERO = "0" * 40

Changes = dict[str, Any]


def noted(state: State, actor: User, noteable: Noteable, note: Note, action: str = "create") -> None:
    """System notes stay silent."""
    if note.system:
        return
    confidential = noteable.confidential or note.internal
    trigger = Trigger.CONFIDENTIAL_NOTE if confidential else Trigger.NOTE
    body = payloads.note(state.url, actor, noteable, note, action, state.options.empty_change_position)
    state.fire(noteable.project, trigger, body)


def awarded(state: State, actor: User, noteable: Noteable, note: Note | None, award: Award, action: str) -> None:
    state.fire(noteable.project, Trigger.EMOJI, payloads.emoji(state.url, actor, noteable, note, award, action))


def changed(state: State, actor: User, noteable: Noteable, action: str, changes: Changes, oldrev: str = "") -> None:
    """An issue or merge request was opened, changed, closed, reopened or merged."""
    if isinstance(noteable, MergeRequest):
        body = _merge_request(state, actor, noteable, action, changes)
        if oldrev:
            body["object_attributes"]["oldrev"] = oldrev
        state.fire(noteable.project, Trigger.MERGE_REQUEST, body)
    elif isinstance(noteable, Issue):
        trigger = Trigger.CONFIDENTIAL_ISSUE if noteable.confidential else Trigger.ISSUE
        state.fire(noteable.project, trigger, _issue(state, actor, noteable, action, changes))


def _frame(state: State, actor: User, noteable: Noteable, kind: str, changes: Changes) -> dict[str, Any]:
    return {
        "object_kind": kind,
        "event_type": f"confidential_{kind}" if noteable.confidential else kind,
        "user": blocks.user_block(actor),
        "project": blocks.project_block(state.url, noteable.project),
        "repository": blocks.repository_block(state.url, noteable.project),
        "labels": blocks.label_blocks(noteable.project, noteable.labels),
        "changes": changes,
        "assignees": [blocks.person_block(user) for user in noteable.assignees],
    }


def _issue(state: State, actor: User, issue: Issue, action: str, changes: Changes) -> dict[str, Any]:
    extra = {"action": action, "escalation_status": None, "escalation_policy": None}
    attributes = blocks.issue_block(state.url, issue) | extra
    first = {"assignee": blocks.person_block(issue.assignees[0])} if issue.assignees else {}
    return _frame(state, actor, issue, "issue", changes) | {"object_attributes": attributes} | first


def _merge_request(state: State, actor: User, mr: MergeRequest, action: str, changes: Changes) -> dict[str, Any]:
    attributes = blocks.merge_request_block(state.url, mr) | {"action": action}
    body = _frame(state, actor, mr, "merge_request", changes) | {"object_attributes": attributes}
    return body | {"reviewers": [blocks.person_block(user) for user in mr.reviewers]}


def pushed(state: State, actor: User, project: Project, changes: list[tuple[str, str, str]]) -> None:
    """Push events for (ref, before, after); a push of more than three refs of a kind tells nobody."""
    for prefix, trigger in (("refs/heads/", Trigger.PUSH), ("refs/tags/", Trigger.TAG_PUSH)):
        refs = [change for change in changes if change[0].startswith(prefix)]
        if len(refs) > MOST_BRANCHES:
            continue
        for ref, before, after in refs:
            state.fire(project, trigger, _push(state, actor, project, ref, before, after), ref.removeprefix(prefix))


def _push(state: State, actor: User, project: Project, ref: str, before: str, after: str) -> dict[str, Any]:
    repository = project.repository
    new = _new_commits(project, before, after)
    shown = [
        blocks.commit_block(state.url, project, commit) | _touched(repository, commit.sha)
        for commit in reversed(new[:NEWEST_COMMITS])
    ]
    change = {"before": before, "after": after, "ref": ref}
    return payloads.push(state.url, actor, project, change, shown, len(new))


def _new_commits(project: Project, before: str, after: str) -> list[Commit]:
    """What a push brought; for a new branch, what the default one does not have."""
    if after == ZERO:
        return []
    start = project.repository.branch(project.default_branch) if before == ZERO else before
    return project.repository.log(f"{start}..{after}" if start else after)


def _touched(repository: Repository, sha: str) -> dict[str, list[str]]:
    out = repository.text("show", "--format=", "--name-status", "--no-renames", "-z", sha)
    fields = [field for field in out.split("\0") if field]
    found: dict[str, list[str]] = {"added": [], "modified": [], "removed": []}
    for status, path in zip(fields[::2], fields[1::2], strict=True):
        found[{"A": "added", "D": "removed"}.get(status, "modified")].append(path)
    return found


def piped(state: State, project: Project, pipeline: Pipeline) -> None:
    state.fire(project, Trigger.PIPELINE, payloads.pipeline(state.url, pipeline, project))


def token_expires(state: State, project: Project, user: User, token: Token) -> None:
    state.fire(project, Trigger.ACCESS_TOKEN, payloads.access_token(state.url, project, user, token))
