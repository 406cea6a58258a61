"""The seam between the bot and whoever proposes: a task goes in, drafts come out, everything on the way is an event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from bot.editor.forms import Form, Tried
from evaluation.target import Target


@dataclass(frozen=True, slots=True)
class Attempt:
    """A candidate that was already judged: what it was, how it ended."""

    title: str
    digest: str  # of the changed files, so that nothing is proposed twice
    outcome: str  # accepted | rejected | inconclusive
    reasons: tuple[str, ...]
    ratio: float | None = None
    ingredients: tuple[str, ...] = ()  # names of the recipes in it
    files: Mapping[str, bytes | None] = field(default_factory=dict, compare=False, repr=False)  # as it left them


@dataclass(frozen=True, slots=True)
class Lessons:
    """What reviewers asked for: names of recipes or words to avoid or prefer, and remarks in their own words (untrusted text)."""

    avoid: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one attempt may cost."""

    steps: int = 40
    tokens: int = 400_000
    usd: float = 2.0
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Task:
    """One request to propose: the target at its base, what is known about it, what was tried, what it may cost."""

    target: Target
    editable: tuple[str, ...] = ("**",)
    fenced: tuple[str, ...] = ()
    policy: str = "numeric"  # the equality policy, in words an agent understands
    profile: str = ""  # where the time goes, as text
    sizes: Mapping[str, Sequence[int]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)  # importable packages and their versions
    machine: str = ""  # cores, instruction sets and threads, in words
    inputs: tuple[Target, ...] = ()  # the project's functions that make the target's inputs
    lessons: Lessons = Lessons()
    tried: tuple[Attempt, ...] = ()
    drafts: int = 4  # how many drafts are wanted at most
    edit: Literal["auto"] | Form = "auto"  # how changes are asked for; auto: by the file's size and by what worked
    edits: tuple[Tried, ...] = ()  # edits of earlier attempts, for `auto`
    limits: Limits = Limits()
    hint: str = ""  # the name of a direction to look in first; "" leaves it to the agent
    parent: Mapping[str, bytes | None] = field(default_factory=dict, repr=False)  # what the tree has already, against the base
    mate: str = ""  # another good candidate's change as a diff, to take ideas from


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed change, before anybody has judged it: the new content of each changed file (None: deleted)."""

    title: str
    rationale: str  # what changed and why it should be faster, for people
    files: Mapping[str, bytes | None]
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trajectory ("reasoning trace"): append-only, JSON-able payload."""

    kind: Literal[
        "started",
        "reasoning",
        "message",
        "tool_call",
        "tool_result",
        "file_changed",
        "step",
        "usage",
        "retry",
        "judged",
        "ended",
        "drawn",  # a picture of the result, with the blob that it is made from
    ]
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How an agent's run ended. Says nothing of success: the judge does."""

    reason: Literal["completed", "limit", "refused", "api_error", "aborted", "edit_failed", "nothing"]
    drafts: tuple[Draft, ...] = ()
    detail: str = ""
    usd: float | None = 0.0
    tokens: int = 0
    short: Literal["tokens", "money", "calls"] | None = None  # the part of its budget that did not cover another call


class Agent(Protocol):
    """Somebody who proposes."""

    @property
    def name(self) -> str:
        """What people call it: `recipes`, `native`."""

    def preflight(self) -> str | None:
        """None when it can work here; otherwise one sentence that says what is missing."""

    def propose(self, task: Task, tree: Path, emit: Emit) -> Ended:
        """Read `tree` (a writable copy of the base that is thrown away afterwards) and propose drafts for `task`."""
