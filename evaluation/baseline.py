"""What is known about a project before any change: its tests, run twice, and where inputs come from. Storable as JSON."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.capture import Recorded
from evaluation.correctness.suite import SuiteResult
from evaluation.inputs import Kind
from evaluation.scorecard import Mutants, mutants, read_mutants


@dataclass(frozen=True, slots=True)
class Baseline:
    """The base commit's evidence, made once and used for every candidate."""

    first: SuiteResult
    second: SuiteResult
    workload: Kind
    sizes: tuple[Mapping[str, int], ...] = ()
    note: str = ""  # why there is no workload, in words
    mutants: Mutants | None = None  # how much the inputs can tell: the same for every candidate
    captured: Recorded | None = None  # pickled calls that tests and benchmarks make; None: nobody looked

    @property
    def tested(self) -> bool:
        """Whether the project has tests that pass."""
        return bool(self.first.passed & self.second.passed)

    @property
    def flaky(self) -> tuple[str, ...]:
        """Tests on which the two runs disagree."""
        return tuple(sorted(self.first.passed ^ self.second.passed))

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "first": _plain(self.first),
            "second": _plain(self.second),
            "workload": self.workload,
            "sizes": [dict(size) for size in self.sizes],
            "note": self.note,
            "mutants": mutants(self.mutants),
            "captured": None if self.captured is None else _carried(self.captured),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Baseline":
        """The inverse of `to_json`."""
        sizes = tuple(dict(size) for size in data["sizes"])
        wrong = read_mutants(data.get("mutants"))
        captured = None if data.get("captured") is None else _read_carried(data["captured"])
        return cls(_read(data["first"]), _read(data["second"]), data["workload"], sizes, data["note"], wrong, captured)


def _carried(captured: Recorded) -> dict[str, Any]:
    return {"calls": [base64.b64encode(call).decode() for call in captured.calls], "left_out": list(captured.left_out)}


def _read_carried(data: Mapping[str, Any]) -> Recorded:
    return Recorded(tuple(map(base64.b64decode, data["calls"])), tuple(data["left_out"]))


def _plain(result: SuiteResult) -> dict[str, Any]:
    return {**asdict(result), "passed": sorted(result.passed), "skipped": sorted(result.skipped)}


def _read(data: Mapping[str, Any]) -> SuiteResult:
    names = {name: frozenset(data.get(name, ())) for name in ("passed", "skipped")}
    return SuiteResult(**{**data, **names})
