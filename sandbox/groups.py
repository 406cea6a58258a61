"""Packages that a project lists where pip does not look (dependency groups, Poetry, Pipenv), in the words of pip."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

TESTING = ("test", "tests", "testing", "dev")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_SINCE = re.compile(r"([\^~])\s*(\d+(?:\.\d+)*)")


def of_groups(groups: Any) -> list[str]:
    """The requirements of the first of `[dependency-groups]` that is for tests, with the groups it includes."""
    known = groups if isinstance(groups, Mapping) else {}
    wanted = next((name for name in TESTING if name in known), None)
    return list(dict.fromkeys(_group(known, wanted, frozenset()))) if wanted else []


def of_poetry(poetry: Any) -> list[str]:
    """What Poetry would install for tests besides the package; where there is none (`package-mode = false`), all it needs."""
    table = _mapping(poetry)
    groups = _mapping(table.get("group"))
    found = [*_table(table.get("dependencies"))] if table.get("package-mode") is False else []
    found += _table(table.get("dev-dependencies"))
    for name in TESTING:
        found += _table(_mapping(groups.get(name)).get("dependencies"))
    return list(dict.fromkeys(found))


def of_pipfile(pipfile: Any) -> list[str]:
    """What Pipenv would install with `--dev`."""
    tables = _mapping(pipfile)
    return list(dict.fromkeys([*_table(tables.get("packages")), *_table(tables.get("dev-packages"))]))


def _group(groups: Mapping[str, Any], name: str, inside: frozenset[str]) -> Iterator[str]:
    """A group's requirements; one that includes itself adds nothing more."""
    lines = groups.get(name)
    for line in lines if isinstance(lines, list) and name not in inside else ():
        if isinstance(line, str):
            yield line
        elif isinstance(included := _mapping(line).get("include-group"), str):
            yield from _group(groups, included, inside | {name})


def _table(table: Any) -> Iterator[str]:
    """Names with versions, in the words of Poetry and Pipenv; what comes from a path or a repository is left out."""
    for name, wanted in _mapping(table).items():
        if name == "python" or not _NAME.fullmatch(name):
            continue
        more = _mapping(wanted)
        version = more.get("version", "" if more.keys() & {"path", "git", "url", "file"} else "*") if more else wanted
        if isinstance(version, str) and version:
            extras = ",".join(extra for extra in more.get("extras", ()) if isinstance(extra, str))
            yield name + (f"[{extras}]" if extras else "") + _specifier(version)


def _specifier(version: str) -> str:
    """`^1.2` and `~1.2` as pip writes them; a bare number is that version."""
    if version == "*":
        return ""
    said = _SINCE.sub(lambda found: _range(found[1], found[2]), version)
    return f"=={said}" if said[0].isdigit() else said


def _range(sign: str, since: str) -> str:
    """`^`: up to the next first number that is not 0; `~`: up to the next second number."""
    numbers = [int(number) for number in since.split(".")]
    first = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
    at = first if sign == "^" else min(1, len(numbers) - 1)
    below = ".".join(map(str, [*numbers[:at], numbers[at] + 1]))
    return f">={since},<{below}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
