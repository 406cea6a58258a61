"""68 pairs of values on which comparators were seen to err, each with its right answer; made by an interpreter with pandas.

42 after a review of comparators (29 named there one by one, 13 that the contract it states decides), 26 after a second one; both
are kept outside this repository.
Run as a program it writes each pair as plain data, a line of JSON each, as a sandbox would.
"""

# ruff: noqa: ARG005  (a pair takes numpy and pandas, whichever it needs)

import base64
import datetime
import decimal
import functools
import io
import json
import math
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from evaluation.probe import codec

MEASUREMENT, PEERS = "measurement", "peers"
EQUAL = ""


@dataclass(frozen=True)
class Pair:
    """Two values, what their difference is called among other things (EQUAL: there is none), and what makes it not matter."""

    name: str
    make: Callable[[Any, Any], tuple[Any, Any]]  # of numpy and pandas
    numeric: str
    strict: str
    relaxed: tuple[str, ...] = ()  # relaxations that make the two equal under `numeric`
    source: str = MEASUREMENT


class _AlwaysEqual:
    def __init__(self, hidden: int) -> None:
        self.hidden = hidden

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def _named_alike(module: str) -> Any:
    return type("Row", (), {"__module__": module})()


def _chained(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def _frame(pd: Any, **changes: Any) -> Any:
    return pd.DataFrame({"a": [1, 2, 3], "b": [1.5, 2.5, 3.5], **changes})


def _with_attrs(frame: Any) -> Any:
    frame.attrs["unit"] = "m"
    return frame


def _categories(pd: Any, *order: str) -> Any:
    return pd.Series(["a", "b"], dtype=pd.CategoricalDtype(list(order)))


def _days(pd: Any) -> Any:
    return pd.date_range("2024-01-01", periods=3, freq="D")


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array


def _sums(np: Any, pd: Any) -> tuple[Any, Any]:
    """Sums by group on two ways: one after the other, and all in one pass."""
    random = np.random.default_rng(3)
    keys, values = random.integers(0, 50, 20_000), random.normal(1e3, 1, 20_000)
    return pd.Series(values).groupby(keys).sum().to_numpy().copy(), np.bincount(keys, weights=values)


def _sum(np: Any, _pd: Any) -> tuple[Any, Any]:
    values = np.random.default_rng(4).normal(1, 1, 20_000)
    return np.array([values.sum()]), np.array([functools.reduce(float.__add__, values.tolist())])


def _variance(np: Any, _pd: Any) -> tuple[Any, Any]:
    """The textbook's variance in one pass loses its digits to a large mean."""
    values = np.random.default_rng(5).normal(1e6, 1, 20_000)
    return np.array([values.var()]), np.array([(values**2).mean() - values.mean() ** 2])


def _ties(np: Any, pd: Any) -> tuple[Any, Any]:
    frame = pd.DataFrame({"key": [1, 0] * 20, "at": np.arange(40)})
    stable = frame.sort_values("key", kind="stable").reset_index(drop=True)
    return stable, frame[::-1].sort_values("key", kind="stable").reset_index(drop=True)


def _moment(hours: int) -> datetime.datetime:
    utc = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.timezone.utc)  # noqa: UP017
    return utc.astimezone(datetime.timezone(datetime.timedelta(hours=hours)))


def _payload(np: Any, bits: int) -> Any:
    return np.frombuffer(struct.pack("<Q", bits), "<f8").copy()


def _shared(twice: bool) -> list[list[int]]:
    inner = [1]
    return [inner, inner] if twice else [[1], [1]]


