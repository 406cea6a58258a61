"""The match of `join.py` in its plainest form: all candidates of an event, and the greatest of them. For tests and judges."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd


def match_events(
    events: pd.DataFrame, readings: pd.DataFrame, columns: Sequence[str], tolerance: float | None = None
) -> pd.DataFrame:
    """The same contract as `events.join.match_events`."""
    _refuse_nonsense(events, readings, columns)
    times, devices = readings["time"].tolist(), readings["device"].tolist()

    def position_for(time: float, device: object) -> int | None:
        candidates = [
            (times[position], position)
            for position in range(len(times))
            if isinstance(device, str) and devices[position] == device and times[position] <= time
        ]
        if not candidates:
            return None
        latest, position = max(candidates)
        return None if tolerance is not None and time - latest > tolerance else position

    own = events["time"].tolist()
    found = [position_for(time, device) for time, device in zip(own, events["device"].tolist())]

    added: dict[str, pd.Series] = {
        "matched": pd.Series([position is not None for position in found], index=events.index, dtype="bool"),
        "age": _numbers([math.nan if at is None else own[row] - times[at] for row, at in enumerate(found)], events.index),
    }
    for column in columns:
        source = readings[column].tolist()
        added[column] = _numbers([math.nan if at is None else source[at] for at in found], events.index)
    return events.assign(**added)


def _numbers(values: list[float], index: pd.Index) -> pd.Series:
    return pd.Series([float(value) for value in values], index=index, dtype="float64")


def _refuse_nonsense(events: pd.DataFrame, readings: pd.DataFrame, columns: Sequence[str]) -> None:
    for name, frame in {"events": events, "readings": readings}.items():
        for column in ("time", "device"):
            if frame.columns.tolist().count(column) != 1:
                raise KeyError(f"the {name} have no single column {column!r}")
        times = frame["time"]
        if str(times.dtype) != "float64" or any(math.isinf(time) for time in times):
            raise TypeError(f"the times of the {name} must be seconds as float64, finite or missing")
    for column in columns:
        if readings.columns.tolist().count(column) != 1:
            raise KeyError(f"the readings have no single column {column!r}")
        dtype = readings[column].dtype
        if not (isinstance(dtype, np.dtype) and dtype.kind in ("b", "i", "u", "f")):
            raise TypeError(f"column {column!r} of the readings holds no plain numbers")
    added = ["matched", "age", *columns]
    if sorted(added) != sorted(set(added)) or any(name in events.columns for name in added):
        raise ValueError(f"the result would have two columns of one name: {added}")
