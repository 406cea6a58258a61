"""A call made smaller, one step at a time: half of the items, one item less, a simpler item. Boldest steps first.

Whether a smaller call still shows what the larger one showed is for the judge to find out.
"""

import itertools
import math
import sys
from datetime import timedelta

STEPS = 40  # offered for one call
PARTS = 24  # items or cells of one value that are looked at one by one
DEPTH = 4
TEXT = "a"


def smaller(args, kwargs):
    """At most STEPS smaller calls."""
    streams = [_at(args, kwargs, place, value) for place, value in itertools.chain(enumerate(args), kwargs.items())]
    return list(itertools.islice(_in_turn(streams), STEPS))


def _at(args, kwargs, place, value):
    for less in _simpler(value, DEPTH):
        if isinstance(place, int):
            yield (*args[:place], less, *args[place + 1 :]), kwargs
        else:
            yield args, dict(kwargs, **{place: less})


def _in_turn(streams):
    """One of each stream, then the next of each, until all have ended."""
    while streams:
        going = []
        for stream in streams:
            for item in itertools.islice(stream, 1):
                yield item
                going.append(stream)
        streams = going


def _simpler(value, depth):
    kind = type(value)
    if kind is bool or value is None:
        return iter(())
    if kind in _STEPS:
        return _STEPS[kind](value, depth)
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and kind is np.ndarray:
        return _array(np, value)
    if pd is not None and kind is pd.DataFrame:
        return _frame(pd, value, depth)
    if pd is not None and kind is pd.Series:
        return _series(pd, value, depth)
    return iter(())


def _int(value, _depth):
    near = (0, 1, value // 2, value - 1) if value > 0 else (0, -value, -(-value // 2), value + 1)
    return (number for number in dict.fromkeys(near) if _size(number) < _size(value))


def _size(number):
    return abs(number), number < 0


def _float(value, _depth):
    if math.isfinite(value) and value not in (0.0, 1.0):
        near = (0.0, 1.0, float(int(value)), float("{:.1g}".format(value)), float("{:.3g}".format(value)))
        yield from (number for number in dict.fromkeys(near) if len(repr(number)) < len(repr(value)))


def _text(value, _depth):
    yield from _cut(value)
    plain = TEXT * len(value)
    if value != plain:
        yield plain
        yield from (value[:at] + TEXT + value[at + 1 :] for at in range(min(len(value), PARTS)) if value[at] != TEXT)


def _bytes(value, _depth):
    yield from _cut(value)
    if value.strip(b"\0"):
        yield bytes(len(value))


def _items(value, depth):
    kind = type(value)
    yield from _cut(value)
    if depth:
        for at, item in enumerate(value[:PARTS]):
            yield from (kind([*value[:at], less, *value[at + 1 :]]) for less in _simpler(item, depth - 1))


def _set(value, _depth):
    yield from map(type(value), _cut(sorted(value, key=repr)))


def _dict(value, depth):
    yield from map(dict, _cut(list(value.items())))
    if depth:
        for key, item in list(value.items())[:PARTS]:
            yield from ({**value, key: less} for less in _simpler(item, depth - 1))


def _cut(value):
    """A sequence without some of its items: none, halves, quarters, then all but one."""
    for start, stop in _holes(len(value)):
        yield value[:start] + value[stop:]


def _holes(length):
    """Which stretches to leave out, the longest first."""
    if length:
        yield 0, length
    size = length // 2
    while size:
        if length // size <= PARTS:
            yield from ((at, min(at + size, length)) for at in range(0, length, size))
        size //= 2


_STEPS = {
    int: _int, float: _float, str: _text, bytes: _bytes,
    list: _items, tuple: _items, set: _set, frozenset: _set, dict: _dict,
}  # fmt: skip


# -- numpy and pandas


def _array(np, value):
    for axis in range(value.ndim):
        yield from (np.delete(value, slice(*hole), axis) for hole in _holes(value.shape[axis]))
    flags = value.flags
    if not flags.c_contiguous or not flags.writeable:
        yield np.array(value, order="C")
    for at in range(min(value.size, PARTS)):
        yield from _with_cell(np, value, at)


def _with_cell(np, value, at):
    if value.dtype.kind not in "biuf":
        return
    cell = value.ravel()[at].item()
    for less in _simpler(cell, 1):
        changed = np.array(value)
        changed[np.unravel_index(at, value.shape)] = less
        yield changed


def _frame(pd, value, depth):
    for start, stop in _holes(value.shape[1]):
        yield value.iloc[:, [at for at in range(value.shape[1]) if not start <= at < stop]]
    yield from _rows(pd, value)
    if value.attrs:
        yield _without_attrs(value)
    for at in range(min(value.shape[1], PARTS)):
        for column in _cells(pd, value.iloc[:, at], depth):
            changed = value.copy()
            changed.isetitem(at, column)
            yield changed


def _series(pd, value, depth):
    yield from _rows(pd, value)
    if value.attrs:
        yield _without_attrs(value)
    yield from _cells(pd, value, depth)


def _rows(pd, value):
    for start, stop in _holes(len(value)):
        kept = [at for at in range(len(value)) if not start <= at < stop]
        yield value.iloc[kept]
        if type(value.index) is pd.RangeIndex:
            yield value.iloc[kept].reset_index(drop=True)
    plain = pd.RangeIndex(len(value))
    if not (type(value.index) is pd.RangeIndex and value.index.equals(plain)):
        yield value.set_axis(plain, axis=0)


def _without_attrs(value):
    changed = value.copy()
    changed.attrs = {}
    return changed


def _cells(pd, column, depth):
    for at in range(min(len(column), PARTS)):
        for less in _simpler_cell(pd, column.iloc[at], depth):
            changed = _with(column, at, less)
            if changed is not None and changed.dtype == column.dtype:
                yield changed


def _with(column, at, cell):
    changed = column.copy()
    try:
        changed.iloc[at] = cell
    except Exception:  # a value that this dtype does not bear
        return None
    return changed


def _simpler_cell(pd, cell, depth):
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return iter(())
    if isinstance(cell, pd.Timestamp):
        return iter([cell.floor("D")] if cell != cell.floor("D") else [])
    if isinstance(cell, timedelta):
        return iter([pd.Timedelta(0)] if cell != pd.Timedelta(0) else [])
    plain = cell.item() if hasattr(cell, "item") and not isinstance(cell, (str, bytes)) else cell
    return _simpler(plain, depth - 1)
