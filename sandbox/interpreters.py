"""CPythons of the host, and what a sandbox must see of the host to run them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from sandbox.spec import Mount, SandboxError
from sandbox.tier import Interpreter

_NEWEST, _OLDEST = 20, 9  # minor versions of Python 3 that are looked for
_ASK = (
    "import os, sys as s; print(s.implementation.name, '%d.%d.%d' % s.version_info[:3], os.path.realpath(s.base_prefix), "
    "os.path.realpath(getattr(s, '_base_executable', s.executable)), sep='\\n')"
)
_PYENV, _UV = "versions/3.*/bin/python3", "cpython-3.*/bin/python3"
_SEEN_ANYWAY = Path("/usr")  # part of every sandbox


def choose(wanted: str | None = None) -> Interpreter:
    """The interpreter for "3.12" (or "3.12.1"); without a wish the one that runs us. Raises SandboxError naming what is there."""
    if wanted is None:
        return next((each for each in map(described, _programs()) if each), None) or _missing("3", ())
    parts, found = _parts(wanted), available()
    for interpreter in found:
        if interpreter.version[: len(parts)] == parts:
            return interpreter
    return _missing(wanted, found)


@cache
def available() -> tuple[Interpreter, ...]:
    """Every CPython found, the running one first, one for each version."""
    found: dict[tuple[int, int, int], Interpreter] = {}
    for program in _programs():
        interpreter = described(program)
        if interpreter is not None:
            found.setdefault(interpreter.version, interpreter)
    return tuple(found.values())


@cache
def described(program: str) -> Interpreter | None:
    """Ask a program what it is; None when it is no usable CPython 3."""
    try:
        answer = subprocess.run([program, "-I", "-S", "-c", _ASK], capture_output=True, text=True, timeout=20, check=True)
        name, version, prefix, path = answer.stdout.splitlines()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if name != "cpython":
        return None
    major, minor, patch = (int(part) for part in version.split("."))
    return Interpreter(path, (major, minor, patch), _mounts(Path(path), Path(prefix)))


def _programs() -> Iterator[str]:
    yield sys.executable
    yield "/usr/bin/python3"
    path = os.environ.get("PATH", os.defpath)
    for minor in range(_NEWEST, _OLDEST - 1, -1):
        for folder in path.split(os.pathsep):
            if program := shutil.which(f"python3.{minor}", path=folder):
                yield program
    yield from _managed(Path.home(), os.environ)


def _managed(home: Path, variables: Mapping[str, str]) -> Iterator[str]:
    """Those that pyenv and uv keep, of which only some may be on the PATH, newest first."""
    pyenv = Path(variables.get("PYENV_ROOT") or home / ".pyenv")
    uv = Path(variables.get("UV_PYTHON_INSTALL_DIR") or home / ".local/share/uv/python")
    found = {_version(path.parts[-3]): str(path) for path in (*uv.glob(_UV), *pyenv.glob(_PYENV))}
    yield from (found[version] for version in sorted(found, reverse=True) if version >= (3, _OLDEST))


def _version(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", folder)[:3])


def _mounts(path: Path, prefix: Path) -> tuple[Mount, ...]:
    """The interpreter's base folder at its own place, unless it is part of /usr."""
    if path.is_relative_to(_SEEN_ANYWAY):
        return ()
    folder = prefix if path.is_relative_to(prefix) else path.parent
    return (Mount(folder, str(folder)),)


def _parts(wanted: str) -> tuple[int, ...]:
    if not re.fullmatch(r"3\.\d{1,2}(\.\d{1,2})?", wanted):
        raise SandboxError(f"{wanted!r} is no Python version: write it as 3.12")
    return tuple(int(part) for part in wanted.split("."))


def _missing(wanted: str, found: tuple[Interpreter, ...]) -> Interpreter:
    there = ", ".join(".".join(map(str, each.version)) for each in found) or "none"
    raise SandboxError(f"no CPython {wanted} on this host (found: {there}): install it, or ask for one of these")
