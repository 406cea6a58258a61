"""Where a quoted passage stands: exactly, but for invisible differences, or but for uniform indentation. Never by similarity."""

from collections.abc import Iterator
from itertools import islice, pairwise

from bot.editor.document import Document
from bot.editor.edits import Replace, Splice
from bot.editor.nearest import nearest, numbered
from bot.editor.refusal import Refusal

_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " "})
_SHOWN = 8
_MOST = 1000  # places looked at: hostile text can hold a quote millions of times


def locate(document: Document, request: Replace) -> list[Splice] | Refusal:
    """The places that `request` means, by the first rung that finds any; refused unless there are as many as expected."""
    if not request.old.strip():
        return Refusal("no-match", request.path, "`old` holds nothing but white space; quote the lines to replace")
    for rung in (_exact, _normalised, _shifted):
        found = rung(document, request.old, request.new)
        if len(found) == request.expected_count and (rung is _exact or len(found) == 1) and not _overlap(found):
            return found
        if found:
            return _ambiguous(document, request, found)
    return _absent(document, request)


def _exact(document: Document, old: str, new: str) -> list[Splice]:
    return [Splice(start, start + len(old), document.styled(new)) for start in _occurrences(document.text, old)]


def _normalised(document: Document, old: str, new: str) -> list[Splice]:
    old, new = _without_last_newline(old, new)
    text, offsets = _plain(document.text)
    wanted, _ = _plain(old)
    spans = [(offsets[start], offsets[start + len(wanted)]) for start in _occurrences(text, wanted)]
    return [Splice(start, end, document.styled(new)) for start, end in spans]


def _shifted(document: Document, old: str, new: str) -> list[Splice]:
    old, new = _without_last_newline(old, new)
    wanted = _plain(old)[0].split("\n")
    lines = document.text.split("\n")
    plain = _plain(document.text)[0].split("\n")
    anchor = next(number for number, line in enumerate(wanted) if line.strip())
    found = []
    windows = list(islice(_windows(plain, wanted, anchor), _MOST))
    for first in windows if len(windows) < _MOST else []:
        change = _shift(wanted, plain[first : first + len(wanted)])
        replacement = None if change is None else _indent(new, *change)
        if replacement is not None:
            start = sum(len(line) + 1 for line in lines[:first])
            body = "\n".join(lines[first : first + len(wanted)]).rstrip("\r")
            found.append(Splice(start, start + len(body), document.styled(replacement)))
    return found


def _windows(plain: list[str], wanted: list[str], anchor: int) -> Iterator[int]:
    sought = wanted[anchor].strip()
    for number in range(anchor, len(plain) - len(wanted) + anchor + 1):
        if plain[number].strip() == sought:
            yield number - anchor


def _shift(wanted: list[str], there: list[str]) -> tuple[str, str] | None:
    """What to take off and what to put before every quoted line to get the lines that are there; None if that differs."""
    pairs = [(quoted, real) for quoted, real in zip(wanted, there, strict=True) if quoted or real]
    quoted, real = next((pair for pair in pairs if pair[0]), ("", ""))
    extra = (len(real) - len(real.lstrip())) - (len(quoted) - len(quoted.lstrip()))
    off, on = ("", real[:extra]) if extra >= 0 else (quoted[:-extra], "")
    fits = all(one.startswith(off) and on + one[len(off) :] == other for one, other in pairs)
    return (off, on) if fits else None


def _indent(new: str, off: str, on: str) -> str | None:
    lines = new.replace("\r\n", "\n").split("\n")
    if any(line.strip() and not line.startswith(off) for line in lines):
        return None
    return "\n".join(on + line[len(off) :] if line.strip() else "" for line in lines)


def _plain(text: str) -> tuple[str, list[int]]:
    """Text without trailing blanks, with plain quotes and line ends, and where each character (and the end) really stands."""
    parts: list[str] = []
    offsets: list[int] = []
    position = 0
    for line in text.split("\n"):
        ending = position + len(line.removesuffix("\r"))
        body = line.translate(_QUOTES).rstrip(" \t\r")
        parts.append(body)
        offsets.extend(range(position, position + len(body)))
        offsets.append(ending)
        position += len(line) + 1
    return "\n".join(parts), offsets


def _without_last_newline(old: str, new: str) -> tuple[str, str]:
    both = old.endswith("\n") and new.endswith("\n")
    return (old[:-1], new[:-1]) if both else (old, new)


def _occurrences(text: str, wanted: str) -> list[int]:
    """The first thousand, also those that overlap each other: they count as ambiguous."""
    found: list[int] = []
    start = text.find(wanted)
    while start >= 0 and len(found) < _MOST:
        found.append(start)
        start = text.find(wanted, start + 1)
    return found


def _overlap(found: list[Splice]) -> bool:
    return any(one.end > other.start for one, other in pairwise(found))


def _ambiguous(document: Document, request: Replace, found: list[Splice]) -> Refusal:
    count = f"{len(found)}" if len(found) < _MOST else f"{_MOST} or more"
    shown = ", ".join(str(1 + document.text.count("\n", 0, each.start)) for each in found[:_SHOWN])
    more = ", ..." if len(found) > _SHOWN else ""
    advice = f"quote more lines around the one you mean, or set expected_count to {count} to change them all"
    text = f"`old` stands in {count} places (lines {shown}{more}), expected {request.expected_count}; {advice}"
    return Refusal("many-matches" if len(found) > request.expected_count else "no-match", request.path, text)


def _absent(document: Document, request: Replace) -> Refusal:
    if request.new.strip() and len(_occurrences(document.text, document.styled(request.new))) == 1:
        return Refusal("no-match", request.path, "`old` is not in the file, but `new` already is; nothing to do?")
    first, last = nearest(document.text, request.old)
    shown = f"{numbered(document.text, first, last)}\nQuote it exactly as it stands"
    return Refusal("no-match", request.path, f"`old` is not in the file. The nearest place:\n{shown}")
