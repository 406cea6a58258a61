"""How the model looks at the tree: files in windows, folders as lists, a text wherever it stands."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from bot.agents.foreign import fenced, shortened
from bot.agents.native import calls
from bot.agents.native.observation import Observation
from bot.editor.applier import LARGEST
from bot.editor.document import Document
from bot.editor.nearest import numbered
from bot.editor.tree import Tree

_LISTED = 200
_SHOWN = 40_000  # characters of one view
_HITS = 60  # lines shown of a search
_WIDE = 300  # characters shown of a line
_SEARCHED = 20_000  # files looked into
_HIDDEN = frozenset({".git", "__pycache__", "node_modules", ".venv"})


def view(tree: Tree, call: calls.View) -> Observation:
    """A window of a file, or the names in a folder."""
    place = tree.root if call.path == "." else tree.find(call.path)
    if place is not None and place.is_dir():
        return _list(place)
    content = tree.read(call.path)
    if content is None:
        return Observation(f"there is no file `{call.path}`; view a folder to see what there is", failed=True)
    document = Document.decode(content)
    text = document.text if document else content.decode("utf-8", "replace")
    total = text.count("\n") + (not text.endswith("\n"))
    if call.start > total:
        return Observation(f"{call.path} has only {total} lines", failed=True)
    last = min(total, call.start + call.lines - 1)
    shown = fenced(shortened(numbered(text, call.start, last), _SHOWN), "repository")
    cut = f" (of a larger file: only its first {LARGEST} bytes are read)" if len(content) > LARGEST else ""
    return Observation(f"{call.path}, lines {call.start} to {last} of {total}{cut}\n{shown}")


def search(tree: Tree, call: calls.Search) -> Observation:
    """The lines that hold a text, file by file, as far as a reply has room."""
    found = list(itertools.islice(_hits(tree, call), _HITS + 1))
    if not found:
        return Observation(f"`{call.text}` stands nowhere below `{call.path}`")
    more = f"\n[... more than {_HITS} lines; search in a folder or file ...]" if len(found) > _HITS else ""
    return Observation(fenced(shortened("\n".join(found[:_HITS]), _SHOWN), "repository") + more)


def _hits(tree: Tree, call: calls.Search) -> Iterator[str]:
    sought = call.text.encode("utf-8", "replace")
    for path in itertools.islice(_files(tree, call.path), _SEARCHED):
        content = tree.read(path)
        if content is None or len(content) > LARGEST or sought not in content or b"\0" in content[:1024]:
            continue
        lines = content.decode("utf-8", "replace").split("\n")
        yield from (f"{path}:{number}: {line[:_WIDE]}" for number, line in enumerate(lines, 1) if call.text in line)


def _files(tree: Tree, below: str) -> Iterator[str]:
    """The files below a folder (or the file itself) by their paths; links are not followed."""
    start = tree.root.resolve() if below == "." else tree.find(below)
    if start is None:
        return
    if start.is_file():
        yield below
    root = tree.root.resolve()
    for folder, folders, names in os.walk(start):
        folders[:] = sorted(set(folders) - _HIDDEN)
        for name in sorted(names):
            yield Path(folder, name).relative_to(root).as_posix()


def _list(folder: Path) -> Observation:
    names = (f"{each.name}/" if each.is_dir() else each.name for each in sorted(folder.iterdir()) if each.name != ".git")
    shown = list(itertools.islice(names, _LISTED + 1))
    more = "\n[... more entries are left out ...]" if len(shown) > _LISTED else ""
    return Observation(fenced("\n".join(shown[:_LISTED]), "repository") + more)
