"""Rolling-window features of many columns: what the last few rows looked like, seen from each row.

What exactly comes out is written down in the README ("The features"); `reference.py` says the same thing a second time.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

LARGEST = 1e12  # no meter shows more; beside such a value the others would drown in rounding


def rolling_features(
    frame: pd.DataFrame, columns: Sequence[str], windows: Sequence[int], min_count: int = 1
) -> pd.DataFrame:
    """Return mean, low, high and spread of each column over the last `window` rows, for each of the `windows`.

    Missing values are left out; where fewer than `min_count` are left, the feature is missing too.
    """
    _check_columns(frame, columns)
    _check_windows(windows, min_count)

    features = pd.DataFrame(index=frame.index)
    for column in columns:
        for window in windows:
            for name, statistic in STATISTICS.items():
                feature = _rolled(frame, column, window, min_count, statistic)
                feature.name = f"{column}_{name}_{window}"
                features = pd.concat([features, feature], axis=1)
    return features


def _rolled(
    frame: pd.DataFrame, column: str, window: int, min_count: int, statistic: Callable[[list[float]], float]
) -> pd.Series:
    """One statistic of one column over one length of window."""
    values = frame[column].to_numpy(dtype="float64")
    result = []
    for row in range(len(values)):
        present = _present_values(values, row, window)
        if len(present) < min_count:
            result.append(np.nan)
        else:
            result.append(statistic(present))
    return pd.Series(result, index=frame.index, dtype="float64")


def _present_values(values: np.ndarray, row: int, window: int) -> list[float]:
    """The values of the `window` rows that end with `row`; there are fewer of them at the top of the table."""
    present = []
    for earlier in range(max(0, row - window + 1), row + 1):
        if not math.isnan(values[earlier]):
            present.append(values[earlier] + 0.0)  # adding 0.0 turns -0.0 into 0.0
    return present


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _low(values: list[float]) -> float:
    return min(values)


def _high(values: list[float]) -> float:
    return max(values)


def _spread(values: list[float]) -> float:
    return max(values) - min(values)


STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "mean": _mean,
    "low": _low,
    "high": _high,
    "spread": _spread,
}


def _check_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse columns whose features would be unclear."""
    if len(columns) == 0 or len(set(columns)) != len(columns):
        raise ValueError("name at least one column, and each of them once")
    for column in columns:
        if list(frame.columns).count(column) != 1:
            raise KeyError(f"the frame has no single column {column!r}")
        if not isinstance(frame[column].dtype, np.dtype) or frame[column].dtype.kind not in "iuf":
            raise TypeError(f"column {column!r} holds no plain numbers")
        if (frame[column].astype("float64").abs() > LARGEST).any():
            raise ValueError(f"column {column!r} holds a value beyond {LARGEST:.0e}")


def _check_windows(windows: Sequence[int], min_count: int) -> None:
    if len(windows) == 0 or len(set(windows)) != len(windows) or min(windows) < 1:
        raise ValueError(f"windows are different lengths of at least one row, not {list(windows)}")
    if min_count < 1 or any(window < min_count for window in windows):
        raise ValueError(f"min_count lies between 1 and the shortest window, {min_count} does not")
