"""Suggestion blocks in comments on the new side of a diff, as the API lists them."""

from __future__ import annotations

import re
from typing import Any

from pilot.gitlab.notes import Note
from pilot.gitlab.repository import Repository

BLOCK = re.compile(r"^```suggestion(?::-(\d+)\+(\d+))?[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def of(note: Note, repository: Repository) -> list[dict[str, Any]]:
    """What each block would replace and with what; ids count within the note."""
    position = note.position
    if position is None or position["new_line"] is None or "```suggestion" not in note.body:
        return []
    entry = repository.entry(position["head_sha"], position["new_path"])
    lines = repository.blob(entry.sha).decode("utf-8", "replace").splitlines(keepends=True) if entry else []
    blocks = enumerate(BLOCK.finditer(note.body), start=1)
    return [_suggestion(note.id * 100 + number, found, position["new_line"], lines) for number, found in blocks]


def _suggestion(number: int, found: re.Match[str], line: int, lines: list[str]) -> dict[str, Any]:
    first, last = max(1, line - int(found[1] or 0)), min(len(lines), line + int(found[2] or 0))
    return {
        "id": number,
        "from_line": first,
        "to_line": last,
        "appliable": True,
        "applied": False,
        "from_content": "".join(lines[first - 1 : last]),
        "to_content": found[3],
    }
