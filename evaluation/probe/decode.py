"""The way back: a value from its plain form, for the project's own `check` function. Builds only what has no code of its own.

What a candidate's process wrote is data here, never a pickle: a check can't be fooled by an object that runs when it is loaded.
"""

import datetime
import decimal
import importlib
import struct
import sys

_UNDER_WAY = object()


class Undecodable(Exception):
    """The value holds something that can't be built from data alone."""


class Decoder:
    """Builds each node once, so that what was shared is shared again."""

    def __init__(self, tree, buffers):
        self._nodes, self._buffers = tree["nodes"], buffers
        self._built = {}

    def child(self, child):
        """The value of a child."""
        if not isinstance(child, list):
            return child
        if child[0] == "#":
            return _special(child[1], child[2])
        return self.node(child[1])

    def node(self, number):
        """The value of a node."""
        if number not in self._built:
            kind, name, meta, parts = self._nodes[number]
            builder = _BUILDERS.get(kind)
            if builder is None:
                raise Undecodable("a {} can't be handed to a check".format(name))
            self._built[number] = _UNDER_WAY
            self._built[number] = builder(self, name, meta, parts)
        if self._built[number] is _UNDER_WAY:
            raise Undecodable("a value that contains itself can't be handed to a check")
        return self._built[number]

    def items(self, part):
        """The values of a part: children in order, or raw numbers as Python's own."""
        if part[0] == "*":
            return [self.child(child) for child in part[1]]
        _, dtype, shape, at, offset = part
        code = {"f8": "d", "i8": "q", "b1": "?", "u1": "B"}[dtype[1:]]
        return list(struct.unpack_from("{}{}".format(shape[0], code), self._buffers[at], offset))

    def numbers(self, part):
        """A raw part as an array of its own."""
        np = importlib.import_module("numpy")
        if part[0] == "*":
            values = np.empty(len(part[1]), dtype=object)
            values[:] = self.items(part)
            return values
        _, dtype, shape, at, offset = part
        count = 1
        for length in shape:
            count *= length
        return np.frombuffer(self._buffers[at], dtype, count, offset).reshape(shape).copy()


def _special(kind, text):
    if kind == "int":
        return int(text, 16)
    if kind == "float":
        return float(text)
    if kind == "str":
        return bytes.fromhex(text).decode("utf-32-le", "surrogatepass")
    if kind.startswith("np:"):
        return importlib.import_module("numpy").frombuffer(bytes.fromhex(text), kind[3:])[0]
    return getattr(importlib.import_module("pandas"), kind)


def _plain(kind, make):
    def build(decoder, name, _meta, parts):
        if name != kind:
            raise Undecodable("a {} can't be handed to a check".format(name))
        return make(decoder.items(parts["items"]))

    return build


def _dict(decoder, _name, _meta, parts):
    return dict(zip(decoder.items(parts["keys"]), decoder.items(parts["values"])))  # noqa: B905  (no `strict` before 3.10)


def _bytes(decoder, _name, _meta, parts):
    return bytes(decoder.items(parts["value"]))


def _complex(decoder, _name, _meta, parts):
    return complex(decoder.child(parts["real"]), decoder.child(parts["imag"]))


def _datetime(_decoder, name, meta, parts):
    if parts["tz"] is not None or name != "datetime.datetime":
        raise Undecodable("a {} can't be handed to a check".format(name))
    return datetime.datetime(*meta["at"][:7])


def _object(decoder, name, meta, parts):
    """An instance of one of the project's classes, its state put in place without calling any of its code."""
    found = _class(name)
    made = object.__new__(found)
    if "state" in parts:
        for field, value in zip(meta["fields"], decoder.items(parts["state"])):  # noqa: B905
            object.__setattr__(made, field, value)
    return made


def _tuple(decoder, name, _meta, parts):
    items = decoder.items(parts["items"])
    return tuple(items) if name == "tuple" else tuple.__new__(_class(name), items)


def _class(name):
    """A class by its name, among what is loaded."""
    module, _, last = name.rpartition(".")
    found = getattr(sys.modules.get(module), last, None)
    if not isinstance(found, type):
        raise Undecodable("a {} can't be handed to a check".format(name))
    return found


def _array(decoder, _name, meta, parts):
    return decoder.numbers(parts["data"]).reshape(meta["shape"])


