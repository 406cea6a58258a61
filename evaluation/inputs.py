"""Inputs of the target, made in a sandbox by code of the base commit only. To us they are opaque bytes with a text for people."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, get_args

from evaluation import channel
from evaluation.capture import Recorded, recorded
from evaluation.channel import Buffers, Channel, ChannelLost, Header
from evaluation.compare.plain import Ref, Value
from evaluation.probe.dtypes import KINDS
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Limits, Mount
from sandbox.tier import Sandbox

Kind = Literal["generator", "scaled", "captured", "annotations", "none"]
Origin = Literal["generator", "edge", "captured", "annotations", "beyond"]
LIFETIME_S = 4 * 3600.0  # upper bound for one evaluation; the process ends with it
SECONDS = 60.0  # for making the inputs of one request
# For a check: so many times as long as it took at most so far, or so many seconds, if that is more.
CHECKING_S, CHECKING = 10.0, 10
GENERATOR = "name a generator under `inputs` in `.hasten.yml`"  # the cure where nothing else makes any
BYTES = 2 << 30  # of the inputs of one request
_LONGEST = 1000  # characters kept of a description
_LONGEST_CODE = 4000
_KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}
_ORIGINS: Mapping[str, Origin] = {origin: origin for origin in get_args(Origin)}


class InputsFailed(Exception):
    """No inputs could be made; `str(error)` is the sentence for people, `code` what kind of failure it is."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Workload:
    """Where inputs come from, and the sizes they can have. Only `generator` and `scaled` can be timed (timing.TIMED)."""

    kind: Kind
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    text: str = ""  # why there are none


@dataclass(frozen=True, slots=True)
class Input:
    """One input for comparing results."""

    pickle: bytes
    description: str
    origin: Origin
    kind: str = ""  # of columns beyond all that the project's inputs show
    tentative: bool = False  # whether the function may refuse it in whatever way


class NoAnswer(InputsFailed):
    """The process that makes inputs hung, or ended."""


@dataclass(frozen=True, slots=True)
class Told:
    """One input for people: in words, and as code where that was seen to make it again."""

    description: str
    code: str | None = None


