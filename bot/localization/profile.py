"""Where the time of a run went, as values. What a sandbox says about it is read strictly and believed only as advice."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 4 << 20
MOST_FUNCTIONS = 1000  # and lines, and stacks
MOST_FRAMES = 100
ENOUGH = 60  # samples from which their shares are believed: one of 10 % is then right within some 4 %
_LONGEST = 200  # characters of a name or path


class Unprofiled(Exception):
    """No profile could be made; `str(error)` is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """One function as the profiler saw it, all calls together. `path` is the project's where `ours`, else a library's or none."""

    path: str
    line: int
    name: str
    own_s: float
    cumulative_s: float
    calls: int
    ours: bool = True
    addressable_s: float = 0.0  # what a change to this function alone could save at most, by its calls
    sampled_s: float = 0.0  # the same by samples: free of what counting calls costs

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}" if self.path else self.name


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the project and the sampled seconds spent on it, library calls included."""

    path: str
    line: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Stack:
    """Functions that call each other, the outermost first (the project's own begin with `./`), and their sampled seconds."""

    frames: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds of one call at a small size and at a large one."""

    small: Mapping[str, int]
    small_s: float
    large: Mapping[str, int]
    large_s: float


@dataclass(frozen=True, slots=True)
class Profile:
    """The time of `calls` calls together, under the profiler, and the functions it went to; what was sampled without it."""

    total_s: float
    functions: tuple[Hotspot, ...]
    calls: int = 1
    samples: int = 0
    sampled_s: float = 0.0
    lines: tuple[Line, ...] = ()
    stacks: tuple[Stack, ...] = ()
    times: tuple[float | None, ...] = ()  # the best time of each input, those first that were profiled
    growth: Growth | None = None

    @property
    def sampled(self) -> bool:
        """Whether there are samples enough to believe them."""
        return self.samples >= ENOUGH and self.sampled_s > 0

    def saving(self, hotspot: Hotspot) -> float:
        """The share of the whole that a change to this function alone could save at most: sampled where that is possible."""
        part, whole = (hotspot.sampled_s, self.sampled_s) if self.sampled else (hotspot.addressable_s, self.total_s)
        return min(part / whole, 1.0) if whole > 0 else 0.0


def read(answer: bytes) -> Profile:
    """Read what the probe answered. Raises Unprofiled for its complaints and for anything that is no answer."""
    if len(answer) > MOST_BYTES:
        raise Unprofiled("the profile is too large to be one")
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Unprofiled("the sandbox answered with something that is no profile") from error
    if not isinstance(data, dict):
        raise Unprofiled("the sandbox answered with something that is no profile")
    if "error" in data:
        raise Unprofiled(_text(data, "error"))
    return Profile(
        _seconds(data, "total_s"),
        tuple(map(_hotspot, _listed(data, "functions"))),
        _count(data, "calls"),
        _count(data, "samples"),
        _seconds(data, "sampled_s"),
        tuple(map(_line, _listed(data, "lines"))),
        tuple(map(_stack, _listed(data, "stacks"))),
        tuple(None if each is None else _seconds({"times": each}, "times") for each in _listed(data, "times")),
    )


def _listed(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key, [] if key == "times" else None)
    if not isinstance(found, list) or len(found) > MOST_FUNCTIONS:
        raise Unprofiled(f"the profile lists no {key}, or far too many")
    return found


def _line(entry: Any) -> Line:
    if not isinstance(entry, dict):
        raise Unprofiled("the profile lists something that is no line")
    return Line(_text(entry, "path"), _count(entry, "line"), _seconds(entry, "seconds"))


def _stack(entry: Any) -> Stack:
    if not isinstance(entry, dict):
        raise Unprofiled("the profile lists something that is no stack")
    frames = _listed(entry, "frames")[:MOST_FRAMES]
    return Stack(tuple(_text({"frames": each}, "frames") for each in frames), _seconds(entry, "seconds"))


def _hotspot(entry: Any) -> Hotspot:
    if not isinstance(entry, dict):
        raise Unprofiled("the profile lists something that is no function")
    return Hotspot(
        _text(entry, "path"),
        _count(entry, "line"),
        _text(entry, "name"),
        _seconds(entry, "own_s"),
        _seconds(entry, "cumulative_s"),
        _count(entry, "calls"),
        entry.get("ours") is True,
        _seconds(entry, "addressable_s"),
        _seconds(entry, "sampled_s"),
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise Unprofiled(f"the profile has no `{key}`")
    return "".join(sign if sign.isprintable() else "?" for sign in value[:_LONGEST])


def _seconds(entry: Mapping[str, Any], key: str) -> float:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise Unprofiled(f"the profile's `{key}` is no time")
    return float(value)


def _count(entry: Mapping[str, Any], key: str) -> int:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 62:
        raise Unprofiled(f"the profile's `{key}` is no number")
    return value
