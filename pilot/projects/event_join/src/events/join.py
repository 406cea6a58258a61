"""Attach to each event the last reading that its device had sent by then.

What exactly comes out is written down in the README ("The match"); `reference.py` says the same thing a second time.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def match_events(
    events: pd.DataFrame, readings: pd.DataFrame, columns: Sequence[str], tolerance: float | None = None
) -> pd.DataFrame:
    """Return `events` with `matched`, `age` and the reading's `columns` added, one row per event.

    An event gets the last reading of the same `device` whose `time` is not later than its own, and with a `tolerance`
    (in seconds) only if that reading is no older than it. Neither table has to be sorted.
    """
    _check_tables(events, readings, columns)

    known_devices = readings["device"].dropna().tolist()
    sent = readings.to_dict("records")

    matched = []
    ages = []
    values = {column: [] for column in columns}
    for _, event in events.iterrows():
        reading = None
        if event["device"] in known_devices:
            reading = _last_reading(sent, event["device"], event["time"])
        if reading is not None and _is_too_old(reading, event["time"], tolerance):
            reading = None

        matched.append(reading is not None)
        ages.append(event["time"] - reading["time"] if reading is not None else np.nan)
        for column in columns:
            values[column].append(reading[column] if reading is not None else np.nan)

    return _with_matches(events, matched, ages, values)


def _last_reading(sent: list[dict], device: str, time: float) -> dict | None:
    """The latest reading of `device` up to `time`; of several at the same moment the one that stands last."""
    last = None
    for reading in sent:
        if reading["device"] != device:
            continue
        # A missing time, here or there, compares as false: it never matches.
        if reading["time"] <= time and (last is None or reading["time"] >= last["time"]):
            last = reading
    return last


def _is_too_old(reading: dict, time: float, tolerance: float | None) -> bool:
    return tolerance is not None and time - reading["time"] > tolerance


def _with_matches(events: pd.DataFrame, matched: list, ages: list, values: dict[str, list]) -> pd.DataFrame:
    result = events.copy()
    result["matched"] = np.array(matched, dtype="bool")
    result["age"] = np.array(ages, dtype="float64")
    for column in values:
        result[column] = np.array(values[column], dtype="float64")
    return result


def _check_tables(events: pd.DataFrame, readings: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse tables for which the match, or the result's columns, would be unclear."""
    for frame, name in ((events, "events"), (readings, "readings")):
        for column in ("time", "device"):
            if list(frame.columns).count(column) != 1:
                raise KeyError(f"the {name} have no single column {column!r}")
        if frame["time"].dtype != "float64" or np.isinf(frame["time"]).any():
            raise TypeError(f"the times of the {name} must be seconds as float64, finite or missing")
    for column in columns:
        if list(readings.columns).count(column) != 1:
            raise KeyError(f"the readings have no single column {column!r}")
        if not isinstance(readings[column].dtype, np.dtype) or readings[column].dtype.kind not in "biuf":
            raise TypeError(f"column {column!r} of the readings holds no plain numbers")
    added = ["matched", "age", *columns]
    if len(set(added)) != len(added) or set(added) & set(events.columns):
        raise ValueError(f"the result would have two columns of one name: {added}")
