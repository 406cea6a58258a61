"""Changes that nobody asked for: layout, comments, docstrings and type hints beside the code that was to change.

Each stretch of changed lines is put back by itself; where the syntax tree stays what it was without it, it was not needed.
That takes a while, so there is an end to it: what lies beyond is not looked at, and stays.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.editor.shape import shape

MOST_LINES = 3000  # of a file that is compared: beyond, it takes too long
_LINE = 80  # characters
MOST_TRIED = 12_000  # lines of all texts together that are compared with the new one

Kind = Literal["layout or comments", "docstring", "type hints"]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A stretch of lines (from 1, both included, as they are now) that could stay as it was."""

    kind: Kind
    first: int
    last: int

    def __str__(self) -> str:
        lines = f"line {self.first}" if self.last <= self.first else f"lines {self.first} to {self.last}"
        return f"{self.kind} ({lines})"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines `start` to `end` (from 0, half open) of the new text, and the old ones in their place."""

    start: int
    end: int
    old: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stripped:
    """A text without what was not asked for, and what that was; `unseen`: there is more to look at than there is time for."""

    text: str
    unasked: tuple[Unasked, ...] = ()
    unseen: bool = False


def strip(before: str, after: str, *, most: int = MOST_TRIED) -> Stripped:
    """The new text as it was asked for. Text that is no Python stays as it is."""
    lines, size = after.split("\n"), max(_size(before), _size(after))
    if size > MOST_LINES:
        return Stripped(after, unseen=True)
    if before == after or shape(before) is None or shape(after) is None:
        return Stripped(after)
    said, found = cache(shape), list[Unasked]()
    trials = max(1, most // size)
    for whole in reversed(_stretches(before.split("\n"), lines)):
        for stretch in (whole, *_first_line(whole)):
            if not trials:
                return Stripped("\n".join(lines), tuple(reversed(found)), unseen=True)
            trials -= 1
            without = [*lines[: stretch.start], *stretch.old, *lines[stretch.end :]]
            if kind := _kind(said, "\n".join(lines), "\n".join(without)):
                found.append(Unasked(kind, stretch.start + 1, max(stretch.start + 1, stretch.end)))
                lines = without
                break
    return Stripped("\n".join(lines), tuple(reversed(found)))


def _size(text: str) -> int:
    """In lines; long ones count for several."""
    return max(text.count("\n") + 1, len(text) // _LINE)


def _stretches(old: list[str], new: list[str]) -> list[_Stretch]:
    """What changed, from first to last. Lines that stand everywhere (`autojunk`) are no place to start from: that takes long."""
    changed = [each for each in difflib.SequenceMatcher(None, old, new).get_opcodes() if each[0] != "equal"]
    return [_Stretch(j, j_end, tuple(old[i:i_end])) for _, i, i_end, j, j_end in changed]


def _first_line(whole: _Stretch) -> list[_Stretch]:
    """Its first line alone: new hints often stand right above the code that was to change."""
    several = whole.old and whole.end > whole.start and (len(whole.old) > 1 or whole.end - whole.start > 1)
    return [_Stretch(whole.start, whole.start + 1, whole.old[:1])] if several else []


def _kind(said: Callable[..., str | None], now: str, without: str) -> Kind | None:
    """What kind of thing the one text has beside the other; None where they do not do the same."""
    if said(without) != said(now):
        return None
    if said(without, hints=True) != said(now, hints=True):
        return "type hints"
    return "layout or comments" if said(without, hints=True, docs=True) == said(now, hints=True, docs=True) else "docstring"
