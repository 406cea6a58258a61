"""What the report tells about, as values. The workflow fills them; nothing is rendered yet, and text in them may be foreign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.agents.contract import Attempt, Event
from bot.editor.forms import Form, Record
from evaluation.scorecard import Interval, Scorecard


class Stage(StrEnum):
    """Where a run is, in this order; the last three are ends."""

    QUEUED = "queued"
    ENVIRONMENT = "environment"
    LOCALIZING = "localizing"
    BASELINE = "baseline"
    SEARCHING = "searching"
    CONFIRMING = "confirming"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the status note shows."""

    run: str
    stage: Stage
    elapsed_s: float
    target: str = ""
    doing: str = ""  # one sentence on what is happening now
    judged: int = 0  # candidates with a verdict
    planned: int = 0  # candidates at most
    best: Interval | None = None
    best_title: str = ""
    minutes: float | None = None  # budget
    usd_used: float = 0.0
    praise: int = 0  # people who gave a thumbs up
    blame: int = 0
    ending: str = ""  # of the merge request: approved, merged, closed


@dataclass(frozen=True, slots=True)
class Lesson:
    """What reviewers of a project asked for: never forgotten by itself, shown and changed by people."""

    number: int
    verb: str  # avoid | prefer | remark
    text: str  # a name of a recipe, or a wish in a person's words
    source: str  # "!5": where it was first said
    times: int  # said so often


@dataclass(frozen=True, slots=True)
class Change:
    """The published candidate: what it is and why it should be faster, in its author's words."""

    title: str
    rationale: str
    agent: str
    files: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = ()  # names that `/optimize avoid` understands


@dataclass(frozen=True, slots=True)
class Iteration:
    """One pass that ended in evidence. `commit` is None when it left the branch unchanged."""

    number: int
    asked: str = ""  # the remark, in the reviewer's words
    rule: str = ""  # what was understood: "avoid numba"
    change: Change | None = None
    scorecard: Scorecard | None = None
    commit: str | None = None
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A measurement after the merge request was opened."""

    occasion: str  # pushed | merged | schedule
    who: str  # user name
    sha: str
    branch: str
    card: Scorecard


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was uploaded: what it says in words of ours, and where it lies ("": nowhere)."""

    text: str
    address: str
    original: str = ""  # the same with every detail, to download


@dataclass(frozen=True, slots=True)
class Account:
    """How the searches of a run ended, and what they used."""

    stop: str
    spent: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, searches: Sequence[tuple[str, Mapping[str, Any]]]) -> "Account | None":
        """All of a run's together, from what each wrote down: each counts its own seconds, and all else since the run began."""
        if not searches:
            return None
        stop, spent = searches[-1]
        return cls(stop, {**spent, "seconds": sum(float(each.get("seconds") or 0.0) for _, each in searches)})


@dataclass(frozen=True, slots=True)
class Story:
    """One run as the merge request tells it. `iterations` ends with the published one."""

    run: str
    target: str
    requester: str  # user name
    reference: str  # "#12" or "!5": where it was asked
    base: str  # commit that everything is measured against
    branch: str
    version: str  # the bot's
    iterations: tuple[Iteration, ...]
    trace: tuple[Event, ...] = ()  # what agents said and did for the newest iteration
    edits: Mapping[tuple[str, Form], Record] = field(default_factory=dict)  # and what came of their edits, by model and form
    account: Account | None = None
    profile: str = ""  # where the time went before, as text
    graph: str = ""  # blob: the same as a flame graph, SVG
    attempts: tuple[Attempt, ...] = ()  # all that was judged, over all iterations
    relaxations: tuple[str, ...] = ()  # what the project lets equality overlook
    page: str = ""
    closes: bool = False  # whether merging closes the issue
    attachment: str = ""  # the scorecard as a file: GitLab's own Markdown for it
    chart: Picture | None = None
    flame: Picture | None = None

    @property
    def published(self) -> Iteration:
        """The newest iteration that is on the branch."""
        for each in reversed(self.iterations):
            if each.commit:
                return each
        raise LookupError(f"run {self.run} has put nothing on its branch yet")
