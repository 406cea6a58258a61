"""Hidden markers in what we write, so that we find our own notes again. Signed, so that nobody else can make one."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from urllib.parse import quote, unquote

_MARK = re.compile(r"<!-- hasten:(?P<fields>[\w.~%-]{1,200}(?:/[\w.~%-]{0,200}){3}) (?P<mac>[0-9a-f]{32}) -->")
_EDGE = "section"


@dataclass(frozen=True, slots=True)
class Marker:
    """What a note or description is about. Two of them are the same note exactly when they are equal."""

    kind: str  # status, reply, merge-request, ...
    project: int
    run: str
    detail: str = ""


def stamp(marker: Marker, key: bytes) -> str:
    """The HTML comment that carries the marker."""
    fields = "/".join(quote(str(value), safe="") for value in astuple(marker))
    return f"<!-- hasten:{fields} {_mac(fields, key)} -->"


def find(text: str, key: bytes) -> list[Marker]:
    """The markers in `text` that this bot wrote, in order."""
    return [marker for marker, _, _ in _located(text, key)]


def carries(text: str, marker: Marker, key: bytes) -> bool:
    """Whether this very marker is in `text`."""
    return marker in find(text, key)


def section(description: str, marker: Marker, new_text: str, key: bytes) -> str:
    """`description` with our marked part replaced, or appended where there is none; all around it stays as it is."""
    begin, end = _edges(marker)
    ours = f"{stamp(begin, key)}\n{new_text.strip()}\n{stamp(end, key)}"
    place = _between(description, begin, end, key)
    if place is not None:
        return description[: place[0]] + ours + description[place[1] :]
    rest = _without(description, (begin, end), key).rstrip()
    return f"{rest}\n\n{ours}\n" if rest else ours + "\n"


def section_text(description: str, marker: Marker, key: bytes) -> str | None:
    """What stands in our marked part now; None where the part is gone."""
    begin, end = _edges(marker)
    place = _between(description, begin, end, key)
    if place is None:
        return None
    inner = description[place[0] : place[1]]
    return inner[len(stamp(begin, key)) : -len(stamp(end, key))].strip()


def _edges(marker: Marker) -> tuple[Marker, Marker]:
    def edge(side: str) -> Marker:
        return Marker(f"{_EDGE}-{side}-{marker.kind}", marker.project, marker.run, marker.detail)

    return edge("begin"), edge("end")


def _between(text: str, begin: Marker, end: Marker, key: bytes) -> tuple[int, int] | None:
    start = None
    for marker, first, last in _located(text, key):
        if marker == begin and start is None:
            start = first
        elif marker == end and start is not None:
            return start, last
    return None


def _without(text: str, markers: tuple[Marker, ...], key: bytes) -> str:
    """A person deleted half of our part: its other edge must not swallow their words later."""
    for marker, first, last in reversed(list(_located(text, key))):
        if marker in markers:
            text = text[:first] + text[last:]
    return text


def _located(text: str, key: bytes) -> Iterator[tuple[Marker, int, int]]:
    for found in _MARK.finditer(text):
        if hmac.compare_digest(found["mac"], _mac(found["fields"], key)):
            kind, project, run, detail = (unquote(field) for field in found["fields"].split("/"))
            if project.isdecimal():
                yield Marker(kind, int(project), run, detail), found.start(), found.end()


def _mac(fields: str, key: bytes) -> str:
    return hmac.new(key, b"hasten marker/1 " + fields.encode(), hashlib.sha256).hexdigest()[:32]
