"""Names of files inside a project's tree, as they come from git, patches and agents: nothing in them is trusted."""

from pathlib import PurePosixPath


class UnsafePath(Exception):
    """A name that would leave the tree, or reach git's own files."""


def checked(name: str) -> PurePosixPath:
    """The relative path, if every part of it is an ordinary name."""
    parts = name.split("/")
    for part in parts:
        if part in ("", ".", "..") or part.casefold() == ".git" or "\0" in part:
            raise UnsafePath(f"{name!r} is no path inside the project")
    return PurePosixPath(*parts)
