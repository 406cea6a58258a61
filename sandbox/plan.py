"""What a project's environment is made of: setup lines where it names none, and the key under which the result is kept."""

import hashlib
import json
import os
import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from sandbox.tier import Interpreter

_FORMAT = "1"  # change it when the way environments are built changes
_BUILD_FILES = re.compile(
    r"pyproject\.toml|setup\.(py|cfg)|.*\.lock|Pipfile.*|environment\.ya?ml|(requirements|constraints)[^/]*\.(txt|in)|\.python-version"
)
_SKIPPED = frozenset({".git", "__pycache__", "node_modules", ".venv", "venv", ".tox"})
_TEST_EXTRAS = ("test", "tests", "testing", "dev")
_MOST_BYTES = 8 << 20


def default_setup(source: Path) -> tuple[str, ...]:
    """Setup lines for a project that names none; empty where nothing is to be installed."""
    requirements = sorted(path.name for path in source.glob("requirements*.txt") if _plain(path))
    lines = [f"pip install -r {shlex.quote(name)}" for name in requirements]
    project = _project(source)
    if project is not None:
        lines.append(f"pip install -e {shlex.quote('.' + _extra(project))}")
    elif _plain(source / "setup.py"):
        lines.append("pip install -e .")
    return tuple(lines)


def key(source: Path, *, setup: Sequence[str], interpreter: Interpreter, tier: str, salt: str) -> str:
    """A name for the environment: the same wherever the same would be built."""
    version = ".".join(map(str, interpreter.version))
    facts: list[object] = [_FORMAT, salt, tier, interpreter.path, version, list(setup)]
    facts += [[name, hashlib.sha256(content).hexdigest()] for name, content in build_files(source, setup)] if setup else []
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def build_files(source: Path, setup: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Files that decide what gets installed: build files anywhere, whatever the setup lines name, requirements folders."""
    named = {os.path.normpath(word) for line in setup for word in re.split(r"[\s'\"=]+", line)}
    for top, folders, files in os.walk(source):
        folders[:] = sorted(set(folders) - _SKIPPED)
        for name in sorted(files):
            path = Path(top) / name
            relative = os.path.relpath(path, source)
            wanted = _BUILD_FILES.fullmatch(name) or relative in named or "requirements" in Path(relative).parts[:-1]
            if wanted and _plain(path):
                yield os.fsencode(relative).hex(), path.read_bytes()


def _project(source: Path) -> dict[str, object] | None:
    """The [project] table of pyproject.toml, if it can be read."""
    path = source / "pyproject.toml"
    if not _plain(path):
        return None
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("project")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return None
    return table if isinstance(table, dict) else None


def _extra(project: dict[str, object]) -> str:
    extras = project.get("optional-dependencies")
    names = [name for name in _TEST_EXTRAS if isinstance(extras, dict) and name in extras]
    return f"[{names[0]}]" if names else ""


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_BYTES
