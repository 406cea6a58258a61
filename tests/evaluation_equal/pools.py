"""Each pool of special inputs that we promise, and what shows that a value is of it. Run by an interpreter that has pandas.

`SIMPLE` needs no library but numpy, `TABLES` pandas and pyarrow. What a value is changed from stands beside what must come of it.
"""

import pickle
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from evaluation.probe.calls import changed

LOOKS, EDGES = 10, 100  # times as many changed inputs as one confirmation asks for: all of it is drawn within these
WORDS = ["b", "a", "c", "a"] * 4
FLOATS = [1.5, -2.25, 3.75, 0.5] * 4
NUMBERS = np.array(FLOATS)
DAYS = np.arange("2024-01-01", "2024-01-17", dtype="M8[D]")


def shown(value):
    """What `value` is changed into, drawn and passed on as for a comparison."""
    for look in range(LOOKS):
        samples = changed(Random(look), [("generator", ((value,), {}))] * 24, EDGES, True)
        yield from (pickle.loads(data)[0][0] for _, _, data in filter(None, samples))


def missing_pools(pools):
    """The names of those of which no value came."""
    return [name for name, (value, shows) in pools.items() if not any(_sure(shows, made) for made in shown(value))]


def _sure(shows, made):
    try:
        with np.errstate(all="ignore"):
            return bool(shows(made))
    except (KeyError, AttributeError, TypeError):  # columns that are not there, or twice
        return False


def holds(wanted):
    """Whether an array or list has one item like this, bit by bit where it is a float."""
    return lambda made: any(type(item) is type(wanted) and repr(item) == repr(wanted) for item in _items(made))


def _items(made):
    return made.ravel().tolist() if isinstance(made, np.ndarray) else list(made)


def reaches(dtype):
    """Both ends of a dtype, in one array or in two."""
    array, info = np.arange(16, dtype=dtype), np.iinfo(dtype)
    return {f"{end} of {dtype}": (array, holds(int(getattr(info, end)))) for end in ("min", "max")}


def far(made):
    """Around a large offset."""
    return len(set(made)) > 2 and np.all(np.abs(made) > 1e5) and np.all(np.isfinite(made)) and np.ptp(made) < 1e3


def constant(made):
    return len(made) > 3 and len(set(_items(made))) == 1


SIMPLE = {
    "NaN in lists": (FLOATS, holds(float("nan"))),
    "NaN in arrays": (NUMBERS, holds(float("nan"))),
    "NaN in complex arrays": (NUMBERS * 1j, lambda made: np.isnan(made).any()),
    "NaT in arrays of moments": (DAYS, lambda made: np.isnat(made).any()),
    "NaT in arrays of spans": (DAYS - DAYS[0], lambda made: np.isnat(made).any()),
    "None in lists": (WORDS, lambda made: None in made),
    "None in lists of numbers": (FLOATS, lambda made: None in made),
    "None in dicts in lists": ([{"a": 1, "b": 2}] * 3, lambda made: any(None in row.values() for row in made if row)),
    "more None in lists that have it": (["a", None, "b"], lambda made: made.count(None) > 1 and len(made) == 3),
    "None in arrays of objects": (np.array(WORDS, dtype=object), holds(None)),
    "zeros in lists": (FLOATS, holds(-0.0)),
    "zeros in arrays": (NUMBERS, lambda made: (made == 0).any() and np.signbit(made[made == 0]).any()),
    "infinities in lists": (FLOATS, holds(float("-inf"))),
    "infinities in arrays": (NUMBERS, holds(float("inf"))),
    "infinities in complex arrays": (NUMBERS * 1j, lambda made: np.isinf(made).any()),
    "denormals": (NUMBERS, holds(5e-324)),
    "huge floats": (NUMBERS, holds(-1e308)),
    "the largest float32": (NUMBERS.astype("f4"), holds(float(np.finfo("f4").max))),
    "beyond exact floats, in lists": ([1, 2, 3], holds(2**53 + 1)),
    "extreme whole numbers in lists": ([1, 2, 3], holds(-(2**63))),
    **reaches("int8"), **reaches("int16"), **reaches("int32"), **reaches("int64"),
    **reaches("uint8"), **reaches("uint16"), **reaches("uint64"),
    "ties in lists": (FLOATS[:3], lambda made: len(made) == 3 and len(set(made)) < 3),
    "ties in arrays": (NUMBERS[:4], lambda made: len(made) == 4 and len(set(made.tolist())) < 4),
    "nothing in lists": (FLOATS, lambda made: made == []),
    "nothing in texts": ("abc", lambda made: made == ""),
    "nothing in arrays": (NUMBERS, lambda made: made.size == 0),
    "one row": (NUMBERS, lambda made: made.size == 1),
    "strided": (NUMBERS, lambda made: made.size == 16 and not made.flags.contiguous),
    "read-only": (NUMBERS, lambda made: not made.flags.writeable),
    "Fortran order": (NUMBERS.reshape(4, 4), lambda made: made.flags.f_contiguous and not made.flags.c_contiguous),
    "ill-conditioned lists": (FLOATS, far),
    "ill-conditioned arrays": (NUMBERS, far),
    "constant arrays": (NUMBERS, constant),
    "whole numbers in arrays": (NUMBERS, lambda made: made.size > 3 and not (made % 1).any() and len(set(made.tolist())) > 2),
}  # fmt: skip


