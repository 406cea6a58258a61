"""The function a command is about: `path/to/file.py::name` or `path/to/file.py::Class.name`."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?P<path>[^\s:]+\.pyx?)::(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")


class BadTarget(ValueError):
    """The text names no Python (or Cython) function; `str(error)` says what to write instead."""


@dataclass(frozen=True, slots=True)
class Target:
    """A Python function by its file (relative to the project, `/`-separated) and its dotted name in that file."""

    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path}::{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read `FILE.py::NAME`. Raises BadTarget for anything else, also for paths that leave the project."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise BadTarget(f"`{text}` is no target; write it as path/to/file.py::function")
        if match["path"].startswith("/") or ".." in match["path"].split("/"):
            raise BadTarget(f"`{text}` leaves the project; write the path relative to the repository's root")
        return cls(match["path"].removeprefix("./"), match["name"])
