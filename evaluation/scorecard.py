"""What the judge found out about one candidate, as values and as the documented JSON (`hasten.scorecard/1`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA = "hasten.scorecard/1"


class Outcome(StrEnum):
    """The three answers. There is no fourth and no default."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of the closed list (docs/reasons.md) and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A ratio with its confidence interval; `ratio` > 1 is faster. `level` is the two-sided confidence level."""

    ratio: float
    low: float
    high: float
    level: float = 0.988


@dataclass(frozen=True, slots=True)
class Tests:
    """The project's own tests with the candidate applied, against the same tests at the base commit."""

    passed: int = 0
    failed: tuple[str, ...] = ()
    flaky: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One input on which reference and candidate differ, small enough to read."""

    code: str  # equivalence.value, equivalence.dtype, ...
    text: str
    input: str  # how to make the input again, as code where possible


@dataclass(frozen=True, slots=True)
class Equivalence:
    """How equality was checked and what differed."""

    policy: str
    inputs: int = 0
    compared: int = 0
    mismatches: tuple[Mismatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak resident growth of one call, MiB, median of fresh processes."""

    baseline: float
    candidate: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One size of the grid. Seconds are per call; `rows`/`features` come from the size's own names."""

    size: Mapping[str, int]
    baseline_s: float
    candidate_s: float
    speedup: Interval
    memory_mib: Memory | None = None

    @property
    def rows_per_s(self) -> float | None:
        """Rows processed per second by the candidate; None where the size names no rows."""
        return self.size["rows"] / self.candidate_s if "rows" in self.size else None

    @property
    def features_per_s(self) -> float | None:
        """Features (columns) processed per second by the candidate; None where the size names no features."""
        return self.size["features"] / self.candidate_s if "features" in self.size else None


@dataclass(frozen=True, slots=True)
class Hardware:
    """Whether the machine that measured is what the project asked for."""

    verdict: str = "match"  # match | partial | mismatch
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All the evidence on one candidate. Frozen, storable, and the only thing that leaves the judge."""

    target: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    tests: Tests = Tests()
    equivalence: Equivalence = Equivalence("numeric")
    guards: tuple[Reason, ...] = ()
    speedup: Interval | None = None
    cells: tuple[Cell, ...] = ()
    scores: Mapping[str, Interval | None] = field(default_factory=dict)  # weighted, auc, custom
    growth: Mapping[str, Sequence[str]] = field(default_factory=dict)  # baseline, candidate
    control: Interval | None = None
    clock: str | None = None  # cpu | wall
    cpu_over_wall: float | None = None
    processes: int = 0
    hardware: Hardware = Hardware()
    machine: str = ""  # one line: CPU, cores, kernel, Python
    sandbox: str = ""
    seed: int = 0
    seconds: float = 0.0
    depth: str = "confirm"  # quick (search: no claim is made from it) | confirm (fresh processes, fresh inputs)
    samples: Mapping[str, Any] = field(default_factory=dict)  # raw per-process log-ratios, for publication

    def to_json(self) -> dict[str, Any]:
        """The documented JSON of DESIGN: plain dicts, lists, numbers, strings."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scorecard":
        """The inverse of `to_json`; raises ValueError for another schema."""
        raise NotImplementedError
