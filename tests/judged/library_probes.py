"""Pairs of values of polars, pyarrow, scipy.sparse and pandas' less usual kinds. Run by an interpreter that has all of them."""

import datetime
import pickle
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import polars as pl  # noqa: E402
import pyarrow as pa  # noqa: E402
import scipy.sparse as sp  # noqa: E402

from evaluation.correctness.shrinking import shrunk  # noqa: E402
from evaluation.policy import Relaxation  # noqa: E402
from evaluation.probe import codec, decode, layout, shrinking, snippet  # noqa: E402
from tests.evaluation_equal.forms import STRICT, between, call, codes, relaxed, value  # noqa: E402

ROWS, COLUMNS, WIDER = (relaxed(each) for each in (Relaxation.ROW_ORDER, Relaxation.COLUMN_ORDER, Relaxation.DTYPE_WIDENING))


def polars(**changes):
    return pl.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 2.5], "c": ["x", None, "z"], "d": [True, False, None], **changes})


def arrow(**changes):
    return pa.table({"a": [1, 2, 3], "b": [1.5, None, 2.5], "c": ["x", None, "z"], "d": [True, False, None], **changes})


def moments(unit):
    return pl.Series("t", [1, 2, None]).cast(pl.Datetime(unit, "UTC"))


def matrix(*entries, form=sp.csr_array, dtype=float):
    dense = np.zeros((3, 4), dtype)
    for row, column, number in entries:
        dense[row, column] = number
    return form(dense)


def unsorted():
    return sp.csr_array((np.array([2.0, 1.0]), np.array([1, 0]), np.array([0, 2, 2, 2])), shape=(3, 4))


def arrow_column(*items, kind="int64"):
    return pd.Series(list(items), dtype=kind + "[pyarrow]")


MAKERS = {
    "polars": polars,
    "polars, empty": lambda: polars()[:0],
    "polars' columns": lambda: polars()["b"],
    "polars' moments": lambda: moments("us"),
    "polars' categories": lambda: pl.Series(["a", "b"], dtype=pl.Categorical),
    "polars' lists": lambda: pl.Series([[1.5], [], None]),
    "polars' structs": lambda: pl.Series([{"a": 1, "b": 0.3}]),
    "polars' decimals": lambda: pl.Series(["1.20"]).cast(pl.Decimal(10, 2)),
    "polars' lazy frames": lambda: polars().lazy().select("a"),
    "arrow": arrow,
    "arrow, empty": lambda: arrow()[:0],
    "arrow's arrays": lambda: pa.array([1.5, None]),
    "arrow's moments": lambda: pa.array([1, None], pa.timestamp("ns")),
    "arrow's lists": lambda: pa.array([[1], [2, None], None]),
    "arrow's dictionaries": lambda: pa.array(["a", "b"]).dictionary_encode(),
    "arrow's scalars": lambda: pa.scalar(3),
    "arrow's schemas": lambda: pa.schema([("a", pa.int64())]),
    **{form.__name__: lambda form=form: matrix((0, 1, 2.5), (2, 3, 1), form=form) for form in (
        sp.csr_array, sp.csc_array, sp.coo_array, sp.dok_array, sp.lil_array, sp.dia_array, sp.bsr_array, sp.csr_matrix
    )},
    "pandas over arrow": lambda: arrow_column(1, None),
    "pandas' sparse": lambda: pd.Series([0.0, 1.5], dtype="Sparse[float]"),
    "pandas' intervals": lambda: pd.cut(pd.Series([1, 2, 3]), 2),
    "pandas' periods": lambda: pd.Series(pd.period_range("2024", periods=2, freq="M")),
    "pandas' offsets": lambda: pd.offsets.MonthEnd(2),
    "numpy's records": lambda: np.rec.array([(1, 2.0)], dtype="i4,f8"),
    "numpy's texts": lambda: np.char.array(["a"]),
    "numpy's masked": lambda: np.ma.masked,
}  # fmt: skip

