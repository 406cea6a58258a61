"""What the trajectories say of edits: which form each was, which model asked for it, and what came of it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.agents.contract import Event
from bot.editor.forms import FORMS, Form, Tried


def told(model: str, form: Form, refusals: Iterable[str]) -> Mapping[str, Any]:
    """An edit as the data of its event."""
    return {"edit": {"model": model, "form": form, "refusals": list(refusals)}}


def tried(events: Iterable[Event]) -> Iterator[Tried]:
    """The edits in a trajectory, in order."""
    for event in events:
        edit = event.data.get("edit") if event.kind == "tool_result" else None
        if isinstance(edit, Mapping) and edit.get("form") in FORMS:
            yield Tried(str(edit.get("model")), edit["form"], tuple(map(str, edit.get("refusals", ()))))
