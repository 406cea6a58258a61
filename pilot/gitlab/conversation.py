"""Writing, editing, answering, resolving and reacting: the one path for REST, pages and tests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pilot.gitlab import edits, events, lifecycle, remarks
from pilot.gitlab.access import Level, level_of, sees_internal
from pilot.gitlab.errors import ApiError, bad_request, forbidden, grape, not_found
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Award, Discussion, Note
from pilot.gitlab.quick_actions import extract
from pilot.gitlab.state import State
from pilot.gitlab.users import User

NOTE_LIMIT = 1_000_000
BAD_LINE = '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}'
POSITION_KEYS = (
    "base_sha",
    "start_sha",
    "head_sha",
    "old_path",
    "new_path",
    "position_type",
    "old_line",
    "new_line",
    "line_range",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A stored note, or none when the text was quick actions only; with what those changed."""

    note: Note | None
    thread: Discussion | None
    changes: Mapping[str, Any]
    summary: tuple[str, ...] = ()


def comment(state: State, author: User, noteable: Noteable, body: str, internal: bool = False) -> Written:
    """A plain note, which starts no thread until somebody answers it."""
    return _write(state, author, noteable, body, None, internal=internal)


def start_thread(
    state: State, author: User, noteable: Noteable, body: str, position: Mapping[str, Any] | None = None, internal: bool = False
) -> Written:
    """A thread, on a line of the diff when there is a position."""
    if position is None:
        return _write(state, author, noteable, body, "DiscussionNote", internal=internal)
    if not isinstance(noteable, MergeRequest):
        raise grape("position is invalid")
    place = placed(noteable, position)
    return _write(state, author, noteable, body, "DiffNote", place=place, internal=internal)


def reply(state: State, author: User, noteable: Noteable, thread: Discussion, body: str) -> Written:
    """Answer in a thread; an answered individual note becomes one."""
    first = thread.notes[0]
    if first.system:
        raise bad_request("400 Bad request - Discussion can not be replied to")
    kind = first.type or "DiscussionNote"
    place = (first.position, first.line_code) if kind == "DiffNote" else None
    written = _write(state, author, noteable, body, kind, thread=thread, place=place, internal=first.internal)
    if written.note is not None and first.type is None:
        first.type = "DiscussionNote"
        first.resolvable = isinstance(noteable, MergeRequest)
    return written


def _write(
    state: State,
    author: User,
    noteable: Noteable,
    body: str,
    kind: str | None,
    *,
    thread: Discussion | None = None,
    place: tuple[Mapping[str, Any] | None, str | None] | None = None,
    internal: bool = False,
) -> Written:
    _check(noteable, author, body, internal)
    found = extract(body)
    edit = edits.commands(state, found.actions, noteable, author, edits.Edit())
    changes = _carry_out(state, author, noteable, edit) if found.actions else {}
    if found.actions and not found.text.strip():
        return Written(None, None, changes, tuple(edit.summary))
    note = _note(state, author, noteable, found.text, kind, thread.id if thread else secrets.token_hex(20))
    note.internal = internal
    if place is not None:
        note.position, note.line_code = place
    thread = _file(noteable, note, thread)
    noteable.updated_at = note.created_at
    remarks.mention(state, author, noteable, note.body)
    events.noted(state, author, noteable, note)
    return Written(note, thread, changes, tuple(edit.summary))


def _carry_out(state: State, author: User, noteable: Noteable, edit: edits.Edit) -> Mapping[str, Any]:
    """Quick actions need the rights that the same change through the API needs; without them they do nothing."""
    if author is noteable.author or level_of(noteable.project, author) >= Level.REPORTER:
        lifecycle.update(state, author, noteable, edit)
        for name in edit.emojis:
            react(state, author, noteable, None, name)
        return edits.told(edit, noteable.project)
    return {}


def _check(noteable: Noteable, author: User, body: str, internal: bool) -> None:
    if not body.strip():
        raise bad_request('400 Bad request - Note {:note=>["can\'t be blank"]}')
    if len(body) > NOTE_LIMIT:
        raise bad_request('400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}')
    if noteable.project.archived or (internal and not sees_internal(noteable.project, author)):
        raise forbidden()
    if noteable.locked and level_of(noteable.project, author) < Level.GUEST:
        raise forbidden()


def _note(state: State, author: User, noteable: Noteable, body: str, kind: str | None, discussion_id: str) -> Note:
    now = state.now()
    resolvable = kind is not None and isinstance(noteable, MergeRequest)
    return Note(state.next_id("note"), kind, body, author, discussion_id, now, now, resolvable=resolvable)


