"""Notes, threads and reactions; the same functions serve issues and merge requests."""

from __future__ import annotations

from dataclasses import replace

from pilot.gitlab import conversation, entities
from pilot.gitlab.access import Right, sees_internal
from pilot.gitlab.conversation import Written
from pilot.gitlab.errors import grape, not_found
from pilot.gitlab.notes import Award, Discussion, Note
from pilot.gitlab.pagination import page
from pilot.gitlab.routing import Call, Handler, Route
from pilot.gitlab.wire import Answer, as_json, created, gone


def _readable(call: Call, note: Note) -> bool:
    return not note.internal or sees_internal(call.project, call.caller.user)


def notes(call: Call) -> Answer:
    """Newest first, unless asked otherwise; internal ones only for Reporters and above."""
    noteable = call.noteable()
    shown = [note for note in noteable.notes if _readable(call, note)]
    only = call.params.text("activity_filter", "all_notes")
    if only != "all_notes":
        shown = [note for note in shown if note.system == (only == "only_activity")]
    key = call.params.text("order_by", "created_at")
    shown.sort(key=lambda note: (note.updated_at if key == "updated_at" else note.created_at, note.id))
    if call.params.text("sort", "desc") == "desc":
        shown.reverse()
    return page(call, shown, lambda note: entities.note(call.state, noteable, note))


def _one(call: Call) -> Note:
    note = call.note()
    if not _readable(call, note):
        raise not_found("Note")
    return note


def note(call: Call) -> Answer:
    return as_json(entities.note(call.state, call.noteable(), _one(call)))


def create_note(call: Call) -> Answer:
    """201 with the note, or 202 when the text was quick actions only and nothing is stored."""
    call.params.need("body")
    internal = call.params.flag("internal") or call.params.flag("confidential")
    written = conversation.comment(call.state, call.user, call.noteable(), call.params.text("body"), internal)
    return _written(call, written)


def _written(call: Call, written: Written) -> Answer:
    changes = dict(written.changes)
    if written.note is None:
        return as_json({"commands_changes": changes, "summary": list(written.summary)}, 202)
    return created(entities.note(call.state, call.noteable(), written.note) | {"commands_changes": changes})


def edit_note(call: Call) -> Answer:
    call.params.need("body")
    edited = conversation.edit_note(call.state, call.user, call.noteable(), _one(call), call.params.text("body"))
    return as_json(entities.note(call.state, call.noteable(), edited))


def delete_note(call: Call) -> Answer:
    conversation.delete_note(call.user, call.noteable(), _one(call))
    return gone()


def _thread(call: Call, thread: Discussion) -> Discussion:
    return replace(thread, notes=[note for note in thread.notes if _readable(call, note)])


def discussions(call: Call) -> Answer:
    noteable = call.noteable()
    shown = [thread for thread in (_thread(call, item) for item in noteable.discussions) if thread.notes]
    return page(call, shown, lambda thread: entities.discussion(call.state, noteable, thread))


def discussion(call: Call) -> Answer:
    thread = _thread(call, call.discussion())
    if not thread.notes:
        raise not_found("Discussion")
    return as_json(entities.discussion(call.state, call.noteable(), thread))


def create_discussion(call: Call) -> Answer:
    call.params.need("body")
    position = call.params.table("position")
    text = call.params.text("body")
    written = conversation.start_thread(call.state, call.user, call.noteable(), text, position, call.params.flag("internal"))
    if written.thread is None:
        return _written(call, written)
    return created(entities.discussion(call.state, call.noteable(), written.thread))


def reply(call: Call) -> Answer:
    call.params.need("body")
    text = call.params.text("body")
    return _written(call, conversation.reply(call.state, call.user, call.noteable(), call.discussion(), text))


def resolve(call: Call) -> Answer:
    call.params.need("resolved")
    thread = call.discussion()
    conversation.resolve(call.state, call.user, call.noteable(), thread, call.params.flag("resolved"))
    return as_json(entities.discussion(call.state, call.noteable(), thread))


