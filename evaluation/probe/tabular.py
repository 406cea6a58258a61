"""Frames and series changed by one step that keeps their columns and dtypes; see edges.py for what a change is."""

import math
import sys

from . import extremes, varieties

OFFSET = 1e8


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
    if dtype.kind in "mM":
        return (sys.modules["pandas"].NaT,)
    plain = dtype if isinstance(dtype, sys.modules["numpy"].dtype) else getattr(dtype, "numpy_dtype", None)
    if plain is None:
        return (None,) if dtype.kind == "O" else None
    more = (math.nan, math.nan) if dtype.kind == "f" else ()
    return (*extremes.of(plain), *more) or None


def _in_a_column(change):
    """The change of one column, drawn among those that bear it; a series is its own column."""

    def changed(table, random):
        if not len(table) or table.ndim == 1:
            return change(table, random) if len(table) else None
        for at in random.sample(range(table.shape[1]), table.shape[1]):
            column = change(table.iloc[:, at], random)
            if column is not None:
                return varieties.with_column(table, at, column)
        return None

    return changed


def _constant(column, _random):
    """The same in all rows."""
    return column.iloc[[0] * len(column)].set_axis(column.index)


def _shifted(column, _random):
    """Around a large offset, on which formulas that cancel go wrong."""
    changed = column + OFFSET if column.dtype.kind == "f" else None
    return changed if changed is not None and changed.dtype == column.dtype else None


def _whole(column, _random):
    """Whole numbers, so that sums come out even and values meet."""
    return column.round() if column.dtype.kind == "f" else None


def _labelled_twice(value, random):
    """Two columns of one name."""
    if value.shape[1] < 2:
        return None
    places, changed = list(range(value.shape[1])), value.copy()
    first, second = random.sample(places, 2)
    places[first] = second
    changed.columns = value.columns.take(places)
    return changed


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
    ("a constant column in", _in_a_column(_constant)),
    ("whole numbers in", _in_a_column(_whole)),
    ("a large offset on", _in_a_column(_shifted)),
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
    + [("no columns in", lambda value, _random: value.iloc[:, :0].copy()), ("one label for two columns of", _labelled_twice)]
)
