"""The features of `rolling.py` in their plainest form: one row, one window, one number. For tests and judges, not for use."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd


def rolling_features(
    frame: pd.DataFrame, columns: Sequence[str], windows: Sequence[int], min_count: int = 1
) -> pd.DataFrame:
    """The same contract as `features.rolling.rolling_features`."""
    _refuse_nonsense(frame, columns, windows, min_count)
    features: dict[str, list[float]] = {}
    for column in columns:
        numbers = [0.0 if number == 0 else float(number) for number in frame[column].tolist()]
        for window in windows:
            ends = range(1, len(numbers) + 1)
            cuts = [numbers[max(0, end - window) : end] for end in ends]
            kept = [[number for number in cut if not math.isnan(number)] for cut in cuts]
            features[f"{column}_mean_{window}"] = [_or_missing(_mean, cut, min_count) for cut in kept]
            features[f"{column}_low_{window}"] = [_or_missing(min, cut, min_count) for cut in kept]
            features[f"{column}_high_{window}"] = [_or_missing(max, cut, min_count) for cut in kept]
            features[f"{column}_spread_{window}"] = [_or_missing(_spread, cut, min_count) for cut in kept]
    return pd.DataFrame(features, index=frame.index, columns=list(features), dtype="float64")


def _or_missing(statistic, numbers: list[float], min_count: int) -> float:
    return statistic(numbers) if len(numbers) >= min_count else math.nan


def _mean(numbers: list[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _spread(numbers: list[float]) -> float:
    ordered = sorted(numbers)
    return ordered[-1] - ordered[0]


def _refuse_nonsense(frame: pd.DataFrame, columns: Sequence[str], windows: Sequence[int], min_count: int) -> None:
    if not columns or sorted(columns) != sorted(set(columns)):
        raise ValueError("name at least one column, and each of them once")
    for column in columns:
        if frame.columns.tolist().count(column) != 1:
            raise KeyError(f"the frame has no single column {column!r}")
        dtype = frame.dtypes[column]
        if not (isinstance(dtype, np.dtype) and dtype.kind in ("i", "u", "f")):
            raise TypeError(f"column {column!r} holds no plain numbers")
        if any(abs(number) > 1e12 for number in frame[column].tolist()):
            raise ValueError(f"column {column!r} holds a value beyond 1e+12")
    if sorted(windows) != sorted(set(windows)) or min(windows, default=0) < 1:
        raise ValueError(f"windows are different lengths of at least one row, not {list(windows)}")
    if min_count < 1 or min(windows) < min_count:
        raise ValueError(f"min_count lies between 1 and the shortest window, {min_count} does not")
