"""How numpy's values are written down. numpy is used where the project has loaded it, and never loaded for this."""

import sys


def scalar(value):
    """A numpy scalar in one line; None for anything else."""
    np = sys.modules.get("numpy")
    if np is None or not isinstance(value, np.generic) or type(value).__module__ != "numpy":
        return None
    if value.dtype.hasobject or value.dtype.names:
        return None
    return ["#", "np:" + value.dtype.str, value.tobytes().hex()]


def describe(encoder, value, name):
    """The node of a numpy object; None for what is none of numpy's."""
    np = sys.modules.get("numpy")
    if np is None or not hasattr(np, "ndarray"):
        return None
    if type(value) is np.ndarray or type(value) is np.matrix or type(value) is np.memmap:
        encoder.arrays.append((encoder.number(value), value))
        return _array(encoder, value, name)
    if type(value) is np.ma.MaskedArray:
        return _masked(np, encoder, value, name)
    if value is np.ma.masked:
        return ["constant", name, {"text": "masked"}, {}]
    if type(value) is np.recarray or type(value) is np.char.chararray:
        encoder.arrays.append((encoder.number(value), value))
        return _array(encoder, value.view(np.dtype(value.dtype.descr) if value.dtype.names else value.dtype, np.ndarray), name)
    if isinstance(value, np.void) and type(value) is np.void:
        return ["record", name, {}, {"items": numbers(encoder, value.reshape(1))}]
    if isinstance(value, np.dtype):
        return ["constant", "numpy.dtype", {"text": repr(value)}, {}]
    if type(value) is np.ufunc:
        return ["function", "numpy." + value.__name__, {}, {}]
    return _random(np, encoder, value, name)


def _random(np, encoder, value, name):
    if type(value) is np.random.RandomState:
        return ["random", name, {}, {"state": encoder.child(value.get_state(legacy=False))}]
    if type(value) is np.random.Generator:
        return ["random", name, {}, {"state": encoder.child(value.bit_generator.state)}]
    return None


def _array(encoder, value, name):
    flags = value.flags
    layout = ("C" if flags.c_contiguous else "") + ("F" if flags.f_contiguous else "")
    meta = {"dtype": dtype_text(value.dtype), "shape": list(value.shape), "layout": layout, "writable": bool(flags.writeable)}
    return ["array", name, meta, {"data": numbers(encoder, value)}]


def _masked(np, encoder, value, name):
    mask = np.ma.getmaskarray(value)
    data = np.array(value.data)
    if not value.dtype.names:
        data[mask] = np.zeros((), dtype=value.dtype)  # what lies under the mask means nothing
    meta = {"dtype": dtype_text(value.dtype), "shape": list(value.shape), "hard": bool(value.hardmask)}
    fill = encoder.child(value.fill_value)
    return ["masked", name, meta, {"mask": numbers(encoder, mask), "data": numbers(encoder, data), "fill": fill}]


def dtype_text(dtype):
    """The dtype in a form that tells all dtypes apart."""
    return str(dtype.descr) if dtype.names else (dtype.str if dtype.kind != "T" else repr(dtype))


def numbers(encoder, value):
    """The elements: raw where numbers, one by one where objects, field by field where records (padding means nothing)."""
    dtype = value.dtype
    if dtype.names:
        return ["*", [encoder.child(value[field].copy()) for field in dtype.names]]
    if dtype.hasobject or dtype.kind == "T":
        return encoder.children(value.ravel().tolist())
    encoder.room(value.nbytes)
    return encoder.raw(value.tobytes(), dtype.str, value.shape)
