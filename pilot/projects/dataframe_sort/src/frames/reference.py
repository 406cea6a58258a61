"""The order of `sort.py` in its plainest form: a comparison of two rows, written out. For tests and judges, not for use."""

from collections.abc import Sequence
from functools import cmp_to_key

import pandas as pd


def sort_frame(
    frame: pd.DataFrame, by: Sequence[str], ascending: Sequence[bool], missing: str = "last"
) -> pd.DataFrame:
    """The same contract as `frames.sort.sort_frame`."""
    _refuse_nonsense(frame, by, ascending, missing)
    keys = [frame[column].tolist() for column in by]
    absent = [frame[column].isna().tolist() for column in by]

    def compare(left: int, right: int) -> int:
        for values, lacks, upwards in zip(keys, absent, ascending):
            if lacks[left] and lacks[right]:
                continue
            if lacks[left] or lacks[right]:
                return -1 if lacks[left] == (missing == "first") else 1
            if values[left] < values[right]:
                return -1 if upwards else 1
            if values[right] < values[left]:
                return 1 if upwards else -1
        return left - right

    order = sorted(range(len(frame)), key=cmp_to_key(compare))
    return frame.take(order).reset_index(drop=True)


def _refuse_nonsense(frame: pd.DataFrame, by: Sequence[str], ascending: Sequence[bool], missing: str) -> None:
    if len(by) == 0:
        raise ValueError("name at least one column to sort by")
    if len(by) != len(ascending):
        raise ValueError(f"{len(by)} columns need {len(by)} directions, got {len(ascending)}")
    names = frame.columns.tolist()
    for column in by:
        if names.count(column) != 1:
            raise KeyError(f"the frame has no single column {column!r}")
        if isinstance(frame.dtypes[column], pd.CategoricalDtype):
            raise TypeError(f"column {column!r} is categorical; convert it to what it should be ordered by")
    if missing not in {"first", "last"}:
        raise ValueError(f"missing values come 'first' or 'last', not {missing!r}")
