"""Where the time of a run went, as values. What a sandbox says about it is read strictly and believed only as advice."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 4 << 20
MOST_FUNCTIONS = 1000
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
    addressable_s: float = 0.0  # what a change to this function alone could save at most

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}" if self.path else self.name


@dataclass(frozen=True, slots=True)
class Profile:
    """The time of `calls` calls together, under the profiler, and the functions it went to."""

    total_s: float
    functions: tuple[Hotspot, ...]
    calls: int = 1


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
    functions = data.get("functions")
    if not isinstance(functions, list) or len(functions) > MOST_FUNCTIONS:
        raise Unprofiled("the profile lists no functions, or far too many")
    return Profile(_seconds(data, "total_s"), tuple(_hotspot(entry) for entry in functions), _count(data, "calls"))


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
