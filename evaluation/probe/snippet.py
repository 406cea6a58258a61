"""A call as code that makes it again, imports included. Shown only after it was run here and made an equal call.

Not every value can be written so: then there is no snippet, and people read a description instead.
"""

import dataclasses
import datetime
import decimal
import enum
import fractions
import math
import pathlib
import sys
import zoneinfo
from typing import Any

from . import codec, naming
from .describe import BRACKETS

LENGTH = 2000
LINE = 250  # of one argument
WIDE = 100  # from which on each argument gets a line of its own
NUMBERS = 60  # written out of one array or column
_IMPORTS = {"np": "import numpy as np", "pd": "import pandas as pd"}


class Unwritable(Exception):
    """A value for which there is no short expression."""


def snippet(args, kwargs, module, name):
    """The whole program, or None."""
    writer = _Writer()
    try:
        written = [writer.text(value) for value in args]
        written += ["{}={}".format(key, writer.text(value)) for key, value in kwargs.items()]
    except (Unwritable, RecursionError):
        return None
    first = name.partition(".")[0]
    lines = sorted(writer.imports, key=lambda line: (line.startswith("from"), line))
    head = "\n".join([*lines, "from {} import {}".format(module, first)])
    joined = ", ".join(written)
    if len(joined) > WIDE:
        joined = "\n    {},\n".format(",\n    ".join(written))
    text = "{}\n\n{}({})".format(head, name, joined)
    short = len(text) <= LENGTH and all(len(each) <= LINE for each in written)
    return text if short and _makes(head, joined, args, kwargs) else None


def _makes(head, arguments, args, kwargs):
    """Whether the code really makes an equal call."""
    names: dict[str, Any] = {}
    try:
        exec(head, names)
        made = eval("(lambda *args, **kwargs: (args, kwargs))({})".format(arguments), names)
        return _told(made) == _told((tuple(args), dict(kwargs)))
    except Exception:  # whatever is wrong with it: then it is not shown
        return False


def _told(call):
    tree, buffers = codec.encode(call)
    if any(node[0] in ("opaque", "cut") for node in tree["nodes"]):
        raise Unwritable()
    return repr(tree), buffers


