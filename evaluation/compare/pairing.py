"""What belongs together though it stands apart: things of one length, where their order is set aside, must have moved alike.

Names in one list and their totals in another are a table without a frame: each may come in any order, but both in the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from evaluation.compare import rows
from evaluation.compare.closeness import differing
from evaluation.compare.plain import Array, Child, Value
from evaluation.compare.walk import UNDER_KEYS, Place, Standing, Walk
from evaluation.compare.wording import short

CODES = frozenset({"equivalence.pairing", "equivalence.entries"})  # fields may belong together where entries of a dict do not
SHORTEST = 5  # things: fewer come in one order too often by chance, of five once in 120 times
FIELDS = 8  # things that one thing holds; of more, it is not asked which of them belong together
_Row = Array | tuple[Child, ...]


def check(walk: Walk) -> None:
    """Note where things of one length can't have moved alike."""
    for beside, group in _groups(walk.standing):
        entries = beside.endswith(UNDER_KEYS) or len({each.place.path for each in group}) > FIELDS
        for some in [group] if entries else _pairs(group):
            paths = " and ".join(dict.fromkeys(each.place.path for each in some))
            code = "entries" if entries else f"pairing {paths}"
            if not {f"equivalence.{code}", f"equivalence.{family(code)}"} & walk.policy.aside and not _together(walk, some):
                walk.say(Place(beside), code, short(f"what stands side by side in {paths} is no longer the same"))


def family(code: str) -> str:
    """A code without the places that it may be about: fields may belong together while a third happens to be as long."""
    return code.partition(" ")[0]


def _pairs(group: Sequence[Standing]) -> Iterator[list[Standing]]:
    wholes: dict[int, list[Standing]] = defaultdict(list)
    for each in group:
        wholes[id(each.place.order)].append(each)
    for one, other in combinations(wholes.values(), 2):
        yield [*one, *other]


def _groups(standing: Sequence[Standing]) -> Iterator[tuple[str, list[Standing]]]:
    """Things of one length that one thing holds, and that were not sorted as one already."""
    groups: dict[tuple[str, int], list[Standing]] = defaultdict(list)
    for each in standing:
        groups[each.place.beside, len(each.expected)].append(each)
    for (beside, length), group in groups.items():
        if length >= SHORTEST and len({id(each.place.order) for each in group}) > 1:
            yield beside, group


def _together(walk: Walk, group: Sequence[Standing]) -> bool:
    """Whether one order for all of them sets the same things beside each other. Floats, which may be rounded, sort last."""
    group = sorted(group, key=_is_float)
    keys = [_keys(walk.expected, each.expected) for each in group], [_keys(walk.actual, each.actual) for each in group]
    ours, theirs = (rows.lexical([key for some in side for key in some], len(group[0].expected)) for side in keys)
    return all(_same(walk, each, left, right, ours, theirs) for each, left, right in zip(group, *keys, strict=True))


def _same(walk: Walk, each: Standing, left: list[Array], right: list[Array], ours: Array, theirs: Array) -> bool:
    if isinstance(each.expected, np.ndarray) and isinstance(each.actual, np.ndarray):
        return not differing(each.expected[ours], each.actual[theirs], walk.tolerance, each.scale).any()
    return all(np.array_equal(one[ours], other[theirs]) for one, other in zip(left, right, strict=True))


def _is_float(each: Standing) -> bool:
    return isinstance(each.expected, np.ndarray) and each.expected.dtype.kind in "fc"


def _keys(value: Value, row: _Row) -> list[Array]:
    if isinstance(row, np.ndarray):
        return rows.array_keys(row)
    return [np.array([rows.canonical(value, child) for child in row], dtype=str)]