def _file(noteable: Noteable, note: Note, thread: Discussion | None) -> Discussion:
    if thread is None:
        thread = Discussion(note.discussion_id, [note])
        noteable.discussions.append(thread)
        return thread
    thread.notes.append(note)
    for earlier in thread.notes:
        earlier.resolved_at = earlier.resolved_by = None
    return thread


def edit_note(state: State, actor: User, noteable: Noteable, note: Note, body: str) -> Note:
    """Change a note's text; others' notes need a Maintainer. Fires the hook again, as an update."""
    if actor is not note.author and level_of(noteable.project, actor) < Level.MAINTAINER:
        raise forbidden()
    if note.system:
        raise forbidden()
    _check(noteable, actor, body, internal=False)
    found = extract(body)
    if found.actions:
        _carry_out(state, actor, noteable, edits.commands(state, found.actions, noteable, actor, edits.Edit()))
    note.edits.append(note.body)
    note.body, note.updated_at, note.updated_by = found.text, state.now(), actor
    noteable.updated_at = note.updated_at
    events.noted(state, actor, noteable, note, "update")
    return note


def delete_note(actor: User, noteable: Noteable, note: Note) -> None:
    if actor is not note.author and level_of(noteable.project, actor) < Level.MAINTAINER:
        raise forbidden()
    for thread in noteable.discussions:
        if note in thread.notes:
            thread.notes.remove(note)
    noteable.discussions = [thread for thread in noteable.discussions if thread.notes]


def resolve(state: State, actor: User, noteable: Noteable, thread: Discussion, resolved: bool, note: Note | None = None) -> None:
    """Developers and the merge request's author may; plain notes and issues cannot be resolved."""
    if not thread.resolvable:
        raise forbidden()
    if actor is not noteable.author and level_of(noteable.project, actor) < Level.DEVELOPER:
        raise forbidden()
    was_open = not _all_resolved(noteable)
    for item in [note] if note else thread.notes:
        if item.resolvable:
            item.resolved_at, item.resolved_by = (state.now(), actor) if resolved else (None, None)
    if was_open and _all_resolved(noteable):
        events.changed(state, actor, noteable, "update", {})


def _all_resolved(noteable: Noteable) -> bool:
    return all(thread.resolved for thread in noteable.discussions if thread.resolvable)


def react(state: State, actor: User, noteable: Noteable, note: Note | None, name: str) -> Award:
    """One emoji a name and user; the second time GitLab says 404 (switchable, from an old source)."""
    if not name.strip(":").strip():
        raise not_found("Award Emoji Name is invalid")
    awards = note.awards if note else noteable.awards
    held = next((award for award in awards if award.user is actor and award.name == name), None)
    if held is not None and state.options.second_award_is_404:
        raise ApiError(404, {"message": "404 Award Emoji Name has already been taken Not Found"})
    award = held or Award(state.next_id("award"), name.strip(":"), actor, state.now())
    if held is None:
        awards.append(award)
        events.awarded(state, actor, noteable, note, award, "award")
    return award


def withdraw(state: State, actor: User, noteable: Noteable, note: Note | None, award: Award) -> None:
    if award.user is not actor and not actor.admin:
        raise forbidden()
    (note.awards if note else noteable.awards).remove(award)
    events.awarded(state, actor, noteable, note, award, "revoke")


def placed(mr: MergeRequest, position: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """Check a position against the diff it names; a line outside of it gets GitLab's well-known 400."""
    names = ("base_sha", "start_sha", "head_sha", "position_type")
    absent = [f"position[{name}] is missing" for name in names if not position.get(name)]
    if absent:
        raise grape(*absent)
    known = {(version.base, version.head) for version in mr.versions}
    if (position["base_sha"], position["head_sha"]) not in known:
        raise bad_request(BAD_LINE)
    clean = {key: position.get(key) for key in POSITION_KEYS} | {
        "old_line": _number(position.get("old_line")),
        "new_line": _number(position.get("new_line")),
    }
    code = _line_code(mr, clean)
    if code is None:
        raise bad_request(BAD_LINE)
    return clean, code


def _line_code(mr: MergeRequest, position: Mapping[str, Any]) -> str | None:
    for file in mr.project.repository.diffs(position["base_sha"], position["head_sha"]):
        if (file.old_path, file.new_path) == (position["old_path"], position["new_path"]):
            return file.line_code(position["old_line"], position["new_line"])
    return None


def _number(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise grape("position[new_line] is invalid") from None
