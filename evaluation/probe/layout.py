"""Pickles that keep what the libraries' own forget: strides that are not contiguous, the read-only flag, pieces of Arrow memory.

A pickle is written and read inside sandboxes of the base commit only; on the judge's side it is opaque bytes.
"""

import io
import pickle
import sys


def dumps(value):
    """A pickle of a value, arrays with their layout."""
    target = io.BytesIO()
    _Pickler(target, protocol=4).dump(value)
    return target.getvalue()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value):
        np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
        if pd is not None and type(value) is getattr(getattr(pd, "arrays", None), "ArrowExtensionArray", None):
            pieces = value.__arrow_array__()
            return (rechunked, (pieces,)) if pieces.num_chunks > 1 else NotImplemented
        if np is None or type(value) is not np.ndarray:
            return NotImplemented
        flags = value.flags
        strided = not (flags.c_contiguous or flags.f_contiguous)
        if not strided and flags.writeable:
            return NotImplemented
        return rebuild, (np.array(value, order="C"), strided, bool(flags.writeable))


def rebuild(array, strided, writable):
    """An equal array with the layout that the original had."""
    np = sys.modules["numpy"]
    if strided:
        wide = np.empty((*array.shape[:-1], array.shape[-1] * 2), dtype=array.dtype)
        wide[..., ::2] = array
        wide[..., 1::2] = array
        array = wide[..., ::2]
    array.flags.writeable = writable
    return array


def rechunked(pieces):
    """A column of pandas' over the pieces of memory that the original had."""
    return sys.modules["pandas"].arrays.ArrowExtensionArray(pieces)
