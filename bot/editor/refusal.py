"""Why an edit was not made, as a value that carries its advice."""

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "path",  # no path inside the project
    "fenced",  # outside the editable set
    "missing",  # the file to change does not exist
    "exists",  # the file to create exists
    "stale",  # the file changed since it was read
    "encoding",  # no text, or text that the file's encoding cannot hold
    "size",  # too large to edit
    "no-match",
    "many-matches",
    "unchanged",
    "conflict",  # two edits of one reply touch the same place
    "symbol",  # no such function or class, or more than one
    "elision",  # a placeholder stands where code should
    "vanished",  # a definition went missing unannounced
    "shrunk",  # much of the file went missing unannounced
    "syntax",  # the result does not parse, while the original did
    "blocks",  # the text of the reply is no well-formed list of edits
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One edit that was not made: which rule, where, and a sentence (with the nearest lines where that helps) on what to do."""

    code: Code
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text