def _column(decoder, name, meta, parts):
    pd = importlib.import_module("pandas")
    if name == "category":
        categories = decoder.child(parts["categories"])
        return pd.Categorical.from_codes(decoder.numbers(parts["codes"]), categories, ordered=bool(meta["ordered"]))
    if name == "numpy":
        return decoder.numbers(parts["data"])
    if name == "nullable":
        data, mask = decoder.numbers(parts["data"]), decoder.numbers(parts["mask"])
        kinds = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
        return kinds.get(data.dtype.kind, pd.arrays.IntegerArray)(data, mask)
    if name == "arrow":
        pa = importlib.import_module("pyarrow")
        return pd.arrays.ArrowExtensionArray(pa.array(decoder.numbers(parts["data"]), mask=decoder.numbers(parts["mask"])))
    if name == "moments" and meta["dtype"].startswith("datetime64["):
        unit, _, zone = meta["dtype"][len("datetime64[") : -1].partition(", ")
        moments = decoder.numbers(parts["data"]).view("M8[{}]".format(unit))
        return pd.DatetimeIndex(moments).tz_localize("UTC").tz_convert(zone).array
    if name == "objects":
        return pd.Series(decoder.numbers(parts["data"]), dtype="str" if "StringDtype" in meta["dtype"] else object).array
    raise Undecodable("a column of {} can't be handed to a check".format(meta.get("dtype", name)))


def _index(decoder, _name, _meta, parts):
    pd = importlib.import_module("pandas")
    names = decoder.items(parts["names"])
    if "range" in parts:
        return pd.RangeIndex(*decoder.child(parts["range"]), name=names[0])
    if parts["values"][0] == "*":
        return pd.MultiIndex.from_arrays(decoder.items(parts["values"]), names=names)
    return pd.Index(decoder.child(parts["values"]), name=names[0])


def _series(decoder, _name, _meta, parts):
    pd = importlib.import_module("pandas")
    return pd.Series(decoder.child(parts["values"]), index=decoder.child(parts["index"]), name=decoder.child(parts["name"]))


def _frame(decoder, _name, _meta, parts):
    pd = importlib.import_module("pandas")
    index, columns = decoder.child(parts["index"]), decoder.items(parts["values"])
    frame = pd.DataFrame({at: pd.Series(values, index=index) for at, values in enumerate(columns)}, index=index)
    frame.columns = decoder.child(parts["columns"])
    return frame


def _moment(decoder, name, meta, parts):
    pd = importlib.import_module("pandas")
    kind = {"Timestamp": "M8", "Timedelta": "m8"}.get(name.rpartition(".")[2])
    if kind is None:
        raise Undecodable("a {} can't be handed to a check".format(name))
    np = importlib.import_module("numpy")
    number = np.array(decoder.child(parts["value"]), "i8").view("{}[{}]".format(kind, meta["unit"]))[()]
    if kind == "m8":
        return pd.Timedelta(number)
    found = pd.Timestamp(number)
    return found if meta["tz"] is None else found.tz_localize("UTC").tz_convert(meta["tz"])


def _sparse(decoder, name, meta, parts):
    sp = importlib.import_module("scipy.sparse")
    places = tuple(decoder.numbers(parts["at{}".format(axis)]) for axis in range(len(meta["shape"])))
    entries = sp.coo_array((decoder.numbers(parts["data"]), places), shape=tuple(meta["shape"]))
    return getattr(sp, name.rpartition(".")[2])(entries)


def _lazy(decoder, name, meta, parts):
    if meta["end"] != "end" or name.startswith("polars."):
        raise Undecodable("a {} that does not end can't be handed to a check".format(name))
    return iter(decoder.items(parts["items"]))


_BUILDERS = {
    "list": _plain("list", list),
    "set": _plain("set", set),
    "frozenset": _plain("frozenset", frozenset),
    "tuple": _tuple,
    "dict": _dict,
    "bytes": _bytes,
    "complex": _complex,
    "datetime": _datetime,
    "decimal": lambda decoder, _name, _meta, parts: decimal.Decimal(decoder.child(parts["value"])),
    "date": lambda decoder, _name, _meta, parts: datetime.date(*[decoder.child(parts[key]) for key in ("year", "month", "day")]),
    "timedelta": lambda decoder, _name, _meta, parts: datetime.timedelta(**{key: decoder.child(parts[key]) for key in parts}),
    "moment": _moment,
    "sparse": _sparse,
    "lazy": _lazy,
    "object": _object,
    "array": _array,
    "column": _column,
    "index": _index,
    "series": _series,
    "frame": _frame,
}
