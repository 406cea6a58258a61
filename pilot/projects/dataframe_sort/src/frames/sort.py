"""Order the rows of a report table by several columns, each in its own direction.

What exactly comes out is written down in the README ("The order"); `reference.py` says the same thing a second time.
"""

from collections.abc import Sequence

import pandas as pd

Row = tuple[int, list[object]]


def sort_frame(
    frame: pd.DataFrame, by: Sequence[str], ascending: Sequence[bool], missing: str = "last"
) -> pd.DataFrame:
    """Return the rows of `frame` ordered by the columns `by`, the most important one first.

    `ascending` holds one direction per column. Missing values come "first" or "last", whatever the direction.
    Rows that tie in every column keep their order. The result is numbered from 0.
    """
    _check_keys(frame, by, ascending)
    _check_missing(missing)

    rows: list[Row] = []
    for position in range(len(frame)):
        values = []
        for column in by:
            values.append(frame[column].iloc[position])
        rows.append((position, values))

    # The least important column goes first: each later pass is stable and keeps that order within its ties.
    for level in reversed(range(len(by))):
        rows = _sort_by_level(rows, level, ascending[level], missing)

    order = [position for position, _ in rows]
    return frame.iloc[order].reset_index(drop=True)


def _sort_by_level(rows: list[Row], level: int, upwards: bool, missing: str) -> list[Row]:
    """Sort by one of the key values; the rows that lack it are kept together at one end."""
    present = []
    absent = []
    for row in rows:
        if pd.isna(row[1][level]):
            absent.append(row)
        else:
            present.append(row)

    # `reverse=True` keeps the order of equal rows, which `sorted(...)[::-1]` would not.
    present = sorted(present, key=lambda row: row[1][level], reverse=not upwards)
    if missing == "first":
        return absent + present
    return present + absent


def _check_keys(frame: pd.DataFrame, by: Sequence[str], ascending: Sequence[bool]) -> None:
    """Refuse keys that say nothing, or not clearly what they mean."""
    if len(by) == 0:
        raise ValueError("name at least one column to sort by")
    if len(by) != len(ascending):
        raise ValueError(f"{len(by)} columns need {len(by)} directions, got {len(ascending)}")
    for column in by:
        if list(frame.columns).count(column) != 1:
            raise KeyError(f"the frame has no single column {column!r}")
        if isinstance(frame[column].dtype, pd.CategoricalDtype):
            raise TypeError(f"column {column!r} is categorical; convert it to what it should be ordered by")


def _check_missing(missing: str) -> None:
    if missing not in ("first", "last"):
        raise ValueError(f"missing values come 'first' or 'last', not {missing!r}")
