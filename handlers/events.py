"""From a webhook's headers and bytes to an Event. Knows GitLab's payloads so that nobody else has to."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

import pydantic_core
from pydantic import ValidationError

from handlers import payload
from handlers.values import (
    Branches,
    Change,
    EmojiEvent,
    Event,
    IssueEvent,
    MergeRequestEvent,
    NoteEvent,
    Other,
    Person,
    Position,
    Project,
    TokenEvent,
)

__all__ = [
    "Branches",
    "Change",
    "EmojiEvent",
    "Event",
    "IssueEvent",
    "Malformed",
    "MergeRequestEvent",
    "NoteEvent",
    "Other",
    "Person",
    "Position",
    "Project",
    "TokenEvent",
    "parse",
    "read",
]

MOST_BYTES = 8 * 1024 * 1024
Body = TypeVar("Body", bound=payload.Head)


class Malformed(Exception):
    """The body is no webhook of GitLab's; `str(error)` names the field and never repeats the content."""


def parse(headers: Mapping[str, str], body: bytes) -> Event:
    """Read one delivery. The body's `object_kind` decides; the header adds what the body may not say: confidential, system."""
    hook = next((value for name, value in headers.items() if name.lower() == "x-gitlab-event"), "")
    return read(_decode(body), hook)


def read(data: Any, hook: str = "") -> Event:
    """Read a decoded body; `hook` is the name in the header."""
    head = _model(payload.Head, data)
    match head.object_kind:
        case _ if hook == "System Hook":  # sends no notes and no issues, and leaves out who acted
            return _other(head, hook)
        case "note":
            return _note(_model(payload.NoteBody, data), confidential=hook.startswith("Confidential"))
        case "issue" | "work_item":
            return _issue(_model(payload.IssueBody, data), confidential=hook.startswith("Confidential"))
        case "merge_request":
            return _merge_request(_model(payload.MergeRequestBody, data))
        case "emoji":
            return _emoji(_model(payload.EmojiBody, data))
        case "access_token" if head.project.id is not None:  # a group's token comes without a project
            return _token(_model(payload.TokenBody, data))
    return _other(head, hook)


def _decode(body: bytes) -> Any:
    if len(body) > MOST_BYTES:
        raise Malformed(f"the body is larger than {MOST_BYTES} bytes")
    try:
        return pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Malformed("the body is no JSON") from error


def _model(shape: type[Body], data: Any) -> Body:
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        raise Malformed(f"{where}: {first['msg']}") from error


def _note(body: payload.NoteBody, *, confidential: bool) -> Event:
    note, issue, merge_request = body.object_attributes, body.issue, body.merge_request
    on = _noteable(note.noteable_type)
    item = issue or merge_request
    if on is None or (on in ("Issue", "MergeRequest") and item is None):
        return _other(body, f"note on {note.noteable_type}")
    return NoteEvent(
        project=_project(body, note.project_id),
        actor=_actor(body),
        id=note.id,
        author_id=note.author_id,
        text=note.note,
        on=on,
        iid=item.iid if item else None,
        noteable_id=item.id if item else body.snippet.id if body.snippet else None,
        action=note.action,
        type=_note_type(note.type),
        system=bool(note.system),
        confidential=confidential or _is_confidential(body),
        discussion_id=note.discussion_id,
        url=note.url,
        updated_at=note.updated_at,
        position=_position(note.position),
        original_position=_position(note.original_position),
        commit=(note.commit_id or (body.commit.id if body.commit else None)) or None,
        resolved=note.resolved_at is not None,
        state=item.state if item else "",
        title=item.title if item else "",
        labels=_titles(item.labels) if item else frozenset(),
        branches=_branches(merge_request) if merge_request else None,
        head=_head(merge_request) if merge_request else None,
        draft=bool(merge_request and merge_request.draft),
    )


def _issue(body: payload.IssueBody, *, confidential: bool) -> IssueEvent:
    issue = body.object_attributes
    return IssueEvent(
        project=_project(body, issue.project_id),
        actor=_actor(body),
        id=issue.id,
        iid=issue.iid,
        action=issue.action,
        type=issue.type or "Issue",
        state=issue.state,
        title=issue.title,
        description=issue.description,
        confidential=confidential or bool(issue.confidential) or body.event_type.startswith("confidential"),
        author_id=issue.author_id,
        assignee_ids=tuple(issue.assignee_ids),
        labels=_titles(body.labels or issue.labels),
        label_change=_label_change(body.changes),
        url=issue.url,
        updated_at=issue.updated_at,
    )


