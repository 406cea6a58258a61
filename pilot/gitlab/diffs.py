"""Diffs as GitLab gives them: a file each, the text without its header, and which lines can carry a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1

HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diff; a missing number says on which side the line does not exist."""

    kind: str
    old: int | None
    new: int | None
    text: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """How one file changed."""

    old_path: str
    new_path: str
    old_mode: str
    new_mode: str
    status: str
    text: str

    def lines(self) -> Iterator[Line]:
        """Numbered lines, hunk headers included (kind `@`)."""
        old = new = 0
        for line in self.text.splitlines():
            head = HUNK.match(line)
            if head:
                old, new = int(head[1]), int(head[2])
                yield Line("@", None, None, line, (old, new))
                continue
            kind = line[:1] or " "
            if kind in "+- ":
                yield Line(kind, None if kind == "+" else old, None if kind == "-" else new, line[1:], (old, new))
                old += kind != "+"
                new += kind != "-"

    def line_code(self, old: int | None, new: int | None) -> str | None:
        """The anchor of a commentable line: added ones by their new number only, context lines by both."""
        for line in self.lines():
            if line.kind != "@" and (line.old, line.new) == (old, new):
                path = sha1(self.new_path.encode(), usedforsecurity=False).hexdigest()
                return f"{path}_{line.at[0]}_{line.at[1]}"
        return None


def pair(raw: str, patch: str) -> tuple[FileDiff, ...]:
    """Join `git diff --raw -z` (names and modes, unquoted) with `git diff` (text); both keep the same order."""
    texts = [_body(chunk) for chunk in re.split(r"^(?=diff --git )", patch, flags=re.MULTILINE) if chunk]
    return tuple(_file(names, text) for names, text in zip(_raw(raw), texts, strict=True))


def _body(chunk: str) -> str:
    start = re.search(r"^@@ ", chunk, flags=re.MULTILINE)
    return chunk[start.start() :] if start else ""


def _raw(raw: str) -> Iterator[tuple[str, str, str, str, str]]:
    fields = iter(raw.split("\0"))
    for facts in fields:
        if not facts:
            return
        old_mode, new_mode, _, _, status = facts.lstrip(":").split()
        old = next(fields)
        new = next(fields) if status[0] in "RC" else old
        yield old, new, old_mode, new_mode, status[0]


def _file(names: tuple[str, str, str, str, str], text: str) -> FileDiff:
    old, new, old_mode, new_mode, status = names
    return FileDiff(old, new, old_mode, new_mode, status, text)
