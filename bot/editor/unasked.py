"""Changes that nobody asked for: layout, comments, docstrings and type hints beside the code that was to change.

Each stretch of changed lines is put back by itself; where the syntax tree stays what it was without it, it was not needed.
"""

import difflib
from dataclasses import dataclass
from typing import Literal

from bot.editor.shape import shape

MOST_LINES = 3000  # of a file that is compared: beyond, it takes too long
MOST_STRETCHES = 40

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


def strip(before: str, after: str) -> tuple[str, tuple[Unasked, ...]]:
    """The new text without what was not asked for, and what that was. Text that is no Python stays as it is."""
    lines = after.split("\n")
    if before == after or len(lines) > MOST_LINES or shape(before) is None or (wanted := _meanings(after))[0] is None:
        return after, ()
    found: list[Unasked] = []
    for whole in reversed(_stretches(before.split("\n"), lines)):
        for stretch in (whole, *_first_line(whole)):
            without = [*lines[: stretch.start], *stretch.old, *lines[stretch.end :]]
            if kind := _kind(wanted, _meanings("\n".join(without))):
                found.append(Unasked(kind, stretch.start + 1, max(stretch.start + 1, stretch.end)))
                lines = without
                break
    return "\n".join(lines), tuple(reversed(found))


def _stretches(old: list[str], new: list[str]) -> list[_Stretch]:
    """What changed, from first to last."""
    changed = [each for each in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if each[0] != "equal"]
    return [_Stretch(j, j_end, tuple(old[i:i_end])) for _, i, i_end, j, j_end in changed[:MOST_STRETCHES]]


def _first_line(whole: _Stretch) -> list[_Stretch]:
    """Its first line alone: new hints often stand right above the code that was to change."""
    several = whole.old and whole.end > whole.start and (len(whole.old) > 1 or whole.end - whole.start > 1)
    return [_Stretch(whole.start, whole.start + 1, whole.old[:1])] if several else []


def _meanings(text: str) -> tuple[str | None, str | None, str | None]:
    """A text's shape with everything, without docstrings, and without hints either."""
    return shape(text, hints=True, docs=True), shape(text, hints=True), shape(text)


def _kind(now: tuple[str | None, ...], without: tuple[str | None, ...]) -> Kind | None:
    if without[0] is None:
        return None
    kinds: tuple[Kind, ...] = ("layout or comments", "docstring", "type hints")
    return next((kind for kind, one, other in zip(kinds, now, without, strict=True) if one == other), None)
