"""What is known of two rows in a comparison: one way their cells can relate is a world, and values stand for what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

RELATIONS = ("both missing", "left missing", "right missing", "less", "equal", "greater")
MISSING_SIDES = {"both missing": "LR", "left missing": "L", "right missing": "R"}


class Undecided(Exception):
    """The code does something that the few facts about two rows don't determine."""


@dataclass(frozen=True, slots=True)
class Row:
    """One of the two rows that are compared (`side` is L or R), or its position."""

    side: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A row's value in a column (the column as text); `sign` is -1 for a negated one."""

    frame: str
    column: str
    side: str
    sign: int = 1


@dataclass(frozen=True, slots=True)
class RowOf:
    """One of the two rows itself: a record, or a row of the frame."""

    frame: str
    side: str


@dataclass(frozen=True, slots=True)
class Column:
    """A whole column, as a series, array or list."""

    frame: str
    column: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows by position: `frame.iloc`, or a list of records."""

    frame: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by name: a frame, or a dict of arrays made from one."""

    frame: str


@dataclass(frozen=True, slots=True)
class Outer:
    """Something from around the comparison, the same for every pair of rows; as Python text."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the worlds don't fix; deciding by it is an Undecided."""


UNKNOWN = Unknown()


@dataclass(slots=True)
class World:
    """One combination of relations by column and of truth values by atom; what is not in it yet is asked for."""

    relations: Mapping[str, str]
    atoms: Mapping[str, bool]
    columns: dict[str, str] = field(default_factory=dict)  # column -> frame, in the order of first use
    asked: dict[str, None] = field(default_factory=dict)

    def relation(self, cell: Cell) -> str:
        self.columns.setdefault(cell.column, cell.frame)
        return self.relations.get(cell.column, "equal")

    def atom(self, text: str) -> bool:
        self.asked.setdefault(text)
        return self.atoms.get(text, True)
