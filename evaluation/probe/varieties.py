"""Columns with categories, time zones, missing values of their own or Arrow memory, changed within what they are.

Each change is a function of (frame or series, random) that gives a new one, or None where no column is of its kind.
"""

import datetime
import sys

from . import dtypes

ZONES = ("UTC", "Asia/Kolkata", "America/New_York", "Europe/Berlin", "Pacific/Apia")
SWITCH = datetime.datetime(2024, 3, 31, 0, 30, tzinfo=datetime.timezone.utc)  # half an hour before Berlin's clocks jump
QUARTER = datetime.timedelta(minutes=15)


def _in_a_column(kinds, change):
    """The change of one column of one of these kinds, drawn; a series is its own column."""

    def changed(table, random):
        if not len(table):
            return None
        if table.ndim == 1:
            return change(table, random) if dtypes.kind_of(table.dtype) in kinds else None
        places = [at for at, dtype in enumerate(table.dtypes) if dtypes.kind_of(dtype) in kinds]
        if not places:
            return None
        at = random.choice(places)
        column = change(table.iloc[:, at], random)
        return None if column is None else with_column(table, at, column)

    return changed


def with_column(frame, at, column):
    """The frame with another column in one place; labels may repeat."""
    pd = sys.modules["pandas"]
    columns = [frame.iloc[:, other] if other != at else column for other in range(frame.shape[1])]
    changed = pd.concat(columns, axis=1)
    changed.columns = frame.columns
    return changed


def _coded(column, codes):
    pd = sys.modules["pandas"]
    values = pd.Categorical.from_codes(codes, dtype=column.dtype)
    return pd.Series(values, index=column.index, name=column.name)


def _unused(column, random):
    """A category that no row has any more."""
    codes, count = column.cat.codes.to_numpy().copy(), len(column.cat.categories)
    if count < 2:
        return None
    gone, instead = random.sample(range(count), 2)
    codes[codes == gone] = instead
    return _coded(column, codes)


def _uncategorised(column, random):
    """Some rows without a category."""
    codes = column.cat.codes.to_numpy().copy()
    for _ in range(max(1, len(codes) // 4)):
        codes[random.randrange(len(codes))] = -1
    return _coded(column, codes)


def _reordered(column, random):
    """The same categories in another order, which is not that of their values."""
    categories = list(column.cat.categories)
    random.shuffle(categories)
    return column.cat.reorder_categories(categories)


def _ranked(column, _random):
    """Categories with an order, or without the one that they had."""
    return column.cat.as_unordered() if column.cat.ordered else column.cat.as_ordered()


def _elsewhere(column, random):
    """The same moments in another time zone."""
    return column.dt.tz_convert(random.choice([zone for zone in ZONES if zone != str(column.dt.tz)]))


def _switching(column, random):
    """Moments around the night in which clocks jump, some of them the same."""
    moments = [SWITCH + QUARTER * random.randrange(8) for _ in range(len(column))]
    pd = sys.modules["pandas"]
    return pd.Series(moments, index=column.index, name=column.name).astype(column.dtype)


def _missing(column, random):
    """Some rows, or all of them, with the missing value of the column's own kind."""
    changed = column.copy()
    every = random.random() < 0.2
    for at in range(len(changed)):
        if every or random.random() < 0.25:
            changed.iloc[at] = sys.modules["pandas"].NA
    return changed if changed.dtype == column.dtype else None


def _in_chunks(column, random):
    """The same values in two or three pieces of memory."""
    if len(column) < 2:
        return None
    cuts = sorted({0, len(column), random.randrange(1, len(column)), random.randrange(1, len(column))})
    pieces = [column.iloc[cuts[at - 1] : cuts[at]] for at in range(1, len(cuts))]
    return sys.modules["pandas"].concat(pieces)


def _thinned(table, random):
    """Fewer rows, whose levels of labels keep entries that no row has."""
    if not isinstance(table.index, sys.modules["pandas"].MultiIndex) or len(table) < 2:
        return None
    return table.iloc[sorted(random.sample(range(len(table)), len(table) // 2))].copy()


CHANGES = [
    ("an unused category in", _in_a_column({"categorical"}, _unused)),
    ("rows without a category in", _in_a_column({"categorical"}, _uncategorised)),
    ("categories in another order in", _in_a_column({"categorical"}, _reordered)),
    ("ordered or unordered categories in", _in_a_column({"categorical"}, _ranked)),
    ("another time zone in", _in_a_column({"zoned"}, _elsewhere)),
    ("clocks that jump in", _in_a_column({"zoned"}, _switching)),
    ("missing values of their own in", _in_a_column({"nullable", "arrow"}, _missing)),
    ("pieces of memory in", _in_a_column({"arrow"}, _in_chunks)),
    ("unused labels in", _thinned),
]
