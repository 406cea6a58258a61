"""Lines of a file for people and models to look at: numbered, and the passage most like a quote."""

import difflib
from collections import Counter

_CONTEXT = 2
_COMPARED = 500  # lines looked at when not a single line of the quote is in the file
_WIDTH = 300
_ALIKE = 120  # characters of a line that likeness is judged by
_TALL = 40


def numbered(text: str, first: int, last: int) -> str:
    """Lines `first` to `last` (from 1, both included) with their numbers."""
    lines = text.split("\n")[first - 1 : last]
    return "\n".join(f"{number:>5} | {_narrow(line)}" for number, line in enumerate(lines, first))


def nearest(text: str, quote: str) -> tuple[int, int]:
    """First and last line of the passage that shares most with `quote`, with some context. For showing, never for editing."""
    lines = [line.strip() for line in text.split("\n")]
    wanted = [line.strip() for line in quote.strip("\n").split("\n")]
    start = _by_shared_lines(lines, wanted)
    if start is None:
        start = _by_likeness(lines, wanted)
    first = max(0, start - _CONTEXT)
    return first + 1, min(len(lines), start + min(len(wanted), _TALL) + _CONTEXT)


def _by_shared_lines(lines: list[str], wanted: list[str]) -> int | None:
    """The start for which most lines of the quote stand where they should, weighing rare lines by their length."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        places.setdefault(line, []).append(number)
    votes: Counter[int] = Counter()
    for offset, line in enumerate(wanted):
        for number in places.get(line, [])[:50] if line else []:
            votes[max(0, number - offset)] += len(line)
    return votes.most_common(1)[0][0] if votes else None


def _by_likeness(lines: list[str], wanted: list[str]) -> int:
    longest = max(wanted, key=len)[:_ALIKE]
    known = {line[:_ALIKE]: number for number, line in reversed(list(enumerate(lines[:_COMPARED]))) if line}
    close = difflib.get_close_matches(longest, known, n=1, cutoff=0.3)
    return max(0, known[close[0]] - wanted.index(max(wanted, key=len))) if close else 0


def _narrow(line: str) -> str:
    line = line.rstrip("\r")
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]} ... [{len(line) - _WIDTH} more characters]"
