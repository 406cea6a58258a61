"""Frames and series changed by one step that keeps their columns and dtypes; see edges.py for what a change is."""

import math
import sys

from . import varieties
from .extremes import FLOATS, INTS


def _rows(count):
    return lambda value, _random: value.iloc[:count].copy() if len(value) > count else None


def _picked(pick):
    def change(value, random):
        return value.iloc[[pick(at, len(value), random) for at in range(len(value))]].copy() if len(value) > 1 else None

    return change


_ties = _picked(lambda _at, length, random: random.randrange(max(1, length // 3)))
_shuffled = _picked(lambda _at, length, random: random.randrange(length))


def _renumbered(change):
    return lambda value, random: change(value, random).reset_index(drop=True)


def _frame_special(value, random):
    """Missing and extreme values in the columns, each of a kind that the column's dtype can hold."""
    changed = value.copy()
    for at in range(value.shape[1]):
        if random.random() < 0.6:
            column = _series_special(value.iloc[:, at], random)
            changed = varieties.with_column(changed, at, column) if column is not None else changed
    return changed


def _group_missing(value, random):
    """All rows that agree in one column miss what another one holds: a group of nothing but missing values."""
    if len(value) < 2 or value.shape[1] < 2:
        return None
    by, at = random.sample(range(value.shape[1]), 2)
    keys, column = value.iloc[:, by], value.iloc[:, at].copy()
    if column.dtype.kind not in "fmMO":
        return None
    column[(keys == random.choice(keys.tolist())).to_numpy()] = None
    return varieties.with_column(value, at, column) if column.dtype == value.iloc[:, at].dtype else None


def _series_special(value, random):
    changed = value.copy()
    pool = _pool(value.dtype)
    if pool is None or not len(value):
        return None
    for _ in range(max(1, len(value) // 8)):
        changed.iloc[random.randrange(len(value))] = random.choice(pool)
    return changed if changed.dtype == value.dtype else None


def _pool(dtype):
    if dtype.kind == "f":
        return (*FLOATS, math.nan, math.nan)
    if dtype.kind in "iu":
        return tuple(number for number in INTS if dtype.kind == "i" or number >= 0)[: 3 if dtype.itemsize < 4 else 5]
    if dtype.kind in "mM":
        return (sys.modules["pandas"].NaT,)
    return (None,) if dtype.kind == "O" else None


def _without_missing(value, _random):
    changed = value.dropna()
    return changed if len(changed) < len(value) else None


def _index_of(make):
    def change(value, random):
        changed = value.copy()
        changed.index = make(len(value), random)
        return changed if len(value) else None

    return change


def _labels(length, random):
    labels = list(range(length))
    random.shuffle(labels)
    return labels


def _levels(length, random):
    return sys.modules["pandas"].MultiIndex.from_arrays(
        [[random.randrange(3) for _ in range(length)], list(range(length))], names=["group", "row"]
    )


_TABLES = [
    ("no rows in", _rows(0)),
    ("one row in", _rows(1)),
    ("two rows in", _rows(2)),
    ("reversed", lambda value, _random: value.iloc[::-1].copy()),
    ("another order of", _renumbered(lambda value, random: value.sample(frac=1, random_state=random.randrange(2**31)))),
    ("rows with their labels shuffled in", lambda value, random: value.sample(frac=1, random_state=random.randrange(2**31))),
    ("many ties in", _renumbered(_ties)),
    ("repeated rows in", _shuffled),
    ("nothing missing in", _without_missing),
    ("an unsorted index on", _index_of(_labels)),
    ("a duplicate index on", _index_of(lambda length, random: [random.randrange(max(1, length // 2)) for _ in range(length)])),
    ("two levels of index on", _index_of(lambda length, random: _levels(length, random))),
    ("a text index on", _index_of(lambda length, _random: ["r{}".format(at) for at in range(length)])),
]
SERIES = _TABLES + varieties.CHANGES + [("special values in", _series_special)] * 4
FRAMES = (
    _TABLES
    + varieties.CHANGES
    + [("special values in", _frame_special)] * 6
    + [("a group of missing values in", _group_missing)] * 2
    + [("an extra column in", lambda value, _random: value.assign(an_extra_column=range(len(value))))]
)
