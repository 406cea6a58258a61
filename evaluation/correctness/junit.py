"""JUnit XML that came out of a sandbox: read with bounds, without entities, believed only as far as names and outcomes."""

from dataclasses import dataclass
from xml.parsers import expat

SIZE = 32 << 20
TESTS = 200_000
NAME = 500
TEXT = 2000

_BAD = frozenset({"failure", "error"})


class BadReport(ValueError):
    """The report is no JUnit XML, or more than we are willing to read."""


@dataclass(slots=True)
class Case:
    """One test: its name, and how it ended."""

    name: str
    outcome: str = "passed"  # passed | failed | error | skipped
    text: str = ""


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
        self._inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase":
            if len(self.cases) >= TESTS:
                raise BadReport("the test report names too many tests")
            self.cases.append(Case(_name(attributes)))
        elif self.cases and tag in _BAD:
            self.cases[-1].outcome = "error" if tag == "error" else "failed"
            self.cases[-1].text = attributes.get("message", "")[:TEXT]
            self._inside = not self.cases[-1].text
        elif self.cases and tag == "skipped":
            self.cases[-1].outcome = "skipped"

    def end(self, tag: str) -> None:
        if tag in _BAD:
            self._inside = False

    def text(self, data: str) -> None:
        if self._inside and len(self.cases[-1].text) < TEXT:
            self.cases[-1].text += data[:TEXT]


def _name(attributes: dict[str, str]) -> str:
    place, name = attributes.get("classname", ""), attributes.get("name", "")
    return (f"{place}::{name}" if place else name)[:NAME]