@dataclass(slots=True)
class Source:
    """The sandboxed process that makes inputs. A context manager."""

    sandbox: Sandbox
    environment: Environment
    tree: Path  # the base commit's files
    target: Target
    project: Project
    scratch: Path
    owner: str
    limits: Limits = Limits(seconds=LIFETIME_S)
    tools: Mount | None = None  # pytest for projects that have none
    seconds: float = SECONDS
    captured: Recorded | None = None  # what tests call the target with; None: found out where nothing else makes inputs
    available: Workload = Workload("none")
    _stack: ExitStack = field(default_factory=ExitStack)
    _line: Channel | None = None
    _checking: float | None = None  # seconds that a check took at most so far

    def __enter__(self) -> Self:
        if self.captured is None:
            self.captured = Recorded() if self.project.target_settings(self.target).inputs else self._recorded()
        self._start(self.captured)
        return self

    def _start(self, captured: Recorded) -> None:
        settings = self.project.target_settings(self.target)
        with ExitStack() as stack:
            self._line = stack.enter_context(self._open())
            sizes = {name: list(values) for name, values in settings.sizes.items()}
            words = {"inputs": _words(settings.inputs), "instance": _words(settings.instance)}
            answer, _ = self._ask({"op": "load", "sizes": sizes, **words}, captured.calls)
            self.available = _explained(_workload(answer), captured)
            self._stack = stack.pop_all()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def make(self, seed: int, size: Mapping[str, int], count: int) -> list[bytes]:
        """`count` inputs of one size, all distinct; the same seed gives the same ones. Raises InputsFailed."""
        _, buffers = self._ask({"op": "make", "seed": seed, "size": dict(size), "count": count})
        if len(buffers) != count:
            raise InputsFailed("inputs", f"asked for {count} inputs, got {len(buffers)}")
        return [bytes(buffer) for buffer in buffers]

    def varied(self, seed: int, count: int, size: Mapping[str, int] | None = None, *, tentative: bool = False) -> list[Input]:
        """About `count` inputs for comparing results, ordinary ones first, and small where no size is given."""
        words = {"op": "varied", "seed": seed, "count": count, "tentative": tentative}
        return self._samples(words if size is None else {**words, "size": dict(size)})

    def beyond(self, seed: int) -> list[Input]:
        """A few inputs with columns of kinds that the project's inputs never show. Raises InputsFailed."""
        return [sample for sample in self._samples({"op": "beyond", "seed": seed}) if sample.kind in KINDS]

    def _samples(self, words: Header) -> list[Input]:
        answer, buffers = self._ask(words)
        told = answer.get("samples")
        if not isinstance(told, list) or len(told) != len(buffers):
            raise InputsFailed("inputs", "the inputs and their descriptions don't match")
        return [_sample(item, bytes(buffer)) for item, buffer in zip(told, buffers, strict=True)]

    def smaller(self, pickle: bytes) -> list[bytes]:
        """Inputs that are smaller than this one by a step, boldest steps first. Raises InputsFailed."""
        _, buffers = self._ask({"op": "smaller"}, [pickle])
        return [bytes(buffer) for buffer in buffers]

    def told(self, pickle: bytes) -> Told:
        """An input for people. Raises InputsFailed."""
        answer, _ = self._ask({"op": "told"}, [pickle])
        code = answer.get("code")
        fits = isinstance(code, str) and len(code) <= _LONGEST_CODE
        return Told(str(answer.get("description", ""))[:_LONGEST], code if fits else None)

    def accepts(self, function: str, pickle: bytes, observed: Value) -> str | None:
        """What the project's own check has against a result; None when it accepts it. Raises InputsFailed.

        One that hangs over a result, or ends its process, does not accept it.
        """
        check = Target.parse(function)
        result = observed.node(observed.root).parts.get("result") if isinstance(observed.root, Ref) else None
        words = {"op": "accept", "function": {"path": check.path, "name": check.name}, "value": observed.tree, "result": result}
        start = time.monotonic()
        try:
            answer, _ = self._ask(words, [pickle, *observed.buffers], self._patience())
        except NoAnswer as error:
            self._stack.close()
            self._start(self.captured or Recorded())
            return f"{error} on the result"
        self._checking = max(self._checking or 0.0, time.monotonic() - start)
        objection = answer.get("objection")
        return None if objection is None else str(objection)[:_LONGEST]

    def _patience(self) -> float:
        """Seconds that a check may take, once it is known how long it takes."""
        return self.seconds if self._checking is None else min(self.seconds, max(CHECKING_S, CHECKING * self._checking))

    def _open(self) -> Channel:
        try:
            return channel.open(
                self.sandbox,
                environment=self.environment,
                trees={"baseline": self.tree},
                target=self.target,
                scratch=self.scratch,
                owner=self.owner,
                limits=self.limits,
                program="source.py",
                extra_mounts=() if self.tools is None else (self.tools,),
                variables={} if self.tools is None else {"HASTEN_TOOLS": self.tools.target},
            )
        except ChannelLost as error:
            raise InputsFailed("inputs", f"the process that makes inputs did not start ({error})") from error

    def _ask(self, header: Header, buffers: Buffers = (), seconds: float | None = None) -> tuple[Header, list[bytearray]]:
        patience = self.seconds if seconds is None else seconds
        if self._line is None:
            raise InputsFailed("inputs", "the process that makes inputs is not running")
        try:
            answer, payload = self._line.ask(header, buffers, seconds=patience, most=BYTES)
        except ChannelLost as error:
            raise NoAnswer("inputs", f"{self._who(header)} {self._how(error, patience)}") from error
        if "failed" in answer:
            raise InputsFailed(str(answer["failed"])[:40], str(answer.get("text", ""))[:_LONGEST])
        return answer, payload

    def _who(self, header: Header) -> str:
        """The project's function that was asked last, with what it was asked for."""
        settings = self.project.target_settings(self.target)
        if header["op"] == "accept":
            return f"{header['function']['path']}::{header['function']['name']}"
        asked = ", ".join(f"{name}={number}" for name, number in header.get("size", {}).items())
        who = str(settings.inputs or "making inputs from calls and annotations")
        return f"{who}, asked for {asked}," if asked else who

    def _how(self, error: ChannelLost, patience: float) -> str:
        """How it ended without an answer, for people."""
        if error.reason == "timed_out":
            return f"gave no answer within {patience:.0f} s"
        if error.reason == "oom":
            return f"needs more memory than the {self.limits.memory_mib} MiB of its sandbox"
        return f"ended its process: {error.detail} (at most {BYTES >> 30} GiB may come of one request)"

    def _recorded(self) -> Recorded:
        return recorded(
            self.sandbox, self.environment, self.tree, self.target, self.project, self.scratch, self.owner, self.tools
        )


def _words(target: Target | None) -> dict[str, str] | None:
    return None if target is None else {"path": target.path, "name": target.name}


def _workload(answer: Header) -> Workload:
    kind = _KINDS.get(str(answer.get("kind")), "none")
    return Workload(kind, _sizes(answer.get("sizes")), str(answer.get("text", ""))[:_LONGEST])


def _explained(found: Workload, captured: Recorded) -> Workload:
    """Where nothing that the tests call could be used, with the reasons why."""
    if found.kind not in ("none", "annotations"):
        return found
    reasons, calls = list(captured.left_out), len(captured.calls)
    if calls:
        reasons.append(f"{calls} recorded call{'s' * (calls != 1)} can't be made again outside of the tests")
    return replace(found, text="; ".join(filter(None, [found.text, *reasons])))


def _sizes(value: Any) -> dict[str, tuple[int, ...]]:
    if not isinstance(value, dict):
        return {}
    return {str(name): tuple(numbers) for name, numbers in value.items() if _whole(numbers)}


def _whole(numbers: Any) -> bool:
    return isinstance(numbers, Sequence) and all(type(number) is int and number > 0 for number in numbers)


def _sample(told: Any, data: bytes) -> Input:
    words = told if isinstance(told, dict) else {}
    origin = _ORIGINS.get(str(words.get("origin")), "edge")
    text, kind = str(words.get("description", ""))[:_LONGEST], str(words.get("kind", ""))
    return Input(data, text, origin, kind, words.get("tentative") is True)
