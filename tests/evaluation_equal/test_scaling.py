"""Calls of a test made larger: what a function looks things up by stays what it was."""

import json
import subprocess
from pathlib import Path
from random import Random

import pytest

from evaluation.probe.scaling import grow

PANDAS = """
import json, sys
from random import Random
sys.path.insert(0, sys.argv[1])
import numpy as np, pandas as pd
from evaluation.probe.scaling import grow

def grown(index, length=50):
    table = pd.DataFrame({"ticker": list("abcd"), "price": [1.0, 2.0, 3.0, 4.0]}, index=index)
    (table, name), _ = grow((table, "ticker"), {}, length, Random(1))
    index = table.index
    return [name, len(table), str(index.dtype), index.is_monotonic_increasing, index.is_unique, index.name]

days = pd.date_range("2024-01-01", periods=4, freq="D")
print(json.dumps([
    grown(days.rename("day")),
    grown(days.tz_localize("Europe/Paris")),
    grown(pd.DatetimeIndex(days[[0, 1, 2, 3]].to_numpy())),
    grown(pd.period_range("2024-01", periods=4, freq="M")),
    grown(pd.RangeIndex(4)),
    grown(pd.Index([1, 3, 5, 9])),
    grown(pd.date_range("1700-01-01", "2250-01-01", periods=4)),
    grown(pd.Index(list("wxyz"), name="key")),
]))
"""


def test_a_text_beside_what_has_rows_is_a_name_and_stays():
    (rows, name), more = grow(([1, 2, 3], "ticker"), {"by": "price"}, 10, Random(1))

    assert (len(rows), name, more) == (10, "ticker", {"by": "price"})


def test_a_text_grows_where_nothing_else_can():
    (text, count), _ = grow(("to be or not", 3), {}, 100, Random(1))

    assert (98 < len(text) <= 100, count) == (True, 3)


@pytest.mark.slow
def test_an_index_goes_on_where_it_has_a_pace_of_its_own(pandas_python):
    root = str(Path(__file__).parents[2])
    told = subprocess.run([str(pandas_python), "-c", PANDAS, root], capture_output=True, text=True, check=True, timeout=60)

    day, zoned, paced, period, counted, odd, wide, keyed = json.loads(told.stdout)
    for found in (day, zoned, paced, period, counted, odd):
        assert (found[:2], found[3:5]) == (["ticker", 50], [True, True]), found
    assert (day[2].startswith("datetime64"), day[5], "Europe/Paris" in zoned[2]) == (True, "day", True)
    assert (period[2], counted[2], odd[2]) == ("period[M]", "int64", "int64")
    assert (wide[1], wide[3], keyed[1], keyed[3], keyed[5]) == (50, True, 50, True, "key")
