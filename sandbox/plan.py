"""What a project's environment is made of: setup lines where it names none, and the key under which the result is kept."""

import configparser
import hashlib
import json
import os
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox import groups
from sandbox.tier import Interpreter

VERSION = "0.0.0"  # of a package whose version is in a history that nobody here has
_FORMAT = "2"  # change it when the way environments are built changes
_BUILD_FILES = re.compile(
    r"pyproject\.toml|setup\.(py|cfg)|.*\.lock|Pipfile.*|environment\.ya?ml|(requirements|constraints)[^/]*\.(txt|in)|\.python-version"
)
_SKIPPED = frozenset({".git", "__pycache__", "node_modules", ".venv", "venv", ".tox"})
_MOST_BYTES = 8 << 20


class SetupFailed(Exception):
    """The project's own setup failed; `str(error)` holds the line and the last of its output, or the cure."""


def default_setup(source: Path) -> tuple[str, ...]:
    """Setup lines for a project that names none; empty where nothing is to be installed. Raises SetupFailed for conda's files."""
    requirements = sorted(path.name for path in source.glob("requirements*.txt") if _plain(path))
    lines = [f"pip install -r {shlex.quote(name)}" for name in requirements]
    pyproject = _toml(source / "pyproject.toml")
    if _is_package(source, pyproject):
        lines.append(f"pip install -e {shlex.quote('.' + _extra(_table(pyproject, 'project')))}")
    poetry = _table(_table(pyproject, "tool"), "poetry")
    listed = [*groups.of_groups(pyproject.get("dependency-groups")), *groups.of_poetry(poetry)]
    listed += [] if lines else groups.of_pipfile(_toml(source / "Pipfile"))
    if listed:
        lines.append(f"pip install {shlex.join(listed)}")
    conda = next((name for name in ("environment.yml", "environment.yaml") if _plain(source / name)), None)
    if conda and not lines:
        cure = "name what it lists under `environment.setup`, e.g. `pip install numpy pandas pytest`"
        raise SetupFailed(f"{conda} is for conda, and there is only pip here: {cure}")
    return tuple(lines)


def pretended(source: Path) -> dict[str, str]:
    """Variables that tell setuptools_scm a version: it looks for one in the history, which is not there during setup."""
    name = _table(_toml(source / "pyproject.toml"), "project").get("name") or _metadata(source).get("name")
    suffix = re.sub(r"[-_.]+", "_", str(name)).upper() if name else ""
    # for this package only: others that are built on the way have versions of their own
    return {f"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{suffix}": VERSION} if re.fullmatch(r"[A-Z0-9_]{1,100}", suffix) else {}


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


def _is_package(source: Path, pyproject: Mapping[str, Any]) -> bool:
    """Whether pip can install the project itself."""
    poetry = _table(_table(pyproject, "tool"), "poetry")
    if poetry:
        return poetry.get("package-mode") is not False
    built = "build-backend" in _table(pyproject, "build-system")
    return bool(_table(pyproject, "project")) or built or _plain(source / "setup.py") or "name" in _metadata(source)


def _metadata(source: Path) -> Mapping[str, str]:
    """The [metadata] section of setup.cfg, if it can be read."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string((source / "setup.cfg").read_text("utf-8") if _plain(source / "setup.cfg") else "")
    except (configparser.Error, UnicodeDecodeError):
        return {}
    return parser["metadata"] if parser.has_section("metadata") else {}


def _toml(path: Path) -> Mapping[str, Any]:
    """A file of the project's, if it can be read."""
    try:
        return tomllib.loads(path.read_text("utf-8")) if _plain(path) else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tables.get(name)
    return found if isinstance(found, Mapping) else {}


def _extra(project: Mapping[str, Any]) -> str:
    extras = project.get("optional-dependencies")
    names = [name for name in groups.TESTING if isinstance(extras, dict) and name in extras]
    return f"[{names[0]}]" if names else ""


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_BYTES