def change_thread_note(call: Call) -> Answer:
    """A new text or a resolution, exactly one of them."""
    body, resolved = "body" in call.params, "resolved" in call.params
    if body == resolved:
        text = (
            "body, resolved are mutually exclusive"
            if body
            else "body, resolved are missing, exactly one parameter must be provided"
        )
        raise grape(text)
    if body:
        return edit_note(call)
    noteable, item = call.noteable(), _one(call)
    conversation.resolve(call.state, call.user, noteable, call.discussion(), call.params.flag("resolved"), item)
    return as_json(entities.note(call.state, noteable, item))


def _under(call: Call) -> Note | None:
    return _one(call) if "note_id" in call.args else None


def _awards(call: Call) -> list[Award]:
    under = _under(call)
    return under.awards if under else call.noteable().awards


def awards(call: Call) -> Answer:
    under, noteable = _under(call), call.noteable()
    return page(call, _awards(call), lambda item: entities.award(call.state, noteable, under, item))


def _award(call: Call) -> Award:
    number = call.number("award_id")
    found = next((item for item in _awards(call) if item.id == number), None)
    if found is None:
        raise not_found("Award Emoji")
    return found


def award(call: Call) -> Answer:
    return as_json(entities.award(call.state, call.noteable(), _under(call), _award(call)))


def create_award(call: Call) -> Answer:
    call.params.need("name")
    under, noteable = _under(call), call.noteable()
    made = conversation.react(call.state, call.user, noteable, under, call.params.text("name"))
    return created(entities.award(call.state, noteable, under, made))


def delete_award(call: Call) -> Answer:
    conversation.withdraw(call.state, call.user, call.noteable(), _under(call), _award(call))
    return gone()


def _routes(base: str) -> tuple[Route, ...]:
    thread = f"{base}/discussions/:discussion_id"
    lists = "activity_filter"
    return (
        Route("GET", f"{base}/notes", notes, parameters=lists),
        Route("POST", f"{base}/notes", create_note, Right.COMMENT, "body internal confidential"),
        Route("GET", f"{base}/notes/:note_id", note),
        Route("PUT", f"{base}/notes/:note_id", edit_note, Right.COMMENT, "body confidential"),
        Route("DELETE", f"{base}/notes/:note_id", delete_note, Right.COMMENT),
        Route("GET", f"{base}/discussions", discussions),
        Route("POST", f"{base}/discussions", create_discussion, Right.COMMENT, "body position internal"),
        Route("GET", thread, discussion),
        Route("POST", f"{thread}/notes", reply, Right.COMMENT, "body"),
        Route("PUT", f"{thread}/notes/:note_id", change_thread_note, Right.COMMENT, "body resolved"),
        Route("DELETE", f"{thread}/notes/:note_id", delete_note, Right.COMMENT),
        *_award_routes(base),
        *_award_routes(f"{base}/notes/:note_id"),
    )


def _award_routes(base: str) -> tuple[Route, ...]:
    where = f"{base}/award_emoji"
    verbs: tuple[tuple[str, str, Handler, Right, str], ...] = (
        ("GET", where, awards, Right.READ, ""),
        ("POST", where, create_award, Right.COMMENT, "name"),
        ("GET", f"{where}/:award_id", award, Right.READ, ""),
        ("DELETE", f"{where}/:award_id", delete_award, Right.COMMENT, ""),
    )
    return tuple(Route(*verb) for verb in verbs)


# Threads on issues cannot be resolved.
RESOLVABLE = "/projects/:id/merge_requests/:merge_request_iid/discussions/:discussion_id"
ROUTES = (
    *_routes("/projects/:id/issues/:issue_iid"),
    *_routes("/projects/:id/merge_requests/:merge_request_iid"),
    Route("PUT", RESOLVABLE, resolve, Right.COMMENT, "resolved"),
)
