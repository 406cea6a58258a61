"""How pandas' values are written down, column by column. pandas is used where the project loaded it, never loaded for this."""

import sys

from . import arrays


def _pandas():
    pd = sys.modules.get("pandas")
    return pd if pd is not None and hasattr(pd, "DataFrame") else None  # half-loaded while it is being imported


def scalar(value):
    """pandas' two words for "missing", in one line; None for anything else."""
    pd = _pandas()
    if pd is None:
        return None
    if value is pd.NaT:
        return ["#", "NaT", ""]
    return ["#", "NA", ""] if value is pd.NA else None


def describe(encoder, value, name):
    """The node of a pandas object; None for what is none of pandas'."""
    pd = _pandas()
    if pd is None or not name.startswith("pandas."):
        return None
    kind = type(value)
    if kind is pd.DataFrame:
        return _frame(pd, encoder, value, name)
    if kind is pd.Series:
        return _series(pd, encoder, value, name)
    if isinstance(value, pd.Index):
        return _index(pd, encoder, value, name)
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return column(pd, encoder, value)
    if isinstance(value, pd.api.extensions.ExtensionDtype):
        return ["constant", name, {"text": repr(value)}, {}]
    return _scalar_node(pd, encoder, value, name)


def _frame(pd, encoder, frame, name):
    columns = [encoder.child(_Column(frame.iloc[:, at])) for at in range(frame.shape[1])]
    _note_memory(pd, encoder, frame, [frame.iloc[:, at] for at in range(frame.shape[1])])
    meta = {"shape": list(frame.shape), "duplicates": bool(frame.flags.allows_duplicate_labels)}
    parts = {
        "columns": encoder.child(frame.columns),
        "index": encoder.child(frame.index),
        "values": ["*", columns],
        "attrs": encoder.child(dict(frame.attrs)),
    }
    return ["frame", name, meta, parts]


def _series(pd, encoder, series, name):
    _note_memory(pd, encoder, series, [series])
    meta = {"shape": list(series.shape), "duplicates": bool(series.flags.allows_duplicate_labels)}
    parts = {
        "name": encoder.child(series.name),
        "index": encoder.child(series.index),
        "values": encoder.child(_Column(series)),
        "attrs": encoder.child(dict(series.attrs)),
    }
    return ["series", name, meta, parts]


class _Column:
    """One column on its way into the table; read by `column`."""

    __slots__ = ("series",)

    def __init__(self, series):
        self.series = series


def carried(encoder, value):
    """The node of a column on its way; None for anything else."""
    return column(_pandas(), encoder, _values(value.series)) if type(value) is _Column else None


def _values(series):
    return series.array if hasattr(series.dtype, "na_value") or not hasattr(series.dtype, "str") else series.to_numpy()


def _index(pd, encoder, index, name):
    names = encoder.children(list(index.names))
    if type(index) is pd.RangeIndex:
        parts = {"range": encoder.child((index.start, index.stop, index.step)), "names": names}
        return ["index", name, {"dtype": str(index.dtype), "shape": [len(index)]}, parts]
    if isinstance(index, pd.MultiIndex):
        levels = [encoder.child(_Column(index.get_level_values(at))) for at in range(index.nlevels)]
        return ["index", name, {"shape": [len(index)]}, {"values": ["*", levels], "names": names}]
    freq = getattr(index, "freqstr", None)
    meta = {"dtype": str(index.dtype), "freq": freq, "shape": [len(index)]}
    return ["index", name, meta, {"values": encoder.child(_Column(index)), "names": names}]


def column(pd, encoder, values):
    """The node of a column's values, whichever array they are kept in."""
    np = sys.modules["numpy"]
    if type(values) is np.ndarray:
        return ["column", "numpy", {"dtype": arrays.dtype_text(values.dtype)}, {"data": arrays.numbers(encoder, values)}]
    dtype = repr(values.dtype)
    if isinstance(values, pd.Categorical):
        parts = {
            "codes": arrays.numbers(encoder, np.asarray(values.codes, dtype="i8")),
            "categories": encoder.child(values.categories),
        }
        return ["column", "category", {"dtype": "category", "ordered": bool(values.ordered)}, parts]
    if hasattr(values, "_mask") and type(getattr(values, "_data", None)) is np.ndarray:
        mask = np.array(values._mask)
        data = np.where(mask, np.zeros((), values._data.dtype), values._data)
        parts = {"data": arrays.numbers(encoder, data), "mask": arrays.numbers(encoder, mask)}
        return ["column", "nullable", {"dtype": dtype}, parts]
    if type(values.dtype) is getattr(pd, "ArrowDtype", None) and values.dtype.kind in "iuf":
        data = values.to_numpy(dtype=values.dtype.numpy_dtype, na_value=0)
        parts = {"data": arrays.numbers(encoder, data), "mask": arrays.numbers(encoder, np.asarray(values.isna()))}
        return ["column", "arrow", {"dtype": dtype}, parts]
    if hasattr(values, "asi8"):
        return ["column", "moments", {"dtype": dtype}, {"data": arrays.numbers(encoder, values.asi8)}]
    return ["column", "objects", {"dtype": dtype}, {"data": encoder.children(values.astype(object).tolist())}]


def _scalar_node(pd, encoder, value, name):
    kind = type(value)
    if isinstance(value, pd.offsets.BaseOffset):
        return ["offset", name, {"text": repr(value), "normalize": bool(value.normalize)}, {"state": encoder.child(value.kwds)}]
    if kind is pd.Timestamp:
        moment = value.asm8.view("i8").item()
        meta = {"unit": value.unit, "tz": None if value.tz is None else str(value.tz), "fold": value.fold}
        return ["moment", name, meta, {"value": encoder.child(moment)}]
    if kind is pd.Timedelta:
        return ["moment", name, {"unit": value.unit}, {"value": encoder.child(value.asm8.view("i8").item())}]
    if kind is pd.Period:
        return ["moment", name, {"unit": value.freqstr}, {"value": encoder.child(value.ordinal)}]
    if kind is pd.Interval:
        return [
            "interval",
            name,
            {"closed": value.closed},
            {"left": encoder.child(value.left), "right": encoder.child(value.right)},
        ]
    return None


def _note_memory(pd, encoder, owner, columns):
    """Remember which memory the columns lie in, where writing to it could be seen elsewhere (no copy-on-write)."""
    if int(pd.__version__.split(".")[0]) >= 3 or getattr(pd.options.mode, "copy_on_write", False) is True:
        return
    np = sys.modules["numpy"]
    number = encoder.number(owner)
    for series in columns:
        values = series.to_numpy() if hasattr(series.dtype, "str") else None
        if type(values) is np.ndarray:
            encoder.arrays.append((number, values))
