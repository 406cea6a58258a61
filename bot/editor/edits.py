"""What can be asked of the editor, and the one form that everything becomes before a byte is written."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replace:
    """Put `new` where `old` stands, which must be in exactly `expected_count` places; an empty `old` creates the file."""

    path: str
    old: str
    new: str
    expected_count: int = 1


@dataclass(frozen=True, slots=True)
class Whole:
    """The file's whole new text. What is meant to disappear is announced: definitions by name, much of the text by `shrinks`."""

    path: str
    content: str
    removes: tuple[str, ...] = ()
    shrinks: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A new definition for the function, class or method `name` ("Class.method")."""

    path: str
    name: str
    source: str


Request = Replace | Whole | Symbol


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file's new content, valid only while its present content has `before_hash` (None: while there is no such file)."""

    path: str
    before_hash: str | None
    new_content: bytes


@dataclass(frozen=True, slots=True)
class Splice:
    """Characters `start` to `end` of a text give way to `text`."""

    start: int
    end: int
    text: str


def digest(content: bytes | None) -> str | None:
    """The hash that `before_hash` is compared with."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def splice(text: str, splices: list[Splice]) -> str:
    """Carry out splices that do not overlap."""
    for each in sorted(splices, key=lambda one: one.start, reverse=True):
        text = text[: each.start] + each.text + text[each.end :]
    return text
