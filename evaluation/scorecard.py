"""What the judge found out about one candidate, as values and as the documented JSON (`hasten.scorecard/1`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from evaluation.scaling import Scaling

Clock = Literal["cpu", "wall", "unqueued"]  # the last one is the wall's without the time that the main thread queued for a core
SCHEMA = "hasten.scorecard/1"
LEVEL = 0.988  # two-sided, per look: the stated interval stays valid after stopping
CONTROL_LEVEL = 0.99  # the confidence level of `control`


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
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class Tests:
    """The project's own tests with the candidate applied, against the same tests at the base commit."""

    passed: int = 0
    failed: tuple[str, ...] = ()
    flaky: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()  # not run: this machine lacks what they need
    unsteady: tuple[str, ...] = ()  # ended badly in one of two runs with the candidate, and in none without it


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One input on which reference and candidate differ, small enough to read."""

    code: str  # equivalence.value, equivalence.dtype, ...
    text: str
    input: str  # how to make the input again: code where it is runnable, else a description
    runnable: bool = False  # whether `input` is a program that was run and made the same input again


@dataclass(frozen=True, slots=True)
class Mutants:
    """How many deliberately wrong versions of the target the same kind of inputs told from the right one."""

    made: int  # that could be run
    killed: int
    survived: tuple[str, ...] = ()  # what was wrong in those that went unnoticed
    cut: bool = False  # time ran out before all inputs were tried


@dataclass(frozen=True, slots=True)
class Beyond:
    """A difference on columns of a kind that the project's inputs never have: told, and never a reason."""

    kind: str  # one of probe/dtypes.py's
    text: str
    input: str  # in words


