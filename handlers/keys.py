"""What makes two events, or two requests, the same one. GitLab repeats itself; we must not."""

import hashlib

from handlers.commands import Command, canonical
from handlers.values import EmojiEvent, Event, IssueEvent, MergeRequestEvent, NoteEvent, Other, TokenEvent


def event_key(event: Event) -> str | None:
    """One key per thing that happened, also when a project hook and a group hook both tell it; None for what we ignore.

    Times have whole seconds in GitLab's payloads, so what changed is part of the key as well.
    """
    detail: tuple[str, ...]
    match event:
        case NoteEvent():
            moment, detail = event.updated_at, (event.text,)
        case IssueEvent():
            moment, detail = event.updated_at, (*_labels(event), str(event.assignee_ids))
        case MergeRequestEvent():
            moment, detail = event.updated_at, (*_labels(event), str(event.oldrev), str(event.head), str(event.reviewer_ids))
        case EmojiEvent():
            moment, detail = None, (event.name,)
        case TokenEvent():
            moment, detail = None, (str(event.expires),)
        case Other():
            return None
    when = moment.isoformat() if moment else ""
    return _digest("event", event.kind, str(event.project.id), str(event.id), str(event.action), when, *detail)


def command_key(project_id: int, kind: str, object_id: int, command: Command) -> str:
    """One key per request: the same for the hook, for an edit that leaves the command alone, and for a later reconciliation."""
    return _digest("command", str(project_id), kind, str(object_id), canonical(command))


def _labels(event: IssueEvent | MergeRequestEvent) -> tuple[str, ...]:
    return (*sorted(event.labels), "was", *sorted(event.label_change.previous if event.label_change else ()))


def _digest(*parts: str) -> str:
    joined = "\0".join(part.replace("\0", "\0\0") for part in parts)
    return hashlib.sha256(joined.encode(errors="surrogatepass")).hexdigest()[:40]