DIFFERENT = {
    "polars' integers": (polars(), polars(a=[1, 2, 4]), "value"),
    "polars' floats": (polars(), polars(b=[1.5, None, 2.50001]), "value"),
    "polars' null and NaN": (polars(), polars(b=[1.5, float("nan"), 2.5]), "value"),
    "polars' null and zero": (polars(), polars(b=[1.5, 0.0, 2.5]), "value"),
    "polars' null at another place": (polars(), polars(b=[None, 1.5, 2.5]), "order"),
    "polars' signs of zero": (pl.Series([0.0]), pl.Series([-0.0]), "value"),
    "polars' texts": (polars(), polars(c=["x", None, "y"]), "value"),
    "polars' flags": (polars(), polars(d=[True, True, None]), "value"),
    "polars' dtypes": (polars(), polars(a=pl.Series([1, 2, 3], dtype=pl.Int32)), "dtype"),
    "polars' names": (polars(), polars().rename({"a": "z"}), "names"),
    "polars' names of columns": (pl.Series("a", [1]), pl.Series("b", [1]), "names"),
    "polars' order of columns": (polars(), polars().select("b", "a", "c", "d"), "order"),
    "polars' order of rows": (pl.Series([1, 2, 3]), pl.Series([3, 2, 1]), "order"),
    "polars' units": (moments("us"), moments("ms"), "dtype"),
    "polars' missing rows": (polars(), polars()[:2], "value"),
    "polars, lazy or not": (polars(), polars().lazy(), "lazy"),
    "polars' lazy frames by what they give": (polars().lazy(), polars(a=[1, 2, 4]).lazy(), "value"),
    "polars' expressions": (pl.col("a"), pl.col("a"), "unclear"),
    "polars and arrow": (polars(), arrow(), "type"),
    "arrow's integers": (arrow(), arrow(a=[1, 2, 4]), "value"),
    "arrow's null and zero": (arrow(), arrow(b=[1.5, 0.0, 2.5]), "value"),
    "arrow's floats": (arrow(), arrow(b=[1.5, None, 2.50001]), "value"),
    "arrow's dtypes": (arrow(), arrow(a=pa.array([1, 2, 3], pa.int32())), "dtype"),
    "arrow's names": (arrow(), arrow().rename_columns(["z", "b", "c", "d"]), "names"),
    "arrow's metadata": (arrow(), arrow().replace_schema_metadata({"a": "b"}), "names"),
    "arrow's zones": (pa.array([1], pa.timestamp("us", "UTC")), pa.array([1], pa.timestamp("us")), "dtype"),
    "arrow's scalars": (pa.scalar(3), pa.scalar(4), "value"),
    "sparse values": (matrix((0, 1, 2)), matrix((0, 1, 3)), "value"),
    "sparse places": (matrix((0, 1, 2)), matrix((0, 2, 2)), "value"),
    "sparse formats": (matrix((0, 1, 2)), matrix((0, 1, 2), form=sp.csc_array), "type"),
    "sparse dtypes": (matrix((0, 1, 2)), matrix((0, 1, 2), dtype="f4"), "dtype"),
    "sparse shapes": (matrix(), matrix().T.tocsr(), "value"),
    "sparse arrays and matrices": (matrix((0, 1, 2)), matrix((0, 1, 2), form=sp.csr_matrix), "type"),
    "a zero that is written down": (matrix(), sp.csr_array(([0.0], ([0], [0])), shape=(3, 4)), "value"),
    "pandas over arrow": (arrow_column(1, None), arrow_column(1, 2), "type value"),
    "pandas over arrow, NaN and missing": (
        pd.Series(pa.array([1.5, float("nan")]), dtype="double[pyarrow]"),
        arrow_column(1.5, None, kind="double"),
        "value",
    ),
    "pandas over arrow, missing and zero": (
        arrow_column(1.5, None, kind="double"),
        arrow_column(1.5, 0.0, kind="double"),
        "value",
    ),
    "pandas over arrow or not": (arrow_column(1), pd.Series([1]), "dtype"),
    "pandas' sparse values": (pd.Series([0, 1], dtype="Sparse[int]"), pd.Series([0, 2], dtype="Sparse[int]"), "value"),
    "pandas' offsets": (pd.offsets.MonthEnd(1), pd.offsets.MonthEnd(2), "value"),
}

