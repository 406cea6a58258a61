"""How well each form of edit works for a model: what was tried, what applied, why not, and which form to ask for next."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

Form = Literal["search-replace", "symbol", "whole-file"]
FORMS: tuple[Form, ...] = get_args(Form)
SMALL = 400  # lines up to which a file may be written as a whole
_WEIGHT = 10  # tries that the expectation counts for: what a model really did outweighs it soon
_EXPECTED: Mapping[Form, float] = {"search-replace": 0.95, "symbol": 0.93, "whole-file": 0.90}
_EXPECTED_LARGE: Mapping[Form, float] = {"symbol": 0.95, "search-replace": 0.92}  # quotes are less often unique


@dataclass(frozen=True, slots=True)
class Tried:
    """One edit that a model asked for: `refusals` are the codes why nothing was changed, none where it was."""

    model: str
    form: Form
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All edits of one form by one model."""

    tried: int = 0
    applied: int = 0
    repairs: int = 0  # edits that applied only after one or more refusals in a row
    turns: int = 0  # refused edits before those: the turns that repairing took
    refusals: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """The share that applied; None before the first."""
        return self.applied / self.tried if self.tried else None


def records(history: Iterable[Tried]) -> Mapping[tuple[str, Form], Record]:
    """What came of the edits, by model and form, in the order they were asked for."""
    by_kind: dict[tuple[str, Form], list[Tried]] = {}
    for each in history:
        by_kind.setdefault((each.model, each.form), []).append(each)
    return {kind: _record(tries) for kind, tries in by_kind.items()}


def fitting(lines: int) -> tuple[Form, ...]:
    """The forms that a file of so many lines can be edited in, those that are expected to work best first."""
    return tuple(sorted(expected := _expected(lines), key=lambda form: -expected[form]))


def choose(lines: int, known: Mapping[Form, Record]) -> Form:
    """The form to prefer for a file of so many lines: what is expected by its size, corrected by what worked."""
    expected = _expected(lines)

    def score(form: Form) -> float:
        record = known.get(form, Record())
        return (record.applied + _WEIGHT * expected[form]) / (record.tried + _WEIGHT)

    return max(expected, key=score)


def _expected(lines: int) -> Mapping[Form, float]:
    return _EXPECTED if lines <= SMALL else _EXPECTED_LARGE


def _record(tries: Sequence[Tried]) -> Record:
    applied = repairs = turns = waiting = 0
    for each in tries:
        if each.refusals:
            waiting += 1
            continue
        applied, repairs, turns, waiting = applied + 1, repairs + bool(waiting), turns + waiting, 0
    return Record(len(tries), applied, repairs, turns, Counter(code for each in tries for code in each.refusals))
