"""Values for annotations that name types of numpy and pandas, where the project has loaded them; floats where nothing is said."""

import sys
import typing

from .draws import SCALARS, floating, integer, moment, text, truth

LABELS = ("a", "b", "key", "value")  # of columns, where the function's code names none


def maker(hint, origin, words=()):
    """What makes values for such a hint, a function of (draw, depth); None for any other hint.

    `words` are texts in the function's code: what the columns of its tables are probably called.
    """
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and (np.ndarray in (hint, origin) or _is_array_like(hint)):
        return _array(np, hint)
    if np is not None and isinstance(hint, type) and issubclass(hint, (np.floating, np.integer, np.bool_)):
        kind, make = {np.floating: np.float64, np.integer: np.int64}.get(hint, hint), _of_dtype(np, hint)
        return lambda draw, depth: kind(make(draw, depth))
    if pd is None or not hasattr(pd, "DataFrame"):
        return None
    if hint is pd.Series or hint is pd.Index:
        return lambda draw, depth: hint(_values(draw, depth, draw.length(depth)))
    if hint is pd.DataFrame:
        return lambda draw, depth: _frame(pd, draw, depth, words or LABELS)
    return (lambda draw, depth: pd.Timestamp(moment(draw, depth))) if hint is pd.Timestamp else None


def _is_array_like(hint):
    """numpy.typing.ArrayLike, a union that nothing else looks like."""
    return hint == getattr(sys.modules.get("numpy.typing"), "ArrayLike", None)


def _array(np, hint):
    """One-dimensional arrays, of the dtype that is asked for or of floats."""
    dtypes = [word for part in typing.get_args(hint) for word in typing.get_args(part)]
    dtype = dtypes[0] if dtypes and isinstance(dtypes[0], type) and issubclass(dtypes[0], np.generic) else np.float64
    make = _of_dtype(np, dtype)
    return lambda draw, depth: np.array([make(draw, depth - 1) for _ in range(draw.length(depth))]).astype(dtype)


def _of_dtype(np, dtype):
    return SCALARS[int if issubclass(dtype, np.integer) else bool if dtype is np.bool_ else float]


def _values(draw, depth, length):
    """A column: floats mostly, or whole numbers, texts, moments, truths; where it is timed, nothing but floats."""
    make = floating if draw.size is not None else draw.random.choice((floating, floating, integer, text, moment, truth))
    return [make(draw, min(depth, 2) - 1) for _ in range(length)]


def _frame(pd, draw, depth, words):
    length = draw.length(depth)
    return pd.DataFrame({word: _values(draw, depth, length) for word in words})


def words(function):
    """Texts in a function's code that columns could be called by, in the order in which it names them."""
    code = getattr(function, "__code__", None)
    found = [each for each in getattr(code, "co_consts", ()) if type(each) is str and 0 < len(each) <= 40 and "\n" not in each]
    return tuple(dict.fromkeys(each for each in found if each != getattr(function, "__doc__", None)))[:12]