SAME = {
    "what cancels, over arrow": (arrow_column(1.0, 1e-16, None, kind="double"), arrow_column(1.0, -1e-17, None, kind="double")),
    "polars' rounded floats": (polars(b=[0.3, None, 1.0]), polars(b=[0.1 + 0.2, None, 1.0])),
    "polars' chunks": (pl.Series([1, 2, 3]), pl.concat([pl.Series([1]), pl.Series([2, 3])])),
    "polars' rounded lists": (pl.Series([[0.3]]), pl.Series([[0.1 + 0.2]])),
    "arrow's rounded floats": (arrow(b=[0.3, None, 1.0]), arrow(b=[0.1 + 0.2, None, 1.0])),
    "arrow's chunks": (arrow(), pa.concat_tables([arrow()[:1], arrow()[1:]])),
    "arrow's slices": (pa.array([1, 2, 3])[1:], pa.array([2, 3])),
    "sparse rounded values": (matrix((0, 1, 0.3)), matrix((0, 1, 0.1 + 0.2))),
    "sparse entries in another order": (unsorted(), unsorted().sorted_indices()),
}

FORGIVEN = {
    "polars' rows in another order": (polars(), polars()[::-1], ROWS),
    "polars' columns in another order": (polars(), polars().select("d", "a", "c", "b"), COLUMNS),
    "arrow's rows in another order": (arrow(), arrow().take([2, 0, 1]), ROWS),
    "wider sparse values": (matrix((0, 1, 2), dtype="f4"), matrix((0, 1, 2)), WIDER),
}
NOT_FORGIVEN = {
    "other polars rows": (polars(), polars(a=[3, 2, 2])[::-1], ROWS),
    "other arrow columns": (arrow(), arrow().rename_columns(["z", "b", "c", "d"]), COLUMNS),
}


def target(*args):
    return args


TOLD = {
    "columns of several kinds": pd.DataFrame({"a": [1, 2], "b": [1.5, np.nan], "c": ["x", None], "d": [True, False]}),
    "narrow columns": pd.DataFrame({"a": np.array([1, 2], "i4"), "b": np.array([1.5, 2], "f4")}),
    "a named index": pd.DataFrame({"a": [1]}, index=pd.Index(["x"], name="i")),
    "levels": pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("x", 1)], names=["a", "b"])),
    "named columns": pd.DataFrame({"a": [1]}).rename_axis(columns="c"),
    "days": pd.Series([1, 2], index=pd.date_range("2024", periods=2, freq="D", tz="UTC"), name="n"),
    "categories": pd.DataFrame({"a": pd.Categorical(["a", None], ["b", "a"], ordered=True)}),
    "missing values": pd.Series([1, None], dtype="Int64"),
    "objects": pd.Series([1, "a", None], dtype=object),
    "over arrow": arrow_column(1, None),
    "no rows": pd.DataFrame({"a": np.array([], "f8")}),
    "no columns": pd.DataFrame(index=[0, 1]),
    "part of a range": pd.DataFrame({"a": [1, 2, 3]}).iloc[1:],
}
NOT_TOLD = {
    "attrs": pd.Series([1]).copy(),
    "duplicates": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "many": pd.Series(range(1000)),
    "periods": pd.Series(pd.period_range("2024", periods=2, freq="M")),
}
NOT_TOLD["attrs"].attrs["unit"] = "m"


