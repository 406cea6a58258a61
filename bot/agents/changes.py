"""What became of the tree: the files that differ from how they were at the start."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.editor.applier import LARGEST
from bot.editor.edits import digest
from bot.editor.tree import Tree

_IGNORED = frozenset({"__pycache__", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "node_modules"})
Snapshot = Mapping[str, str]


def snapshot(tree: Tree) -> Snapshot:
    """The hash of every file that may be changed."""
    return {path: hashed for path in _editable(tree) if (hashed := digest(tree.read(path)))}


def changes(tree: Tree, before: Snapshot) -> Mapping[str, bytes | None]:
    """The new content of each changed or new file; None for those that are gone."""
    now = {path: tree.read(path) for path in _editable(tree)}
    changed = {path: content for path, content in now.items() if content is not None and digest(content) != before.get(path)}
    return {**changed, **dict.fromkeys(before.keys() - now.keys())}


def _editable(tree: Tree) -> Iterator[str]:
    """Plain files in scope, links left aside, in a stable order."""
    for folder, folders, files in os.walk(tree.root):
        folders[:] = sorted(set(folders) - _IGNORED)
        for name in sorted(files):
            place = Path(folder, name)
            path = place.relative_to(tree.root).as_posix()
            if (
                tree.scope.refusal(path) is None
                and not place.is_symlink()
                and place.is_file()
                and place.stat().st_size <= LARGEST
            ):
                yield path