def _merge_request(body: payload.MergeRequestBody) -> MergeRequestEvent:
    merge_request = body.object_attributes
    return MergeRequestEvent(
        project=_project(body, merge_request.target_project_id),
        actor=_actor(body),
        id=merge_request.id,
        iid=merge_request.iid,
        action=merge_request.action,
        oldrev=merge_request.oldrev or None,
        state=merge_request.state,
        title=merge_request.title,
        description=merge_request.description,
        draft=bool(merge_request.draft),
        author_id=merge_request.author_id,
        branches=_branches(merge_request),
        head=_head(merge_request),
        reviewer_ids=_reviewers(body),
        new_reviewer_ids=_new_reviewers(body),
        labels=_titles(body.labels or merge_request.labels),
        label_change=_label_change(body.changes),
        threads_resolved=merge_request.blocking_discussions_resolved,
        url=merge_request.url,
        updated_at=merge_request.updated_at,
    )


def _emoji(body: payload.EmojiBody) -> EmojiEvent:
    emoji = body.object_attributes
    return EmojiEvent(
        project=_project(body, None),
        actor=_actor(body),
        id=emoji.id,
        name=emoji.name,
        action=emoji.action or _emoji_action(body.event_type),
        on=emoji.awardable_type,
        awarded_id=emoji.awardable_id,
        note_author_id=body.note.author_id if body.note else None,
        discussion_id=body.note.discussion_id if body.note else None,
        issue_iid=body.issue.iid if body.issue else None,
        merge_request_iid=body.merge_request.iid if body.merge_request else None,
        url=emoji.awarded_on_url,
    )


def _token(body: payload.TokenBody) -> TokenEvent:
    token = body.object_attributes
    return TokenEvent(_project(body, None), token.user_id, token.id, token.name, token.expires_at)


def _other(head: payload.Head, hook: str) -> Other:
    name = head.object_kind or head.event_name or hook or "unnamed"
    return Other(name=name, project_id=head.project_id if head.project_id is not None else head.project.id)


def _project(head: payload.Head, fallback: int | None) -> Project:
    part = head.project
    known = (part.id, head.project_id, fallback)
    identity = next((number for number in known if number is not None), None)
    if identity is None:
        raise Malformed("project.id: missing")
    return Project(
        id=identity,
        path=part.path_with_namespace,
        default_branch=part.default_branch or None,
        web_url=part.web_url,
        http_url=part.git_http_url or part.http_url or "",
    )


def _actor(head: payload.Head) -> Person:
    if head.user.id is None:
        raise Malformed("user.id: missing")
    return Person(head.user.id, head.user.username, head.user.name)


def _noteable(name: str) -> Literal["Issue", "MergeRequest", "Commit", "Snippet"] | None:
    match name:
        case "Issue" | "WorkItem":
            return "Issue"
        case "MergeRequest" | "Commit" | "Snippet":
            return name
    return None


def _note_type(name: str | None) -> Literal["DiffNote", "DiscussionNote"] | None:
    if name == "DiffNote":
        return "DiffNote"
    return "DiscussionNote" if name == "DiscussionNote" else None


def _is_confidential(body: payload.NoteBody) -> bool:
    note = body.object_attributes
    hidden_issue = body.issue is not None and body.issue.confidential
    return bool(note.internal or note.confidential or hidden_issue or body.event_type.startswith("confidential"))


def _position(part: payload.PositionPart | None) -> Position | None:
    """None also for GitLab's object full of nulls."""
    if part is None or not (part.base_sha and part.start_sha and part.head_sha):
        return None
    return Position(part.base_sha, part.start_sha, part.head_sha, part.old_path, part.new_path, part.old_line, part.new_line)


def _branches(part: payload.MergeRequestPart) -> Branches:
    return Branches(part.source_branch, part.target_branch, part.source_project_id, part.target_project_id)


def _head(part: payload.MergeRequestPart) -> str | None:
    return (part.last_commit.id or None) if part.last_commit else None


def _reviewers(body: payload.MergeRequestBody) -> tuple[int, ...]:
    listed = tuple(user.id for user in body.reviewers if user.id is not None)
    return listed or tuple(body.object_attributes.reviewer_ids)


def _new_reviewers(body: payload.MergeRequestBody) -> frozenset[int]:
    if body.changes.reviewers is not None:
        return _ids(body.changes.reviewers.current) - _ids(body.changes.reviewers.previous)
    return frozenset(_reviewers(body)) if body.object_attributes.action == "open" else frozenset()


def _ids(users: Iterable[payload.UserPart]) -> frozenset[int]:
    return frozenset(user.id for user in users if user.id is not None)


def _titles(labels: Iterable[payload.LabelPart]) -> frozenset[str]:
    return frozenset(label.title for label in labels if label.title)


def _label_change(changes: payload.ChangesPart) -> Change | None:
    if changes.labels is None:
        return None
    return Change(_titles(changes.labels.previous), _titles(changes.labels.current))


def _emoji_action(event_type: str) -> Literal["award", "revoke"] | None:
    if event_type == "award":
        return "award"
    return "revoke" if event_type == "revoke" else None
