"""Columns that are more than plain numbers and texts: which kinds a call shows, and a call turned into another kind.

What a project's inputs show is varied like everything else (varieties.py) and counts. What they never show is tried out, too,
but only to say so: nobody promised that such columns work, and an honest rewrite need not know them.
"""

import importlib.util
import sys

KINDS = ("categorical", "zoned", "nullable", "arrow", "single", "whole")
ZONE = "Europe/Berlin"
DEPTH = 2  # levels of lists, tuples and dicts that are looked into
_NULLABLE = {"i": "Int64", "u": "UInt64", "f": "Float64", "b": "boolean"}


def shown(values):
    """The kinds that some values hold, as far as they are tables and arrays or lists and dicts of these."""
    return {kind for value in values for dtype in _dtypes(value, DEPTH) for kind in [kind_of(dtype)] if kind}


def turned(args, kwargs, kind):
    """A call whose columns are of another kind, wherever one can be; None where none can."""
    places = [(at, value) for at, value in enumerate(args)] + list(kwargs.items())
    changed = {place: _turned(value, kind, DEPTH) for place, value in places}
    if all(value is None for value in changed.values()):
        return None
    made = {place: value if changed[place] is None else changed[place] for place, value in places}
    return tuple(made[at] for at in range(len(args))), {name: made[name] for name in kwargs}


def _dtypes(value, depth):
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if type(value) in (list, tuple, dict) and depth:
        for item in value.values() if type(value) is dict else value:
            yield from _dtypes(item, depth - 1)
    elif np is not None and isinstance(value, np.ndarray):
        yield value.dtype
    elif pd is not None and isinstance(value, pd.DataFrame):
        yield from [*value.dtypes, *_dtypes(value.index, depth)]
    elif pd is not None and isinstance(value, pd.Series):
        yield from [value.dtype, *_dtypes(value.index, depth)]
    elif pd is not None and isinstance(value, pd.Index) and not isinstance(value, pd.RangeIndex):
        yield from value.dtypes if isinstance(value, pd.MultiIndex) else [value.dtype]


def kind_of(dtype):
    """What a dtype counts as; None for plain ones."""
    np = sys.modules["numpy"]
    if isinstance(dtype, np.dtype):
        return "whole" if dtype.kind in "iu" else "single" if dtype == np.float32 else None
    pd = sys.modules["pandas"]
    if isinstance(dtype, pd.CategoricalDtype):
        return "categorical"
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "zoned"
    if isinstance(dtype, getattr(pd, "ArrowDtype", ())):
        return "arrow"
    return "nullable" if dtype.na_value is pd.NA else None


def _turned(value, kind, depth):
    """A value of another kind; None where it has nothing that could be of that kind."""
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if type(value) in (list, tuple, dict) and depth:
        return _each(value, kind, depth)
    if np is not None and type(value) is np.ndarray:
        return _numbers(value, kind)
    if pd is not None and type(value) is pd.DataFrame:
        return _frame(pd, value, kind)
    if pd is not None and type(value) is pd.Series:
        return _labelled(value, _column(pd, value, kind), kind)
    return None


def _each(value, kind, depth):
    items = list(value.values()) if type(value) is dict else list(value)
    changed = [_turned(item, kind, depth - 1) for item in items]
    if all(item is None for item in changed):
        return None
    made = [old if new is None else new for old, new in zip(items, changed)]  # noqa: B905  (no `strict` before 3.10)
    return dict(zip(value, made)) if type(value) is dict else type(value)(made)  # noqa: B905


def _numbers(values, kind):
    """Floats as narrower floats, or as whole numbers where they are finite."""
    np = sys.modules["numpy"]
    if values.dtype != np.float64:
        return None
    if kind == "single":
        return values.astype(np.float32)
    return np.round(values).astype(np.int64) if kind == "whole" and (np.abs(values) < 2.0**53).all() else None


def _frame(pd, frame, kind):
    columns = [_column(pd, frame.iloc[:, at], kind) for at in range(frame.shape[1])]
    changed = None
    if any(column is not None for column in columns):
        both = [frame.iloc[:, at] if column is None else column for at, column in enumerate(columns)]
        changed = pd.concat(both, axis=1)
        changed.columns = frame.columns
    return _labelled(frame, changed, kind)


def _labelled(table, changed, kind):
    """With moments among its labels in a zone, too."""
    if kind == "zoned" and getattr(table.index, "tz", "") is None:
        changed = table.copy() if changed is None else changed
        changed.index = table.index.tz_localize("UTC").tz_convert(ZONE)
    return changed


def _column(pd, column, kind):
    """A plain column as one of this kind; None where it can't be."""
    dtype, texts = column.dtype, _holds_texts(column)
    if kind == "categorical":
        return column.astype("category") if texts else None
    if kind == "zoned":
        return column.dt.tz_localize("UTC").dt.tz_convert(ZONE) if _plain(dtype) and dtype.kind == "M" else None
    if kind == "nullable":
        name = "string" if texts else _NULLABLE.get(dtype.kind) if _plain(dtype) else None
        return column.astype(name) if name else None
    if kind == "arrow":
        return _arrow(pd, column, texts)
    values = _numbers(column.to_numpy(), kind) if _plain(dtype) else None
    return None if values is None else pd.Series(values, index=column.index, name=column.name)


def _arrow(pd, column, texts):
    if importlib.util.find_spec("pyarrow") is None or not (texts or (_plain(column.dtype) and column.dtype.kind in "iufbM")):
        return None
    pa = importlib.import_module("pyarrow")
    return column.astype(pd.ArrowDtype(pa.string() if texts else pa.from_numpy_dtype(column.dtype)))


def _plain(dtype):
    return isinstance(dtype, sys.modules["numpy"].dtype)


def _holds_texts(column):
    """Whether a column holds texts (and what stands for none), as plain objects or as pandas keeps them by default."""
    if not (_plain(column.dtype) and column.dtype.kind == "O") and str(column.dtype) != "str":
        return False
    return {type(value) for value in column.tolist()} - {type(None), float} == {str}
