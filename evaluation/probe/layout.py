"""Pickles that keep what the libraries' own forget: strides that are not contiguous, the read-only flag, pieces of Arrow memory.

A pickle is written and read inside sandboxes of the base commit only; on the judge's side it is opaque bytes.
"""

import io
import pickle
import sys

SPAN = 16  # times its own size may the memory be that a strided array lies in


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
        if not (flags.c_contiguous or flags.f_contiguous):
            return _strided(np, value)
        return NotImplemented if flags.writeable else (read_only, (value.copy(order="K"),))


def _strided(np, value):
    """How to make it again over memory like its own; over every second place where that is much more than it takes."""
    flip = tuple(slice(None, None, -1 if stride < 0 else 1) for stride in value.strides)
    forward = value[flip]
    size = value.itemsize + sum(stride * (length - 1) for stride, length in zip(forward.strides, value.shape))  # noqa: B905
    writable = bool(value.flags.writeable)
    if size > SPAN * value.nbytes or value.dtype.hasobject:
        return spread, (np.array(value, order="C"), writable)
    memory = np.zeros(size, dtype="u1")
    once = tuple(slice(None) if stride else slice(1) for stride in forward.strides)  # what is broadcast lies there once
    _over(np, memory, value.shape, value.dtype, forward.strides)[once] = forward[once]
    return viewed, (memory, value.shape, value.dtype, forward.strides, flip, writable)


def _over(np, memory, shape, dtype, strides):
    return np.ndarray(shape, dtype, memory, 0, strides)


def read_only(array):
    """An array that must not be written to."""
    array.flags.writeable = False
    return array


def viewed(memory, shape, dtype, strides, flip, writable):
    """An array with the strides that the original had; what lay between its items is zero."""
    array = _over(sys.modules["numpy"], memory, shape, dtype, strides)[flip]
    return array if writable else read_only(array)


def spread(array, writable):
    """An equal array over every second place of its memory."""
    wide = sys.modules["numpy"].repeat(array, 2, axis=-1)[..., ::2]
    return wide if writable else read_only(wide)


def rechunked(pieces):
    """A column of pandas' over the pieces of memory that the original had."""
    return sys.modules["pandas"].arrays.ArrowExtensionArray(pieces)
