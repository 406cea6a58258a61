"""What counts as the same behaviour: two levels, and a closed list of relaxations that a project may declare by name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Level(StrEnum):
    """How much two results must have in common."""

    STRICT = "strict"  # identical: types, bits, signs of zero, names, order, layout
    NUMERIC = "numeric"  # the same, except for floating values within a scaled tolerance


class Relaxation(StrEnum):
    """What a project may declare not to matter. Printed in every report that made use of it."""

    ROW_ORDER = "row-order"  # rows of frames, arrays and lists in any order
    COLUMN_ORDER = "column-order"  # columns of frames in any order
    DICT_ORDER = "dict-order"  # keys of dicts in any order
    DTYPE_WIDENING = "dtype-widening"  # a wider dtype of the same kind (int32 -> int64, float32 -> float64)
    FLOAT32 = "float32"  # values only as good as single precision
    INDEX = "index"  # index labels, dtype and frequency of frames and series
    NAMES = "names"  # names of series and indexes, attrs
    EXCEPTION_TEXT = "exception-text"  # what an exception says, as long as its type is the same
    ALIAS = "alias"  # whether results share objects or memory with arguments
    WARNINGS = "warnings"  # which warnings are given
    OUTPUT = "output"  # what is printed and logged


@dataclass(frozen=True, slots=True)
class Policy:
    """How results of one target are compared."""

    level: Level = Level.NUMERIC
    relaxed: frozenset[Relaxation] = frozenset()
    check: str | None = None  # `path.py::name`, a function of the project that decides instead of a comparison of results
    made_up: bool = False  # Hasten changed this input at an edge: arithmetic warnings and overflow at the limit are not compared
    aside: frozenset[str] = frozenset()  # codes in which the pristine code differs from itself: nobody can be held to them

    def allows(self, relaxation: Relaxation) -> bool:
        """Whether the project declared that this does not matter."""
        return relaxation in self.relaxed

    def relax(self, *relaxations: Relaxation) -> "Policy":
        """The same policy with more relaxations."""
        return replace(self, relaxed=self.relaxed | set(relaxations))

    def tighten(self, *relaxations: Relaxation) -> "Policy":
        """The same policy without some relaxations."""
        return replace(self, relaxed=self.relaxed - set(relaxations))

    def setting_aside(self, codes: Iterable[str]) -> "Policy":
        """The same policy with more codes that count for nothing."""
        return replace(self, aside=self.aside.union(codes))

    def counting(self, *codes: str) -> "Policy":
        """The same policy, under which these codes do count."""
        return replace(self, aside=self.aside.difference(codes))

    @property
    def strict(self) -> bool:
        """Whether bits, causes of exceptions and memory layout count, too."""
        return self.level is Level.STRICT

    def __str__(self) -> str:
        name = f"check {self.check}" if self.check else str(self.level)
        return ", ".join([name, *(f"relaxed {relaxation}" for relaxation in sorted(self.relaxed))])
