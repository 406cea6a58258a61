"""The `--options` of a command, word by word: each checked, none guessed."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Strategy = Literal["sequential", "parallel", "hybrid", "adaptive"]
_STRATEGIES: tuple[Strategy, ...] = ("sequential", "parallel", "hybrid", "adaptive")
_UNITS = {"s": 1 / 60, "sec": 1 / 60, "m": 1.0, "min": 1.0, "h": 60.0}
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_MOST_SIZE = 1_000_000_000
_OPTION = re.compile(r"(?:--|—|–)(?P<name>[A-Za-z][\w-]{0,30})(?:=(?P<value>.*))?")  # phones turn -- into a dash
_COUNT = re.compile(r"(?P<number>\d[\d_]{0,14})(?P<scale>[km]?)", re.IGNORECASE)
_TIME = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,3})?)(?P<unit>s|sec|m|min|h)", re.IGNORECASE)
_MONEY = re.compile(r"(?:\$(?P<before>\d{1,6}(?:\.\d{1,2})?)|(?P<after>\d{1,6}(?:\.\d{1,2})?)(?:\$|usd))", re.IGNORECASE)
_PERCENT = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})?)%")
_FRACTION = re.compile(r"0?\.\d{1,6}")
_NAME = re.compile(r"[A-Za-z][\w.:+-]{0,60}")


class BadOption(Exception):
    """An option that cannot be meant as written; `str(error)` is the advice."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for beyond the target. None and empty mean: as the project says."""

    rows: tuple[int, ...] = ()
    features: tuple[int, ...] = ()
    minutes: float | None = None
    usd: float | None = None
    strategy: Strategy | None = None
    agents: tuple[str, ...] = ()
    hardware: tuple[str, ...] = ()
    claim: float | None = None


def take(words: Sequence[str]) -> tuple[Options, tuple[str, ...]]:
    """Split words into options and the words between them. Raises BadOption."""
    options, rest, left = Options(), [], list(words)
    seen: set[str] = set()
    while left:
        word = left.pop(0)
        match = _OPTION.fullmatch(word)
        if match is None:
            rest.append(word)
            continue
        name = _known(match["name"].lower())
        if name in seen and name != "budget":
            raise BadOption(f"`--{name}` is given twice; write one, with commas between several values")
        seen.add(name)
        value = match["value"] if match["value"] is not None else _value(name, left)
        options = replace(options, **_READERS[name](value))
    return options, tuple(rest)


def _known(name: str) -> str:
    if name in _READERS:
        return name
    near = difflib.get_close_matches(name, _READERS, n=1, cutoff=0.6)
    if near:
        raise BadOption(f"there is no option `--{name}`. Did you mean `--{near[0]}`?")
    raise BadOption(f"there is no option `--{name}`. There are {', '.join(f'`--{known}`' for known in _READERS)}")


def _value(name: str, left: list[str]) -> str:
    if not left or _OPTION.fullmatch(left[0]):
        raise BadOption(f"`--{name}` needs a value, for example `--{name} {_EXAMPLES[name]}`")
    return left.pop(0)


def _counts(name: str) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        parts = [part for part in value.split(",") if part][:9]
        counts = tuple(count for part in parts if (count := _count(part)) is not None)
        if not counts or len(counts) != len(parts) or len(counts) > 8:
            raise BadOption(f"`--{name}` takes up to 8 whole numbers, for example `--{name} {_EXAMPLES[name]}`")
        return {name: tuple(dict.fromkeys(counts))}

    return read


def _count(text: str) -> int | None:
    match = _COUNT.fullmatch(text)
    if match is None:
        return None
    count = int(match["number"].replace("_", "")) * _SCALES[match["scale"].lower()]
    return count if 1 <= count <= _MOST_SIZE else None


def _budget(value: str) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for part in re.split(r"[/,]", value)[:3]:
        if match := _TIME.fullmatch(part):
            limits["minutes"] = float(match["number"]) * _UNITS[match["unit"].lower()]
        elif match := _MONEY.fullmatch(part):
            limits["usd"] = float(match["before"] or match["after"])
        else:
            raise BadOption("`--budget` takes a time, an amount, or both: `--budget 20m`, `--budget $5`, `--budget 20m/$5`")
    if any(limit <= 0 for limit in limits.values()):
        raise BadOption("`--budget` must be more than nothing, for example `--budget 20m/$5`")
    return limits


def _strategy(value: str) -> dict[str, Any]:
    wanted = value.lower()
    if wanted not in _STRATEGIES:
        near = difflib.get_close_matches(wanted, _STRATEGIES, n=1, cutoff=0.5)
        hint = f"Did you mean `{near[0]}`?" if near else f"It is one of {', '.join(f'`{name}`' for name in _STRATEGIES)}"
        raise BadOption(f"there is no strategy of that name. {hint}")
    return {"strategy": wanted}


def _names(field: str, option: str) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        names = tuple(name for name in value.split(",") if name)
        if not names or len(names) > 8 or not all(_NAME.fullmatch(name) for name in names):
            raise BadOption(f"`--{option}` takes names with commas between them, for example `--{option} {_EXAMPLES[option]}`")
        return {field: names}

    return read


def _claim(value: str) -> dict[str, Any]:
    if match := _PERCENT.fullmatch(value):
        claim = float(match["number"]) / 100
    elif _FRACTION.fullmatch(value):
        claim = float(value)
    else:
        raise BadOption("`--claim` is the least gain worth a merge request: `--claim 5%` or `--claim 0.05`")
    if claim <= 0:
        raise BadOption("`--claim` must be more than nothing, for example `--claim 5%`")
    return {"claim": claim}


_READERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "rows": _counts("rows"),
    "features": _counts("features"),
    "budget": _budget,
    "strategy": _strategy,
    "agent": _names("agents", "agent"),
    "hardware": _names("hardware", "hardware"),
    "claim": _claim,
}
_EXAMPLES: Mapping[str, str] = {
    "rows": "1000,100k",
    "features": "4,16",
    "budget": "20m/$5",
    "strategy": "hybrid",
    "agent": "recipes",
    "hardware": "avx2",
    "claim": "5%",
}
