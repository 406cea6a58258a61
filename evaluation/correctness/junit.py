"""JUnit XML that came out of a sandbox: read with bounds, without entities, believed only as far as names and outcomes."""

import re
from dataclasses import dataclass
from xml.parsers import expat

SIZE = 32 << 20
TESTS = 200_000
NAME = 500
TEXT = 2000

_BAD = frozenset({"failure", "error"})
_SAYS_NOTHING = re.compile(
    r'(?:collection failure|internal error)?|failed on setup with "file .*', re.DOTALL
)  # it stands in the text below
_RAISED = re.compile(r"E\s+[\w.]*(?:Error|Exception|Warning|Exit|Interrupt)\b")


class BadReport(ValueError):
    """The report is no JUnit XML, or more than we are willing to read."""


@dataclass(slots=True)
class Case:
    """One test: its name, and how it ended."""

    name: str
    outcome: str = "passed"  # passed | failed | error | skipped
    text: str = ""  # what it said: pytest's message, or the line that names the error


def read(data: bytes) -> list[Case]:
    """The tests in a report. Raises BadReport."""
    if len(data) > SIZE:
        raise BadReport("the test report is too large")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadReport(f"the test report is no XML: {error}") from error
    return reader.cases


def _refuse(*_: object) -> None:
    raise BadReport("the test report declares a document type")


class _Reader:
    def __init__(self) -> None:
        self.cases: list[Case] = []
        self._below: _Below | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase":
            if len(self.cases) >= TESTS:
                raise BadReport("the test report names too many tests")
            self.cases.append(Case(_name(attributes)))
        elif self.cases and tag in _BAD:
            self.cases[-1].outcome = "error" if tag == "error" else "failed"
            self.cases[-1].text = attributes.get("message", "")[:TEXT]
            self._below = _Below() if _SAYS_NOTHING.fullmatch(self.cases[-1].text) else None
        elif self.cases and tag == "skipped":
            self.cases[-1].outcome = "skipped"

    def end(self, tag: str) -> None:
        if tag in _BAD and self._below is not None:
            self.cases[-1].text = self._below.said() or self.cases[-1].text
            self._below = None

    def text(self, data: str) -> None:
        if self._below is not None:
            self._below.add(data)


class _Below:
    """The text of one failure, which may be long: its beginning, and the first line marked as the error."""

    def __init__(self) -> None:
        self._begun, self._line, self._marked = "", "", ""
        self._sure = False

    def add(self, data: str) -> None:
        self._begun = (self._begun + data[:TEXT])[:TEXT]
        *whole, last = (self._line + data).split("\n")
        for line in whole:
            self._look(line)
        self._line = last[:TEXT]

    def said(self) -> str:
        self._look(self._line)
        return self._marked or self._begun.strip()

    def _look(self, line: str) -> None:
        if self._sure or not line.startswith("E "):
            return
        self._sure = _RAISED.match(line) is not None
        if self._sure or not self._marked:
            self._marked = line[1:TEXT].strip()


def _name(attributes: dict[str, str]) -> str:
    place, name = attributes.get("classname", ""), attributes.get("name", "")
    return (f"{place}::{name}" if place else name)[:NAME]
