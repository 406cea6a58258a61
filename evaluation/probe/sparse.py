"""How scipy's sparse arrays are written down: as entries, in an order that depends on where they stand alone."""

import sys

from . import arrays

_BUFFERS = ("data", "indices", "indptr", "row", "col")


def describe(encoder, value, name):
    """The node of a sparse array or matrix; None for anything else."""
    sp = sys.modules.get("scipy.sparse")
    if sp is None or not name.startswith("scipy.sparse.") or not getattr(sp, "issparse", bool)(value):
        return None
    np = sys.modules["numpy"]
    _note_memory(np, encoder, value)
    entries = value.tocoo(copy=True)
    places = entries.coords if hasattr(entries, "coords") else (entries.row, entries.col)
    order = np.lexsort(places[::-1])
    meta = {
        "dtype": arrays.dtype_text(value.dtype),
        "shape": list(value.shape),
        "format": value.format,
        "layout": _layout(np, value, order),
    }
    parts = {"at{}".format(axis): arrays.numbers(encoder, place[order].astype("i8")) for axis, place in enumerate(places)}
    parts["data"] = arrays.numbers(encoder, entries.data[order])
    return ["sparse", name, meta, parts]


def _layout(np, value, order):
    """What only those see who look at the buffers: how wide indices are, and whether entries stand in order."""
    indices = vars(value).get("indices")
    width = "" if indices is None else str(indices.dtype)
    return "{} {}".format(width, "sorted" if bool((np.diff(order) > 0).all()) else "unsorted")


def _note_memory(np, encoder, value):
    """Remember which memory the entries lie in: it may be an argument's."""
    number = encoder.number(value)
    fields = vars(value)
    encoder.arrays.extend((number, fields[name]) for name in _BUFFERS if type(fields.get(name)) is np.ndarray)
