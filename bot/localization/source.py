"""The Python files of a tree, read with care: they are foreign, and may be huge, broken, or no files at all."""

import ast
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

MOST_BYTES = 2 << 20  # of one file: some 40,000 lines, and about what the editor still edits
_FOREIGN = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"})


class Unreadable(Exception):
    """A file that is no plain, parsable Python source; `str(error)` says why."""


def files(tree: Path) -> Iterator[str]:
    """The tree's Python files in a stable order; hidden, installed and generated folders are none of the project's."""
    root = str(tree)
    for top, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _FOREIGN and not name.startswith("."))
        below = os.path.relpath(top, root).replace(os.sep, "/")
        for name in sorted(names):
            if name.endswith(".py"):
                yield name if below == "." else f"{below}/{name}"


def content(tree: Path, path: str) -> bytes:
    """The bytes of a file of the tree. Raises Unreadable for links that leave it, devices, and what is too large."""
    file = tree / path
    try:
        if not file.is_file() or not file.resolve().is_relative_to(tree.resolve()):
            raise Unreadable("no plain file of the project")
        if file.stat().st_size > MOST_BYTES:
            raise Unreadable(f"larger than {MOST_BYTES >> 10} KiB")
        return file.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a file that is not ours to read
        raise Unreadable(str(error) or type(error).__name__) from error


def parsed(source: bytes) -> ast.Module:
    """The syntax tree. Raises Unreadable."""
    try:
        with warnings.catch_warnings():  # an odd escape in foreign code is not our warning
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            return ast.parse(source)
    except SyntaxError as error:
        raise Unreadable(f"line {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error