def tables():
    """The pools of tables."""
    import pandas as pd

    zone = pd.date_range("2024-01-01", periods=16, tz="UTC")
    frame = pd.DataFrame({"x": FLOATS, "n": range(16), "when": zone.tz_localize(None), "name": WORDS})
    frame["kind"], frame["at"] = pd.Categorical(WORDS), zone
    frame["maybe"], frame["arrow"] = pd.array(range(16), dtype="Int64"), pd.array(FLOATS, dtype="float64[pyarrow]")
    frame["few"] = np.arange(16, dtype="i1")
    row = {"no rows": lambda made: len(made) == 0, "one row": lambda made: len(made) == 1}

    def plain(name):
        return lambda made: made[name].to_numpy() if name in made and isinstance(made[name], pd.Series) else np.array([])

    x, few, n = plain("x"), plain("few"), plain("n")
    of_frames = {
        **row,
        "no columns": lambda made: made.shape[1] == 0,
        "labels of columns that repeat": lambda made: made.columns.has_duplicates,
        "an index that repeats": lambda made: made.index.nlevels == 1 and made.index.has_duplicates,
        "two levels of index": lambda made: isinstance(made.index, pd.MultiIndex),
        "an unsorted index": lambda made: made.index.nlevels == 1 and not made.index.is_monotonic_increasing,
        "ties": lambda made: 3 < len(set(made["n"])) < len(made) == 16 if "n" in made else False,
        "NaN": lambda made: np.isnan(x(made)).any(),
        "NaT": lambda made: made["when"].isna().any(),
        "None": lambda made: made["name"].isna().any(),
        "signs of zero": lambda made: np.signbit(x(made)[x(made) == 0]).any(),
        "infinities": lambda made: np.isinf(x(made)).any(),
        "the least of a small dtype": lambda made: few(made).size and few(made).min() == -128 and few(made).dtype == "i1",
        "the most of a small dtype": lambda made: few(made).size and few(made).max() == 127,
        "the least int64": lambda made: n(made).size and n(made).min() == -(2**63),
        "the most int64": lambda made: n(made).size and n(made).max() == 2**63 - 1,
        "a large offset": lambda made: far(x(made)),
        "a constant column": lambda made: len(made) == 16 and constant(x(made)),
        "whole numbers": lambda made: len(made) == 16 and not (x(made) % 1).any() and len(set(x(made))) > 2,
        "a category that no row has": lambda made: (
            len(made) > 1 and len(set(made["kind"].cat.categories) - set(made["kind"])) > 0
        ),
        "categories in another order": lambda made: list(made["kind"].cat.categories) not in ([], ["a", "b", "c"]),
        "another time zone": lambda made: str(made["at"].dt.tz) not in ("UTC", "None"),
        "missing in nullable columns": lambda made: made["maybe"].isna().any() and str(made["maybe"].dtype) == "Int64",
        "missing in Arrow columns": lambda made: made["arrow"].isna().any() and "pyarrow" in str(made["arrow"].dtype),
    }
    return {
        **{f"{name} in frames": (frame, shows) for name, shows in of_frames.items()},
        **{f"{name} in series": (frame["x"], shows) for name, shows in row.items()},
        "a large offset on series": (frame["x"], lambda made: far(made.to_numpy())),
        "a constant series": (frame["n"], lambda made: constant(made.to_numpy())),
        "NaT in series": (frame["when"], lambda made: made.isna().any()),
        "two levels of index on series": (frame["x"], lambda made: isinstance(made.index, pd.MultiIndex)),
        "an index that repeats on series": (frame["x"], lambda made: made.index.nlevels == 1 and made.index.has_duplicates),
        "the least of unsigned series": (frame["few"].astype("u1"), lambda made: len(made) > 1 and made.max() == 255),
    }


if __name__ == "__main__":
    found = tables()
    print(len(found), *missing_pools(found), sep="\n")
