"""Labels on issues and merge requests; an unknown name creates the label, silently, as on GitLab."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pilot.gitlab.noteables import LabelEvent, Noteable
from pilot.gitlab.projects import Label, Project
from pilot.gitlab.state import State
from pilot.gitlab.users import User

DEFAULT_COLOR = "#428BCA"


def ensure(state: State, project: Project, name: str, color: str = DEFAULT_COLOR, description: str | None = None) -> Label:
    """The label of that name, made where it is new."""
    label = project.label(name)
    if label is None:
        label = Label(state.next_id("label"), name, color, state.now(), description)
        project.labels.append(label)
    return label


def put(state: State, actor: User, noteable: Noteable, wanted: Iterable[str]) -> None:
    """Replace the labels, keeping the history of who changed what."""
    labels = list(dict.fromkeys(wanted))
    for name in labels:
        ensure(state, noteable.project, name)
    before = noteable.labels
    added = [name for name in labels if name not in before]
    removed = [name for name in before if name not in labels]
    for action, names in (("add", added), ("remove", removed)):
        noteable.label_events += [_event(state, actor, action, name) for name in names]
    noteable.labels = sorted(labels)


def combined(before: Sequence[str], add: Iterable[str], remove: Iterable[str]) -> list[str]:
    gone = set(remove)
    return [name for name in dict.fromkeys([*before, *add]) if name not in gone]


def _event(state: State, actor: User, action: str, name: str) -> LabelEvent:
    return LabelEvent(state.next_id("label_event"), actor, state.now(), action, name)
