"""How tables of polars and pyarrow are written down, column by column. Used where the project loaded them, never loaded for this.

A column is its dtype, its values as raw numbers (or one by one), and where it has gaps: which of its values are missing.
"""

import array
import importlib
import sys
from typing import Any

ORDER = "<" if sys.byteorder == "little" else ">"
_CODES = {  # polars' numbers -> the letters of `array`
    "Int8": "b", "Int16": "h", "Int32": "i", "Int64": "q",
    "UInt8": "B", "UInt16": "H", "UInt32": "I", "UInt64": "Q",
    "Float32": "f", "Float64": "d",
}  # fmt: skip


def describe(encoder, value, name):
    """The node of a table, a column or a type of polars or pyarrow; None for anything else."""
    if name.startswith("polars."):
        return _of_polars(encoder, value, name)
    return _of_arrow(encoder, value, name) if name.startswith("pyarrow.") else None


def carried(encoder, value):
    """The node of a column on its way into the table; None for anything else."""
    return value.write(encoder, value.column) if type(value) is _Column else None


class _Column:
    """One column on its way into the table; read by `carried`."""

    __slots__ = ("column", "write")

    def __init__(self, column, write):
        self.column = column
        self.write = write


def _table(encoder, name, labels, columns, write, meta, extra):
    parts = {
        "columns": encoder.children(list(labels)),
        "values": ["*", [encoder.child(_Column(column, write)) for column in columns]],
    }
    parts.update(extra)
    return ["table", name, meta, parts]


def _gaps(data, missing):
    """The parts of a column: its values, and which of them are missing, where some are."""
    return {"data": data} if missing is None else {"data": data, "mask": missing}


# -- polars


def _of_polars(encoder, value, name):
    pl = sys.modules.get("polars")
    if pl is None or not hasattr(pl, "LazyFrame"):
        return None
    if type(value) is pl.DataFrame:
        return _table(encoder, name, value.columns, value.get_columns(), _polars_column, {"shape": list(value.shape)}, {})
    if type(value) is pl.Series:
        return _table(encoder, name, [value.name], [value], _polars_column, {"shape": [len(value)]}, {})
    if type(value) is pl.LazyFrame:
        return _collected(encoder, value, name)
    if isinstance(value, pl.DataType):
        return ["constant", name, {"text": repr(value)}, {}]
    return None


def _collected(encoder, value, name):
    """What a lazy frame would give: asked for as an iterator's items are."""
    if not encoder.draws:
        return ["lazy", name, {"end": "more"}, {}]
    try:
        return ["lazy", name, {"end": "end"}, {"items": encoder.child(value.collect()), "error": None}]
    except Exception as raised:  # the project's own query: what it raises is its answer
        return ["lazy", name, {"end": "raised"}, {"items": None, "error": encoder.child(raised)}]


def _polars_column(encoder, series):
    dtype = series.dtype
    meta = {"dtype": repr(dtype)}
    plain = series.to_physical() if dtype.is_temporal() else series
    kind = str(plain.dtype)
    if kind not in _CODES and kind != "Boolean":
        return ["column", "polars", meta, {"data": encoder.children(series.to_list())}]
    gaps = series.null_count() > 0
    missing = _flags(encoder, series.is_null().to_list()) if gaps else None
    filled = plain.fill_null(False if kind == "Boolean" else 0) if gaps else plain
    data = _flags(encoder, filled.to_list()) if kind == "Boolean" else _polars_numbers(encoder, filled, _CODES[kind])
    return ["column", "polars", meta, _gaps(data, missing)]


def _polars_numbers(encoder, series, code):
    empty = array.array(code)
    size = len(series) * empty.itemsize
    encoder.room(size)
    quick = "numpy" in sys.modules and size
    data = series.to_numpy().tobytes() if quick else array.array(code, series.to_list()).tobytes()
    return encoder.raw(data, _dtype(_kind(code), empty.itemsize), [len(series)])


def _kind(code):
    return "f" if code in "fd" else ("u" if code.isupper() else "i")


def _dtype(kind, size):
    return "{}{}{}".format(ORDER if size > 1 else "|", kind, size)


def _flags(encoder, items):
    return encoder.raw(bytes(items), "|b1", [len(items)])


# -- pyarrow


def _of_arrow(encoder, value, name):
    pa = sys.modules.get("pyarrow")
    if pa is None or not hasattr(pa, "ChunkedArray"):
        return None
    if type(value) is pa.Table or type(value) is pa.RecordBatch:
        meta = {"shape": list(value.shape), "nullable": [bool(field.nullable) for field in value.schema]}
        extra = {"attrs": encoder.child(value.schema.metadata)}
        return _table(encoder, name, value.schema.names, value.columns, _arrow_column, meta, extra)
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        return _arrow_column(encoder, value, name)
    if isinstance(value, pa.Scalar):
        return ["scalar", name, {"dtype": str(value.type)}, {"value": encoder.child(value.as_py())}]
    if isinstance(value, pa.DataType):
        return ["constant", name, {"text": str(value)}, {}]
    if type(value) is pa.Schema:
        fields = [[field.name, str(field.type), bool(field.nullable)] for field in value]
        return ["constant", name, {"text": repr(fields)}, {"attrs": encoder.child(value.metadata)}]
    return None


def _arrow_column(encoder, column, name="arrow"):
    pa = sys.modules["pyarrow"]
    meta: dict[str, Any] = {"dtype": str(column.type)}
    if isinstance(column, pa.ChunkedArray):
        meta["layout"] = [len(chunk) for chunk in column.chunks if len(chunk)]
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    plain = _plain(pa, column)
    if plain is None:
        return ["column", name, meta, {"data": encoder.children(column.to_pylist())}]
    missing = None
    if column.null_count:
        importlib.import_module("pyarrow.compute")  # which `fill_null` needs
        missing = _flags(encoder, column.is_null().to_pylist())
        plain = plain.fill_null(0)
    return ["column", name, meta, _gaps(_arrow_numbers(pa, encoder, plain), missing)]


def _plain(pa, column):
    """The column as the numbers it is made of; None for one that is made of something else."""
    kind, types = column.type, pa.types
    if types.is_temporal(kind) and not types.is_interval(kind):
        return column.view(pa.int64() if kind.bit_width == 64 else pa.int32())
    return column if types.is_integer(kind) or types.is_float32(kind) or types.is_float64(kind) else None


def _arrow_numbers(pa, encoder, column):
    size = column.type.bit_width // 8
    kind = "f" if pa.types.is_floating(column.type) else ("u" if pa.types.is_unsigned_integer(column.type) else "i")
    encoder.room(len(column) * size)
    start, stop = column.offset * size, (column.offset + len(column)) * size
    data = bytes(memoryview(column.buffers()[1])[start:stop]) if len(column) else b""
    return encoder.raw(data, _dtype(kind, size), [len(column)])