class _Writer:
    """Expressions for values, and the imports that they need."""

    def __init__(self):
        self.imports = set()

    def text(self, value):
        """An expression. Raises Unwritable."""
        kind = type(value)
        if value is None or kind in (bool, int, str, bytes, range, slice, complex):
            return repr(value)
        if kind is float:
            return repr(value) if math.isfinite(value) else 'float("{!r}")'.format(value)
        if kind in BRACKETS:
            return self._items(value, *BRACKETS[kind])
        if kind is dict:
            return "{" + ", ".join("{}: {}".format(self.text(key), self.text(item)) for key, item in value.items()) + "}"
        return self._of_library(value, kind) or self._of_stdlib(value, kind) or self._of_project(value, kind)

    def _items(self, value, left, right):
        if not value and type(value) is set:
            return "set()"
        comma = "," if type(value) is tuple and len(value) == 1 else ""
        return left + ", ".join(map(self.text, value)) + comma + right

    def _of_stdlib(self, value, kind):
        if kind in _BY_REPR:
            self.imports.add("import datetime")
            return repr(value)
        if kind in (datetime.datetime, datetime.time):
            return self._moment(value)
        if kind is zoneinfo.ZoneInfo and value.key:
            self.imports.add("from zoneinfo import ZoneInfo")
            return "ZoneInfo({!r})".format(value.key)
        if kind in (decimal.Decimal, fractions.Fraction) or isinstance(value, pathlib.PurePath):
            self.imports.add("from {} import {}".format(_HOMES.get(kind, "pathlib"), kind.__name__))
            return repr(value)
        return None

    def _moment(self, value):
        self.imports.add("import datetime")
        if value.tzinfo is None:
            return repr(value)
        bare = repr(value.replace(tzinfo=None))
        return "{}, tzinfo={})".format(bare[:-1], self.text(value.tzinfo))

    def _of_project(self, value, kind):
        """Members of enumerations and instances of data classes, by the names of their classes."""
        module, name = naming.MODULE(kind), naming.NAME(kind)
        if "." in name or not naming.found(kind, module, name):
            raise Unwritable()
        self.imports.add("from {} import {}".format(module, name))
        if isinstance(value, enum.Enum):
            return "{}.{}".format(name, value.name)
        if isinstance(value, tuple) and hasattr(kind, "_fields"):
            return "{}({})".format(name, ", ".join(map(self.text, value)))
        if not dataclasses.is_dataclass(value):
            raise Unwritable()
        fields = [field.name for field in dataclasses.fields(value) if field.init]
        return "{}({})".format(name, ", ".join("{}={}".format(each, self.text(getattr(value, each))) for each in fields))

    # -- numpy and pandas

    def _of_library(self, value, kind):
        np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
        if np is not None and isinstance(value, (np.ndarray, np.generic)) and kind.__module__ == "numpy":
            return self._array(value) if kind is np.ndarray else self._number(value)
        if pd is None or not hasattr(pd, "DataFrame"):
            return None
        for known, write in ((pd.DataFrame, self._frame), (pd.Series, self._series), (pd.Index, self._index)):
            if isinstance(value, known):
                self.imports.add(_IMPORTS["pd"])
                return write(pd, value)
        return self._pandas_scalar(pd, value, kind)

    def _number(self, value):
        self.imports.add(_IMPORTS["np"])
        if value.dtype.kind in "mM":
            return "np.{}({!r}, {!r})".format(type(value).__name__, str(value), value.dtype.str.partition("[")[2][:-1])
        return "np.{}({})".format(value.dtype.name, self.text(value.item()))

    def _array(self, value):
        self.imports.add(_IMPORTS["np"])
        if value.size > NUMBERS or value.dtype.names:
            raise Unwritable()
        items = value.astype(str).tolist() if value.dtype.kind in "mM" else value.tolist()
        dtype = value.dtype.str if value.dtype.kind in "mMUS" else value.dtype.name
        text = "np.array({}, dtype={!r})".format(self.text(items), dtype)
        if not value.size:
            text = "np.empty({!r}, dtype={!r})".format(value.shape, dtype)
        return text if value.flags.c_contiguous else "np.asfortranarray({})".format(text)

    def _frame(self, pd, value):
        if value.columns.has_duplicates or value.size > NUMBERS or value.attrs:
            raise Unwritable()
        plain = isinstance(value.index, pd.RangeIndex) and value.index.equals(pd.RangeIndex(len(value)))
        rest = "" if plain and value.index.name is None else ", index=" + self._index(pd, value.index)
        columns = [self._column(pd, value.iloc[:, at]) for at in range(value.shape[1])]
        pairs = ", ".join("{}: {}".format(self.text(label), column) for label, column in zip(value.columns, columns))  # noqa: B905
        if not columns:
            rest += ", columns=" + self._index(pd, value.columns)
        named = (
            "" if value.columns.name is None or not columns else ".rename_axis(columns={})".format(self.text(value.columns.name))
        )
        return "pd.DataFrame({{{}}}{}){}".format(pairs, rest, named)

    def _column(self, pd, column):
        """The shortest text of a column that gives its dtype: a list, or an array of that dtype."""
        text = self.text(column.tolist())
        try:
            if len(column) and pd.Series(column.tolist()).dtype == column.dtype:
                return text
        except Exception:  # pandas can't make anything of such a list
            raise Unwritable() from None
        return "pd.array({}, dtype={})".format(text, self._dtype(pd, column.dtype))

    def _dtype(self, pd, dtype):
        if isinstance(dtype, pd.CategoricalDtype):
            ordered = ", ordered=True" if dtype.ordered else ""
            return "pd.CategoricalDtype({}{})".format(self.text(dtype.categories.tolist()), ordered)
        return repr(str(dtype))

    def _series(self, pd, value):
        if value.size > NUMBERS or value.attrs:
            raise Unwritable()
        plain = isinstance(value.index, pd.RangeIndex) and value.index.equals(pd.RangeIndex(len(value)))
        rest = "" if plain and value.index.name is None else ", index=" + self._index(pd, value.index)
        named = "" if value.name is None else ", name=" + self.text(value.name)
        return "pd.Series({}, dtype={}{}{})".format(self.text(value.tolist()), self._dtype(pd, value.dtype), rest, named)

    def _index(self, pd, index):
        named = "" if index.name is None else ", name=" + self.text(index.name)
        if isinstance(index, pd.RangeIndex):
            return "pd.RangeIndex({}, {}, {}{})".format(index.start, index.stop, index.step, named)
        if isinstance(index, pd.MultiIndex):
            names = "" if index.names == [None] * index.nlevels else ", names=" + self.text(list(index.names))
            return "pd.MultiIndex.from_tuples({}{})".format(self.text(index.tolist()), names)
        if len(index) > NUMBERS:
            raise Unwritable()
        if isinstance(index, pd.DatetimeIndex):
            freq = "" if index.freq is None else ", freq={!r}".format(index.freqstr)
            texts = [None if moment is pd.NaT else str(moment) for moment in index]
            return "pd.DatetimeIndex({!r}, dtype={!r}{}{})".format(texts, str(index.dtype), freq, named)
        return "pd.Index({}, dtype={}{})".format(self.text(index.tolist()), self._dtype(pd, index.dtype), named)

    def _pandas_scalar(self, pd, value, kind):
        if value is pd.NaT or value is pd.NA:
            self.imports.add(_IMPORTS["pd"])
            return "pd.NaT" if value is pd.NaT else "pd.NA"
        if kind is pd.Timestamp:
            self.imports.add(_IMPORTS["pd"])
            zone = "" if value.tz is None else ", tz={!r}".format(str(value.tz))
            return "pd.Timestamp({!r}{})".format(str(value.tz_localize(None)), zone)
        if kind is pd.Timedelta:
            self.imports.add(_IMPORTS["pd"])
            return "pd.Timedelta({!r})".format(str(value))
        return None


_BY_REPR = (datetime.date, datetime.timedelta, datetime.timezone)
_HOMES = {decimal.Decimal: "decimal", fractions.Fraction: "fractions"}
