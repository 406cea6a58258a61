"""Find out what order a comparator or key function describes, by running it on every way two rows can relate.

Two cells of a column are both missing, one of them missing, or less, equal, greater; a direction is on or off. That is a
small number of worlds, and in each of them the code is interpreted. What can't be decided in a world is no order for us.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.agents.recipes.paths import bracketed
from bot.agents.recipes.worlds import MISSING_SIDES, RELATIONS, Undecided, World


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order: where it comes from, and as Python text when it ascends and when missing values come last.

    `None` for the latter: the code has no place for missing values, so what it does holds only where there are none.
    """

    frame: str
    column: str
    ascending: str
    missing_last: str


Compare = Callable[[World], int]
_Entry = tuple[bool, bool | None]  # (ascending, missing last)
_Table = dict[tuple[bool, ...], _Entry]  # by truth of the atoms


def keys_of(compare: Compare, limit: int = 3) -> tuple[Key, ...]:
    """The lexicographic order that `compare` (negative, 0, positive) stands for. Raises Undecided when it is none."""
    columns, atoms = _explored(compare)
    if not 1 <= len(columns) <= limit or len(atoms) > 3:
        raise Undecided("it reads no cell of a frame" if not columns else "it depends on too many things at once")
    tables = {column: _table(compare, column, atoms) for column in columns}
    _check_lexicographic(compare, tables, atoms)
    return tuple(Key(frame, column, *_texts(tables[column], atoms)) for column, frame in columns.items())


def _explored(compare: Compare) -> tuple[dict[str, str], tuple[str, ...]]:
    """Columns (with their frames, most significant first) and atoms, by running until nothing new is asked for."""
    columns: dict[str, str] = {}
    atoms: dict[str, None] = {}
    while True:
        before = len(columns), len(atoms)
        for relations in _assignments(list(columns), RELATIONS):
            for truths in _assignments(list(atoms), (True, False)):
                world = World(relations, truths)
                _way_or_none(compare, world)
                columns |= {column: frame for column, frame in world.columns.items() if column not in columns}
                atoms |= world.asked
        if (len(columns), len(atoms)) == before or len(columns) > 3 or len(atoms) > 3:
            return columns, tuple(atoms)


def _way_or_none(compare: Compare, world: World) -> int | None:
    try:
        return _sign(compare(world))
    except Undecided:
        return None


def _assignments(names: Sequence[str], values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    return (dict(zip(names, combination, strict=True)) for combination in itertools.product(values, repeat=len(names)))


def _table(compare: Compare, column: str, atoms: Sequence[str]) -> _Table:
    return {tuple(truths.values()): _entry(compare, column, truths) for truths in _assignments(atoms, (True, False))}


def _entry(compare: Compare, column: str, truths: Mapping[str, bool]) -> _Entry:
    less, equal, greater = (_sign(compare(World({column: each}, truths))) for each in ("less", "equal", "greater"))
    if equal != 0 or less != -greater or less == 0:
        raise Undecided("it does not tell less from greater")
    missing = [_way_or_none(compare, World({column: each}, truths)) for each in ("both missing", "left missing", "right missing")]
    if None in missing:
        return less < 0, None
    both, left, right = missing
    if both != 0 or left == 0 or (left or 0) != -(right or 0):
        raise Undecided("it has no fixed place for missing values")
    return less < 0, (left or 0) > 0


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _check_lexicographic(compare: Compare, tables: Mapping[str, _Table], atoms: Sequence[str]) -> None:
    for relations in _assignments(list(tables), RELATIONS):
        for truths in _assignments(atoms, (True, False)):
            ways = [_way(tables[column][tuple(truths.values())], relation) for column, relation in relations.items()]
            if None not in ways and _sign(compare(World(relations, truths))) != next((way for way in ways if way), 0):
                raise Undecided("a later column counts before an earlier one")


def _way(entry: _Entry, relation: str) -> int | None:
    ascending, last = entry
    if relation in MISSING_SIDES:
        return None if last is None else 0 if relation == "both missing" else 1 if (relation == "left missing") == last else -1
    return 0 if relation == "equal" else -1 if (relation == "less") == ascending else 1


def _texts(table: _Table, atoms: Sequence[str]) -> tuple[str, str]:
    ascending = _formula({truths: entry[0] for truths, entry in table.items()}, atoms)
    last = {truths: entry[1] for truths, entry in table.items()}
    known = {truths: value for truths, value in last.items() if value is not None}
    return ascending, _formula(known, atoms) if len(known) == len(last) else "None"


def _formula(truth: Mapping[tuple[bool, ...], bool], atoms: Sequence[str]) -> str:
    """A Python expression over the atoms with this truth table, in its plainest form."""
    if len(set(truth.values())) == 1:
        return str(next(iter(truth.values())))
    for position, atom in enumerate(atoms):
        if all(truths[position] == value for truths, value in truth.items()):
            return atom
        if all(truths[position] != value for truths, value in truth.items()):
            return f"not {bracketed(atom)}"
    rows = (truths for truths, value in truth.items() if value)
    terms = (" and ".join(_literal(atom, on) for atom, on in zip(atoms, truths, strict=True)) for truths in rows)
    return " or ".join(f"({term})" for term in terms)


def _literal(atom: str, on: bool) -> str:
    return bracketed(atom) if on else f"not {bracketed(atom)}"