PAIRS = (
    # -- the first review: accepted as equal, wrongly
    Pair("integers five apart in a million", lambda np, pd: (np.array([1_000_000]), np.array([1_000_005])), "value", "value"),
    Pair("integers beyond a float's precision", lambda np, pd: (np.array([2**53]), np.array([2**53 + 1])), "value", "value"),
    Pair("tiny floats five times apart", lambda np, pd: (np.array([1e-9]), np.array([5e-9])), "value", "value"),
    Pair(
        "floats nine in a million apart",
        lambda np, pd: (np.array([1.0]), np.array([1.000009])),
        "value", "value", ("float32",),
    ),
    Pair("masks", lambda np, pd: (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[1, 0])), "value", "value"),
    Pair("name of a series", lambda np, pd: (pd.Series([1], name="a"), pd.Series([1], name="b")), "names", "names", ("names",)),
    Pair("name of an index", lambda np, pd: (_frame(pd), _frame(pd).rename_axis("i")), "names", "names", ("names",)),
    Pair("name of the columns", lambda np, pd: (_frame(pd), _frame(pd).rename_axis(columns="c")), "names", "names", ("names",)),
    Pair(
        "dtype of an index",
        lambda np, pd: (pd.Series([7, 8], index=[0, 1]), pd.Series([7, 8], index=[0.0, 1.0])),
        "index", "index", ("index",),
    ),
    Pair(
        "dtype of the columns' labels",
        lambda np, pd: (
            _frame(pd).set_axis(pd.Index(["a", "b"], dtype="string"), axis=1),
            _frame(pd).set_axis(pd.Index(["a", "b"], dtype=object), axis=1),
        ),
        "names", "names", ("names",),
    ),
    Pair("attrs", lambda np, pd: (_frame(pd), _with_attrs(_frame(pd))), "names", "names", ("names",)),
    Pair("None and NaN", lambda np, pd: (pd.Series([None], dtype=object), pd.Series([math.nan], dtype=object)), "type", "type"),
    Pair("True and 1 among objects", lambda np, pd: (_frame(pd, o=[True, "x", 2]), _frame(pd, o=[1, "x", 2])), "type", "type"),
    Pair("order of categories", lambda np, pd: (_categories(pd, "a", "b"), _categories(pd, "b", "a")), "dtype", "dtype"),
    Pair("sign of zero", lambda np, pd: (0.0, -0.0), "value", "value"),
    Pair("sign of zero in an array", lambda np, pd: (np.array([0.0, 1]), np.array([-0.0, 1])), "value", "value"),
    Pair("sign of zero in a frame", lambda np, pd: (_frame(pd, b=[0.0, 1, 2]), _frame(pd, b=[-0.0, 1, 2])), "value", "value"),
    Pair("one instant in two zones", lambda np, pd: (_moment(0), _moment(2)), "value", "value"),
    Pair("two functions", lambda np, pd: (math.sin, math.cos), "value", "value"),
    Pair("two lambdas", lambda np, pd: (lambda: 1, lambda: 2), "unclear", "unclear"),
    Pair(
        "an error raised from the expected one",
        lambda np, pd: (KeyError("x"), _chained(RuntimeError("x"), KeyError("x"))),
        "exception", "exception",
    ),
    # -- the first review: debatable there, decided here
    Pair(
        "what an error says", lambda np, pd: (ValueError("a"), ValueError("b")), "exception", "exception", ("exception-text",)
    ),
    Pair("digits of a decimal", lambda np, pd: (decimal.Decimal("1.0"), decimal.Decimal("1.00")), "value", "value"),
    Pair("order of keys", lambda np, pd: ({"a": 1, "b": 2}, {"b": 2, "a": 1}), "order", "order", ("dict-order",)),
    Pair("a result that became read-only", lambda np, pd: (np.zeros(2), _frozen(np.zeros(2))), "type", "type"),
    Pair("memory order", lambda np, pd: (np.ones((2, 3)), np.asfortranarray(np.ones((2, 3)))), EQUAL, "order"),
    Pair("a frequency that got lost",
         lambda np, pd: (_days(pd), pd.DatetimeIndex(list(_days(pd)))), "index", "index", ("index",)),
    # -- the first review: rejected, wrongly
    Pair("generators of equal content", lambda np, pd: ((x for x in (1, 2)), (y for y in (1, 2))), EQUAL, EQUAL),
    Pair(
        "a frame one unit in the last place off",
        lambda np, pd: (_frame(pd), _frame(pd, b=[1.5 + 2**-52, 2.5, 3.5])),
        EQUAL, "value",
    ),
    # -- what the first review's contract of equality decides
    Pair("a sum in another order", _sum, EQUAL, "value"),
    Pair("sums by group in another order", _sums, EQUAL, "value"),
    Pair("variance in one pass at mean 1e6", _variance, "value", "value"),
    Pair("very large floats, rounded", lambda np, pd: (np.array([1e300]), np.array([1e300 * (1 + 1e-12)])), EQUAL, "value"),
    Pair("very small floats, doubled", lambda np, pd: (np.array([1e-300]), np.array([2e-300])), "value", "value"),
    Pair("what cancels to nothing", lambda np, pd: (np.array([1e6, 1e-12]), np.array([1e6, -1e-12])), EQUAL, "value"),
    Pair("where NaN stands", lambda np, pd: (np.array([1.0, math.nan]), np.array([1.0, 1.0])), "value", "value"),
    Pair("bits of a NaN", lambda np, pd: (_payload(np, 0x7FF8 << 48), _payload(np, (0x7FF8 << 48) + 7)), EQUAL, EQUAL),
    Pair("infinity and the largest float",
         lambda np, pd: (np.array([math.inf]), np.array([sys.float_info.max])), "value", "value"),
    Pair("rows of equal keys", _ties, "order", "order", ("row-order",)),
    Pair("a list and a tuple", lambda np, pd: ([1, 2], (1, 2)), "type", "type"),
    Pair(
        "flags of a frame",
        lambda np, pd: (_frame(pd), _frame(pd).set_flags(allows_duplicate_labels=False)),
        "names", "names", ("names",),
    ),
    Pair("width of floats", lambda np, pd: (np.ones(2, "f4"), np.ones(2)), "dtype", "dtype", ("dtype-widening",)),
    # -- the second review: accepted as equal
    Pair("message of an error", lambda np, pd: (ValueError("no a"), ValueError("no b")), "exception", "exception",
         ("exception-text",), PEERS),
    Pair(
        "an error chained from the expected one",
        lambda np, pd: (ZeroDivisionError("z"), _chained(RuntimeError("z"), ZeroDivisionError("z"))),
        "exception", "exception", (), PEERS,
    ),
    Pair("a dict in another order", lambda np, pd: ({1: 2, 3: 4}, {3: 4, 1: 2}), "order", "order", ("dict-order",), PEERS),
    Pair("a billionth and zero", lambda np, pd: (1e-9, 0.0), "value", "value", (), PEERS),
    Pair("a billionth and minus a billionth", lambda np, pd: (1e-9, -1e-9), "value", "value", (), PEERS),
    Pair("a hundred thousandth apart", lambda np, pd: (1.0, 1.00001), "value", "value", (), PEERS),
    Pair("integers nine apart in a million",
         lambda np, pd: (np.array([10**6]), np.array([10**6 + 9])), "value", "value", (), PEERS),
    Pair("C and Fortran order", lambda np, pd: (np.eye(3)[:2], np.asfortranarray(np.eye(3)[:2])), EQUAL, "order", (), PEERS),
    Pair("zero and minus zero", lambda np, pd: (-0.0, 0.0), "value", "value", (), PEERS),
    Pair("a ten billionth apart", lambda np, pd: (1.0, 1 + 1e-10), EQUAL, "value", (), PEERS),
    Pair("an index that lost its name",
         lambda np, pd: (_frame(pd).rename_axis("i"), _frame(pd)), "names", "names", ("names",), PEERS),
    Pair("columns of another name", lambda np, pd: (_frame(pd).rename_axis(columns="c"), _frame(pd).rename_axis(columns="d")),
         "names", "names", ("names",), PEERS),
    Pair("changed attrs", lambda np, pd: (_with_attrs(_frame(pd)), _frame(pd)), "names", "names", ("names",), PEERS),
    Pair("integer and floating labels", lambda np, pd: (_frame(pd).set_axis([1, 2, 3]), _frame(pd).set_axis([1.0, 2, 3])),
         "index", "index", ("index",), PEERS),
    Pair("a series that lost its name",
         lambda np, pd: (pd.Series([1], name="a"), pd.Series([1])), "names", "names", ("names",), PEERS),
    Pair(
        "days that lost their frequency",
        lambda np, pd: (pd.Series([1, 2, 3], _days(pd)), pd.Series([1, 2, 3], pd.DatetimeIndex(list(_days(pd))))),
        "index", "index", ("index",), PEERS,
    ),
    Pair("a range written out", lambda np, pd: (_frame(pd), _frame(pd).set_axis([0, 1, 2])), EQUAL, "index", (), PEERS),
    Pair("a class of the same name", lambda np, pd: (_named_alike("a"), _named_alike("b")), "type", "type", (), PEERS),
    Pair("temporary paths", lambda np, pd: (Path("/tmp/a1/out.csv"), Path("/tmp/b2/out.csv")), "value", "value", (), PEERS),
    Pair("objects that say they are equal", lambda np, pd: (_AlwaysEqual(1), _AlwaysEqual(2)), "value", "value", (), PEERS),
    Pair("an object no longer shared", lambda np, pd: (_shared(True), _shared(False)), "alias", "alias", ("alias",), PEERS),
    Pair("contents of text buffers", lambda np, pd: (io.StringIO("a"), io.StringIO("b")), "value", "value", (), PEERS),
    # -- the second review: rejected, rightly
    Pair("width of integers", lambda np, pd: (np.ones(2, "i4"), np.ones(2, "i8")), "dtype", "dtype", ("dtype-widening",), PEERS),
    Pair("True and 1", lambda np, pd: (True, 1), "type", "type", (), PEERS),
    Pair("generators of other content", lambda np, pd: ((x for x in (1, 2)), (x for x in (1, 3))), "value", "value", (), PEERS),
    Pair("map objects of other content", lambda np, pd: (map(abs, [1]), map(abs, [2])), "value", "value", (), PEERS),
)  # fmt: skip


def written(value: Any) -> list[Any]:
    """A value as a line of JSON can hold it."""
    tree, buffers = codec.encode(value)
    return [tree, [base64.b64encode(buffer).decode() for buffer in buffers]]


def main() -> None:
    import numpy as np
    import pandas as pd

    for pair in PAIRS:
        expected, actual = pair.make(np, pd)
        print(json.dumps([pair.name, written(expected), written(actual)]))


if __name__ == "__main__":
    main()
