"""A day in a workshop: machines that report now and then, some late, and events that somebody wants explained."""

import numpy as np
import pandas as pd

KINDS = ["start", "stop", "jam", "door", "Überlast"]


def tables(seed: int, rows: int, features: int) -> tuple[tuple, dict]:
    """`rows` events and as many readings with `features` values each, from one machine in about forty rows."""
    rng = np.random.default_rng(seed)
    machines = [f"machine-{number:02d}" for number in range(max(2, rows // 40 + 1))]
    readings = _readings(rng, rows, features, machines)
    events = _events(rng, rows, [*machines, "machine-new"])
    columns = [name for name in readings.columns if name not in ("time", "device")]
    tolerance = None if rng.random() < 0.3 else float(rng.choice([30.0, 300.0, 3600.0]))
    return (events, readings, columns), {"tolerance": tolerance}


def _readings(rng: np.random.Generator, rows: int, features: int, machines: list[str]) -> pd.DataFrame:
    columns = {"time": _times(rng, rows), "device": _devices(rng, rows, machines, 0.02)}
    for number in range(features):
        columns[f"{('temperature', 'pieces', 'alarm')[number % 3]}_{number}"] = _values(rng, rows, number % 3)
    return pd.DataFrame(columns)


def _events(rng: np.random.Generator, rows: int, machines: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "kind": pd.Series([KINDS[choice] for choice in rng.integers(0, len(KINDS), rows)], dtype=object),
            "time": _times(rng, rows),
            "device": _devices(rng, rows, machines, 0.03),
            "operator": pd.Series(rng.integers(100, 130, rows), dtype="int64"),
        }
    )
    if rng.random() < 0.3:  # a selection of a longer list: labels with gaps, in no order
        frame.index = pd.Index(rng.permutation(rows * 2)[:rows])
    return frame


def _times(rng: np.random.Generator, rows: int) -> pd.Series:
    """Seconds of the day to the half second, mostly in order, with ties, stragglers and a few that were lost."""
    times = np.sort(np.round(rng.uniform(0.0, 4.0 * rows + 10.0, rows) * 2.0) / 2.0)
    late = np.flatnonzero(rng.random(rows) < 0.1)
    times[late] = times[rng.permutation(late)]
    times[rng.random(rows) < 0.02] = np.nan
    return pd.Series(times, dtype="float64")


def _devices(rng: np.random.Generator, rows: int, machines: list[str], gaps: float) -> pd.Series:
    names = [machines[choice] for choice in rng.integers(0, len(machines), rows)]
    return pd.Series([None if gap else name for name, gap in zip(names, rng.random(rows) < gaps)], dtype=object)


def _values(rng: np.random.Generator, rows: int, kind: int) -> pd.Series:
    if kind == 1:
        return pd.Series(rng.integers(0, 500, rows), dtype="int64")
    if kind == 2:
        return pd.Series(rng.random(rows) < 0.1)
    values = np.round(rng.normal(60.0, 8.0, rows), 1)
    values[rng.random(rows) < 0.05] = np.nan
    return pd.Series(values, dtype="float64")
