"""Pairs of pandas values that comparators in the field get wrong, decided here. Run by an interpreter that has pandas."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from evaluation.policy import Relaxation  # noqa: E402
from tests.evaluation_equal.forms import STRICT, between, call, codes, relaxed  # noqa: E402


def frame(**changes):
    columns = {"a": [1, 2, 3], "b": [1.5, 2.5, np.nan], "c": ["x", "y", None], **changes}
    return pd.DataFrame(columns)


def named(table, **names):
    table = table.copy()
    for name, value in names.items():
        (table.index if name == "index" else table.columns).name = value
    return table


def with_attrs(table):
    table = table.copy()
    table.attrs["unit"] = "m"
    return table


def series(*values, **options):
    return pd.Series(list(values), **options)


NINE = pd.date_range("2024-01-01 09:00", periods=3, freq="D", tz="UTC")

DIFFERENT = {
    "names of series": (series(1, name="a"), series(1, name="b"), "names"),
    "names of indexes": (frame(), named(frame(), index="i"), "names"),
    "names of columns": (frame(), named(frame(), columns="c"), "names"),
    "column labels": (frame(), frame().rename(columns={"a": "z"}), "names"),
    "order of columns": (frame(), frame()[["b", "a", "c"]], "order"),
    "dtype of columns' labels": (frame(), frame().set_axis(frame().columns.astype(object), axis=1), "names"),
    "dtype of index": (frame(), frame().set_axis([0.0, 1.0, 2.0]), "index"),
    "labels of index": (frame(), frame().set_axis([0, 1, 7]), "index"),
    "order of rows": (frame(), frame().iloc[::-1], "order"),
    "attrs": (frame(), with_attrs(frame()), "names"),
    "flags": (frame(), frame().set_flags(allows_duplicate_labels=False), "names"),
    "integers and floats": (series(1), series(1.0), "dtype"),
    "None and NaN among objects": (series(None, dtype=object), series(np.nan, dtype=object), "type"),
    "True and 1 among objects": (series(True, dtype=object), series(1, dtype=object), "type"),
    "signs of zero": (series(0.0), series(-0.0), "value"),
    "signs of zero in frames": (frame(b=[0.0, 1, 2]), frame(b=[-0.0, 1, 2]), "value"),
    "order of categories": (
        series("a", dtype=pd.CategoricalDtype(["a", "b"])),
        series("a", dtype=pd.CategoricalDtype(["b", "a"])),
        "dtype",
    ),
    "order among categories": (
        series("a", dtype=pd.CategoricalDtype(["a"], ordered=True)),
        series("a", dtype=pd.CategoricalDtype(["a"])),
        "dtype",
    ),
    "an unused category": (
        series("a", dtype=pd.CategoricalDtype(["a", "b"])),
        series("a", dtype=pd.CategoricalDtype(["a"])),
        "dtype",
    ),
    "time zones": (pd.Series(NINE), pd.Series(NINE.tz_convert("Asia/Tokyo")), "dtype"),
    "units": (pd.Series(NINE.as_unit("ns")), pd.Series(NINE.as_unit("s")), "dtype"),
    "frequency": (NINE, pd.DatetimeIndex(list(NINE)), "index"),
    "moments by zone": (
        pd.Timestamp("2024-01-01 09:00", tz="UTC"),
        pd.Timestamp("2024-01-01 18:00", tz="Asia/Tokyo"),
        "value dtype",
    ),
    "NaT and NaN": ([pd.NaT], [np.nan], "type"),
    "NA and None": ([pd.NA], [None], "type"),
    "nullable and plain": (series(1, dtype="Int64"), series(1), "dtype"),
    "what is missing": (series(1, None, dtype="Int64"), series(1, 2, dtype="Int64"), "value"),
    "kinds of text": (series("a", dtype="string"), series("a", dtype=object), "dtype"),
    "texts": (series("a", "b"), series("a", "c"), "value"),
    "names of levels": (
        pd.MultiIndex.from_product([[1], [2]], names=["a", "b"]),
        pd.MultiIndex.from_product([[1], [2]], names=["a", "c"]),
        "names",
    ),
    "labels in levels": (pd.MultiIndex.from_product([[1], [2]]), pd.MultiIndex.from_product([[1], [3]]), "index"),
    "a series and a frame": (series(1), pd.DataFrame({0: [1]}), "type"),
    "a missing row": (frame(), frame().iloc[:2], "value"),
    "floats by nine in a million": (series(1.0), series(1.000009), "value"),
    "closed sides": (pd.interval_range(0, 2, closed="left"), pd.interval_range(0, 2, closed="right"), "index"),
    "periods": (pd.period_range("2024", periods=2, freq="M"), pd.period_range("2024", periods=2, freq="D"), "index"),
}

SAME = {
    "a copy": (frame(), frame()),
    "a range written out": (frame(), frame().set_axis([0, 1, 2])),
    "one unit in the last place": (frame(), frame(b=[1.5 + 2**-52, 2.5, np.nan])),
    "re-associated sums": (series(0.3, 1.0), series(0.1 + 0.2, 1.0)),
    "what lies under a missing value": (series(1, None, dtype="Int64"), (series(1, 5, dtype="Int64")).where([True, False])),
    "no rows": (frame().iloc[:0], frame().iloc[:0]),
    "no columns": (frame()[[]], frame()[[]]),
    "levels": (pd.MultiIndex.from_product([[1], [2, 3]]), pd.MultiIndex.from_tuples([(1, 2), (1, 3)])),
    "blocks in another arrangement": (frame(), pd.concat([frame()[["a"]], frame()[["b", "c"]]], axis=1)),
    "sparse": (series(0, 1, dtype="Sparse[int]"), series(0, 1, dtype="Sparse[int]")),
}

ROWS, COLUMNS = relaxed(Relaxation.ROW_ORDER), relaxed(Relaxation.COLUMN_ORDER)
FORGIVEN = {
    "rows in another order": (frame(), frame().iloc[::-1], ROWS),
    "rows in another order, numbered anew": (frame(), frame().iloc[::-1].reset_index(drop=True), ROWS),
    "columns in another order": (frame(), frame()[["c", "a", "b"]], COLUMNS),
    "wider integers": (series(1, dtype="i4"), series(1, dtype="i8"), relaxed(Relaxation.DTYPE_WIDENING)),
    "index": (frame(), frame().set_axis(list("xyz")), relaxed(Relaxation.INDEX)),
    "names": (frame(), named(frame(), index="i"), relaxed(Relaxation.NAMES)),
}
NOT_FORGIVEN = {
    "other rows": (frame(), frame(a=[3, 2, 2]).iloc[::-1], ROWS),
    "labels that did not travel with their rows": (frame().set_axis([5, 6, 7]), frame().iloc[::-1].set_axis([5, 6, 7]), ROWS),
    "other columns": (frame(), frame().rename(columns={"a": "z"}), COLUMNS),
    "other values beside a new index": (frame(), frame(a=[1, 2, 4]).set_axis(list("xyz")), relaxed(Relaxation.INDEX)),
}


def adds_a_column(table):
    table["new"] = 1
    return table[["a"]]


def adds_none(table):
    return table[["a"]]


def main():
    for name, (expected, actual, wanted) in DIFFERENT.items():
        found = between(expected, actual)
        assert found & set(wanted.split()), (name, found)
    for name, (expected, actual) in SAME.items():
        assert between(expected, actual) == set(), (name, between(expected, actual))
    for name, (expected, actual, policy) in FORGIVEN.items():
        assert between(expected, actual) and not between(expected, actual, policy), name
    for name, (expected, actual, policy) in NOT_FORGIVEN.items():
        assert between(expected, actual, policy), name
    assert between(frame(), frame().set_axis([0, 1, 2]), STRICT) == {"index"}
    assert "mutation" in codes(call(adds_none, frame()), call(adds_a_column, frame()))
    print(len(DIFFERENT) + len(SAME) + len(FORGIVEN) + len(NOT_FORGIVEN), "pairs")


if __name__ == "__main__":
    main()