DECODED = {  # what a check of the project's own can be given
    "missing values": pd.DataFrame({"a": pd.array([1, None]), "b": pd.array([True, None]), "c": pd.array([1.5, None])}),
    "over arrow": [arrow_column(1, None), arrow_column(1.5, None, kind="double")],
    "moments in zones": pd.DataFrame({"t": pd.date_range("2024", periods=2, tz="Europe/Berlin")}),
    "moments": [pd.Timestamp("2024-01-02", tz="UTC"), pd.Timestamp("2024-01-02"), pd.Timedelta(1, "s")],
    "spans": [datetime.date(2024, 1, 2), datetime.timedelta(1, 2, 3)],
    "sparse": [matrix((0, 1, 2.5), (2, 3, 1), form=form) for form in (sp.csr_array, sp.csc_matrix, sp.coo_array)],
}


def decoded(thing):
    tree, buffers = codec.encode(thing)
    return decode.Decoder(tree, buffers).child(tree["root"])


def smallest(frame, shows):
    """What is left of a frame while it shows something."""

    def smaller(data):
        return [layout.dumps(call) for call in shrinking.smaller(*pickle.loads(data))]

    def still(data):
        return shows(pickle.loads(data)[0][0])

    return pickle.loads(shrunk(layout.dumps(((frame,), {})), smaller=smaller, shows=still, seconds=30))[0][0]


def shares(table):
    table.data[:] *= 1
    return sp.csr_array((table.data, table.indices, table.indptr), shape=table.shape)


def copies(table):
    return table.copy()


def scales(table):
    table.data *= 2
    return sp.csr_array(table.shape)


def scales_none(table):
    return sp.csr_array(table.shape)


def without_numpy(make):
    """How a value is written where numpy was never loaded."""
    kept = sys.modules.pop("numpy")
    try:
        return value(make())
    finally:
        sys.modules["numpy"] = kept


def main():
    for name, make in MAKERS.items():
        assert between(make(), make(), STRICT) == set(), (name, between(make(), make(), STRICT))
    for name, (expected, actual, wanted) in DIFFERENT.items():
        for found in (between(expected, actual), between(actual, expected)):
            assert found & set(wanted.split()), (name, found)
    for name, (expected, actual) in SAME.items():
        assert between(expected, actual) == set(), (name, between(expected, actual))
        assert between(expected, actual, STRICT) or name == "polars' chunks" or "slices" in name, name
    for name, (expected, actual, policy) in FORGIVEN.items():
        assert between(expected, actual) and not between(expected, actual, policy), name
    for name, (expected, actual, policy) in NOT_FORGIVEN.items():
        assert between(expected, actual, policy), name
    for name, frame in TOLD.items():
        assert snippet.snippet((frame,), {}, "__main__", "target"), name
    for name, frame in NOT_TOLD.items():
        assert snippet.snippet((frame,), {}, "__main__", "target") is None, name
    for name, thing in DECODED.items():
        assert between(thing, decoded(thing)) == set(), (name, between(thing, decoded(thing)))
    assert list(decoded(map(str, [1, 2]))) == ["1", "2"]
    table = pd.DataFrame({"a": range(200), "b": np.linspace(0, 1, 200), "c": list("xyzw") * 50}, index=range(5, 205))
    left = smallest(table, lambda frame: "a" in frame and bool((frame["a"] > 150).any()))
    assert left.to_dict("list") == {"a": [151]} and list(left.index) == [0], left
    assert codes(call(copies, matrix((0, 1, 2))), call(shares, matrix((0, 1, 2)))) == {"alias"}
    assert "mutation" in codes(call(scales_none, matrix((0, 1, 2))), call(scales, matrix((0, 1, 2))))
    assert codes(value(polars()), without_numpy(polars), STRICT) == set()
    print(
        len(DECODED) + len(TOLD) + len(NOT_TOLD) + len(MAKERS) + len(DIFFERENT) + len(SAME) + len(FORGIVEN) + len(NOT_FORGIVEN),
        "pairs",
    )


if __name__ == "__main__":
    main()