@dataclass(frozen=True, slots=True)
class Equivalence:
    """How equality was checked and what differed."""

    policy: str
    inputs: int = 0
    compared: int = 0
    mismatches: tuple[Mismatch, ...] = ()
    mutants: Mutants | None = None
    differing: int = 0  # inputs with a difference, of which each can have several
    beyond: tuple[Beyond, ...] = ()
    set_aside: tuple[str, ...] = ()  # codes in which the reference differs from itself: not compared
    skipped: int = 0  # inputs on which the reference itself gave no answer


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak resident growth of one call, MiB, median of fresh processes."""

    baseline: float
    candidate: float
    baseline_allocated: float | None = None  # what was asked for at the peak, where the project has memray
    candidate_allocated: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One size of the grid. Seconds are per call; `rows`/`features` come from the size's own names."""

    size: Mapping[str, int]
    baseline_s: float
    candidate_s: float
    speedup: Interval
    memory_mib: Memory | None = None
    slower: bool | None = None  # whether it is, taking into account how many sizes were asked; None: go by the interval

    @property
    def loses(self) -> bool:
        """Whether the candidate is slower at this size."""
        return self.speedup.high < 1 if self.slower is None else self.slower

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
    on_mismatch: str = "relabel"  # relabel | warn | refuse: what the project wants done about it
    wanted: str = ""  # the machine it asked for, in a few words


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
    scaling: tuple[Scaling, ...] = ()  # one a parameter that takes enough values
    control: Interval | None = None
    clock: Clock | None = None
    cpu_over_wall: float | None = None
    processes: int = 0
    hardware: Hardware = Hardware()
    machine: str = ""  # one line: CPU, cores, kernel, Python
    versions: Mapping[str, str] = field(default_factory=dict)  # of Python and of what the project has installed
    sandbox: str = ""
    seed: int = 0
    seconds: float = 0.0
    depth: str = "confirm"  # quick (search: no claim is made from it) | confirm (fresh processes, fresh inputs)
    samples: Mapping[str, Any] = field(default_factory=dict)  # raw per-process log-ratios, for publication

    def to_json(self) -> dict[str, Any]:
        """The documented JSON of DESIGN: plain dicts, lists, numbers, strings."""
        return {
            "schema": SCHEMA,
            "target": self.target,
            "outcome": str(self.outcome),
            "reasons": [asdict(reason) for reason in self.reasons],
            "correctness": {
                "tests": _plain(asdict(self.tests)),
                "equivalence": {**_plain(asdict(self.equivalence)), "mutants": mutants(self.equivalence.mutants)},
                "guards": [asdict(guard) for guard in self.guards],
            },
            "speedup": _interval(self.speedup, level=True),
            "cells": [_cell(cell) for cell in self.cells],
            "scores": {name: _interval(self.scores.get(name)) for name in ("weighted", "auc", "custom")},
            "growth": {name: list(classes) for name, classes in self.growth.items()},
            "scaling": [each.to_json() for each in self.scaling],
            "control": _interval(self.control),
            "clock": self.clock,
            "cpu_over_wall": self.cpu_over_wall,
            "processes": self.processes,
            "hardware": _plain(asdict(self.hardware)),
            "machine": self.machine,
            "versions": dict(self.versions),
            "sandbox": self.sandbox,
            "seed": self.seed,
            "seconds": self.seconds,
            "depth": self.depth,
            "samples": dict(self.samples),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scorecard":
        """The inverse of `to_json`; raises ValueError for another schema."""
        if data.get("schema") != SCHEMA:
            raise ValueError(f"this is no scorecard of the form {SCHEMA}, but {data.get('schema')!r}")
        try:
            return cls(**_fields(data))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the scorecard is incomplete: {error}") from error


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    right = data["correctness"]
    level = (data["speedup"] or {}).get("level", LEVEL)
    return {
        "target": data["target"],
        "outcome": Outcome(data["outcome"]),
        "reasons": tuple(Reason(**reason) for reason in data["reasons"]),
        "tests": Tests(**_tuples(right["tests"])),
        "equivalence": _read_equivalence(right["equivalence"]),
        "guards": tuple(Reason(**guard) for guard in right["guards"]),
        "speedup": _read_interval(data["speedup"], level),
        "cells": tuple(_read_cell(cell, level) for cell in data["cells"]),
        "scores": {name: _read_interval(score, level) for name, score in data["scores"].items()},
        "growth": {name: tuple(classes) for name, classes in data["growth"].items()},
        "scaling": _scalings(data.get("scaling")),
        "control": _read_interval(data["control"], CONTROL_LEVEL),
        "hardware": Hardware(**_tuples(data["hardware"])),
        **{name: data[name] for name in ("clock", "cpu_over_wall", "processes", "sandbox", "seconds")},
        **{name: data[name] for name in ("machine", "versions", "seed", "depth", "samples") if name in data},
    }


def _scalings(told: Any) -> tuple[Scaling, ...]:
    """Older cards hold one, or none."""
    return tuple(map(Scaling.from_json, [told] if isinstance(told, Mapping) else told or ()))


def mutants(found: Mutants | None) -> dict[str, Any] | None:
    """As plain values."""
    return None if found is None else _plain(asdict(found))


def read_mutants(data: Mapping[str, Any] | None) -> Mutants | None:
    """The inverse of `mutants`."""
    return None if data is None else Mutants(**_tuples(data))


def _read_equivalence(data: Mapping[str, Any]) -> Equivalence:
    mismatches = tuple(Mismatch(**each) for each in data["mismatches"])
    beyond = tuple(Beyond(**each) for each in data.get("beyond", ()))
    read = {"mismatches": mismatches, "mutants": read_mutants(data.get("mutants")), "beyond": beyond}
    return Equivalence(**{**_tuples(data), **read})


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "size": dict(cell.size),
        "baseline_s": cell.baseline_s,
        "candidate_s": cell.candidate_s,
        "speedup": _interval(cell.speedup),
        "slower": cell.slower,
        "rows_per_s": cell.rows_per_s,
        "features_per_s": cell.features_per_s,
        "memory_mib": asdict(cell.memory_mib) if cell.memory_mib else None,
    }


def _read_cell(data: Mapping[str, Any], level: float) -> Cell:
    speedup = _read_interval(data["speedup"], level)
    if speedup is None:
        raise ValueError("a cell without a speed-up")
    memory = Memory(**data["memory_mib"]) if data.get("memory_mib") else None
    return Cell(dict(data["size"]), data["baseline_s"], data["candidate_s"], speedup, memory, data.get("slower"))


def _interval(interval: Interval | None, *, level: bool = False) -> dict[str, float] | None:
    if interval is None:
        return None
    ends = {"ratio": interval.ratio, "low": interval.low, "high": interval.high}
    return {**ends, "level": interval.level} if level else ends


def _read_interval(data: Mapping[str, float] | None, level: float) -> Interval | None:
    return None if data is None else Interval(data["ratio"], data["low"], data["high"], data.get("level", level))


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
