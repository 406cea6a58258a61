"""Meters of a building, read every few minutes: steps of an eighth, holes where one did not answer, counters beside them."""

import numpy as np
import pandas as pd


def meters(seed: int, rows: int, features: int) -> tuple[tuple, dict]:
    """A log of `features` meters over `rows` readings, and a request for rolling features of all of them."""
    rng = np.random.default_rng(seed)
    names = [f"meter_{number}" for number in range(features)]
    frame = pd.DataFrame({name: _meter(rng, rows, number) for number, name in enumerate(names)})
    frame["building"] = pd.Series([("A", "B", "Ost")[choice] for choice in rng.integers(0, 3, rows)], dtype=object)
    if rng.random() < 0.5:
        frame.index = pd.Index(1_700_000_000 + 300 * np.arange(rows), name="read_at")

    windows = [int(window) for window in rng.choice([2, 3, 4, 6, 8, 12], 2, replace=False)]
    return (frame, [str(name) for name in rng.permutation(names)], windows), {"min_count": int(rng.integers(1, 3))}


def _meter(rng: np.random.Generator, rows: int, number: int) -> pd.Series:
    """Every fourth meter counts, the others wander; a meter may be out of order for the whole log."""
    if number % 4 == 3:
        return pd.Series(np.cumsum(rng.integers(0, 3, rows)) - 5, dtype="int64")
    level = np.round(8.0 * (20.0 + np.cumsum(rng.normal(0.0, 0.4, rows)))) / 8.0
    level[rng.random(rows) < 0.04] = -0.0
    level[rng.random(rows) < 0.08] = np.nan
    level[_outage(rng, rows)] = np.nan
    if rng.random() < 0.03:
        level[:] = np.nan
    return pd.Series(level, dtype="float64")


def _outage(rng: np.random.Generator, rows: int) -> slice:
    start = int(rng.integers(0, rows + 1))
    return slice(start, start + int(rng.integers(0, 10)))
