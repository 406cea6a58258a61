"""Edits written as text: a path, then the old and the new lines between marks.

    src/a.py
    <<<<<<< ORIGINAL          (or SEARCH)
    old lines
    =======
    new lines
    >>>>>>> UPDATED           (or REPLACE)

What stands between blocks is talk. A block that is not well-formed refuses the whole text: nobody should guess where it ends.
"""

import re
from collections.abc import Iterator

from bot.editor.edits import Replace
from bot.editor.refusal import Refusal

_START = re.compile(r"<{5,9} ?(ORIGINAL|SEARCH)\s*")
_MIDDLE = re.compile(r"={5,9}\s*")
_END = {"ORIGINAL": re.compile(r">{5,9} ?UPDATED\s*"), "SEARCH": re.compile(r">{5,9} ?REPLACE\s*")}
_ANY_END = re.compile(r">{5,9} ?(UPDATED|REPLACE)\s*")
_FENCE = re.compile(r"\s*(?:```|~~~)[\w+-]*\s*")
_DECORATION = "`*#: \t"


class _Malformed(Exception):
    """The text cannot be read as blocks; the message says why."""


def read_blocks(text: str, path: str = "") -> list[Replace] | Refusal:
    """The edits in a reply; `path` is meant where a block names none."""
    try:
        return list(_blocks(text.replace("\r\n", "\n").split("\n"), path))
    except _Malformed as error:
        return Refusal("blocks", path, str(error))


def _blocks(lines: list[str], path: str) -> Iterator[Replace]:
    number = 0
    while number < len(lines):
        start = _START.fullmatch(lines[number])
        if start is None:
            if _ANY_END.fullmatch(lines[number]):
                raise _Malformed(f"line {number + 1} ends a block that never began")
            number += 1
            continue
        path = _named(lines[:number]) or path
        if not path:
            raise _Malformed(f"the block at line {number + 1} names no file; put its path on the line before")
        middle = _next(lines, number, _MIDDLE, "a line of `=======`")
        end = _next(lines, middle, _END[start[1]], "its closing mark")
        yield Replace(path, _joined(lines[number + 1 : middle]), _joined(lines[middle + 1 : end]))
        number = end + 1


def _next(lines: list[str], start: int, mark: re.Pattern[str], what: str) -> int:
    """The line with that mark, which no other mark may precede."""
    for number in range(start + 1, len(lines)):
        if mark.fullmatch(lines[number]):
            return number
        if any(other.fullmatch(lines[number]) for other in (_START, _MIDDLE, _ANY_END)):
            break
    raise _Malformed(f"the block at line {start + 1} lacks {what}")


def _named(before: list[str]) -> str:
    """The path on the last line before a block, code fences left aside."""
    for line in reversed(before[-3:]):
        if _FENCE.fullmatch(line):
            continue
        name = line.strip().strip(_DECORATION)
        return name if re.fullmatch(r"[^\s<>=]*[^\s<>=.:]", name) and ("/" in name or "." in name) else ""
    return ""


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
