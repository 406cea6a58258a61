"""An input as a short, code-like text for people. Bounded; made inside the sandbox; never parsed by anybody."""

import sys
from typing import Any

ITEMS = 12
LENGTH = 600
DEPTH = 4
BRACKETS: dict[type, Any] = {list: "[]", tuple: "()", set: "{}", frozenset: ("frozenset({", "})")}


def describe(args, kwargs):
    """`1, [2, 3], key='x'`: the arguments of a call as one would type them."""
    parts = [_text(value, DEPTH) for value in args]
    parts += ["{}={}".format(name, _text(value, DEPTH)) for name, value in kwargs.items()]
    return _short(", ".join(parts), LENGTH)


def _short(text, length):
    return text if len(text) <= length else text[: length - 4] + " ..."


def _text(value, depth):
    kind = type(value)
    if kind in (list, tuple, set, frozenset) and depth:
        return _sequence(value, depth)
    if kind is dict and depth:
        pairs = ["{}: {}".format(_text(key, depth - 1), _text(item, depth - 1)) for key, item in list(value.items())[:ITEMS]]
        return "{" + ", ".join(pairs + _more(len(value))) + "}"
    if kind in (str, bytes, bytearray):
        return _short(repr(value), 120)
    return _array(value) or _frame(value) or _object(value, depth) or _other(value)


def _sequence(value, depth):
    left, right = BRACKETS[type(value)]
    items = [_text(item, depth - 1) for item in list(value)[:ITEMS]] + _more(len(value))
    comma = "," if type(value) is tuple and len(value) == 1 else ""
    return "set()" if type(value) is set and not value else left + ", ".join(items) + comma + right


def _more(length):
    return ["... {} in all".format(length)] if length > ITEMS else []


def _array(value):
    np = sys.modules.get("numpy")
    if np is None or type(value) is not np.ndarray:
        return None
    items = _text(value.ravel()[:ITEMS].tolist(), 1)
    more = " ... shape {}".format(value.shape) if value.size > ITEMS or value.ndim != 1 else ""
    notes = [] if value.flags.writeable else ["read-only"]
    notes += [] if value.flags.c_contiguous else ["strided"]
    comment = " # " + ", ".join(notes) if notes else ""
    return "np.array({}{}, dtype={!r}){}".format(items, more, str(value.dtype), comment)


def _frame(value):
    pd = sys.modules.get("pandas")
    if pd is None or not hasattr(pd, "DataFrame"):
        return None
    if type(value) is pd.Series:
        return "pd.Series({}, dtype={!r}{}, name={!r})".format(_values(value), str(value.dtype), _index(pd, value), value.name)
    if type(value) is not pd.DataFrame:
        return None
    columns = ["{!r}: {}".format(value.columns[at], _values(value.iloc[:, at])) for at in range(min(value.shape[1], 8))]
    more = ["... {} columns".format(value.shape[1])] if value.shape[1] > 8 else []
    return "pd.DataFrame({" + ", ".join(columns + more) + "}" + _index(pd, value) + ")"


def _values(series):
    return _text(series.iloc[: ITEMS + 1].tolist(), 1).replace("{} in all".format(ITEMS + 1), "{} in all".format(len(series)))


def _index(pd, value):
    if type(value.index) is pd.RangeIndex and value.index.start == 0 and value.index.step == 1:
        return ""
    return ", index=" + _text(value.index[:ITEMS].tolist(), 2)


def _object(value, depth):
    """What an object without words of its own holds: its address says nothing."""
    names = getattr(value, "__dict__", None)
    if getattr(type(value), "__repr__", None) is not object.__repr__ or type(names) is not dict or not depth:
        return None
    parts = ["{}={}".format(name, _text(item, depth - 1)) for name, item in list(names.items())[:ITEMS]]
    return "<{}>".format(" ".join([type(value).__name__, ", ".join(parts)]).rstrip())


def _other(value):
    try:
        return _short(repr(value), 200)
    except Exception:  # a repr of the project's own
        return "<{}>".format(type(value).__name__)
