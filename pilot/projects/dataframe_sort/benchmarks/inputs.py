"""Order books as they come out of a shop's export: repeated regions, round prices, gaps, dates."""

from collections.abc import Callable

import numpy as np
import pandas as pd

REGIONS = ["north", "south", "east", "west", "Überlingen", "north-west", ""]
Column = Callable[[np.random.Generator, int], pd.Series]


def frames(seed: int, rows: int, features: int) -> tuple[tuple, dict]:
    """A frame of `features` columns and a request to sort it by about half of them."""
    rng = np.random.default_rng(seed)
    names = [f"{KINDS[number % len(KINDS)].__name__}_{number}" for number in range(features)]
    columns = {name: KINDS[number % len(KINDS)](rng, rows) for number, name in enumerate(names)}
    frame = pd.DataFrame(columns)
    if rng.random() < 0.3:  # an export that was filtered before: labels with gaps, in no order
        frame.index = pd.Index(rng.permutation(rows * 2)[:rows])

    keys = rng.permutation(features)[: max(1, features // 2)]
    by = [names[key] for key in keys]
    ascending = [bool(flag) for flag in rng.integers(0, 2, len(by))]
    missing = "first" if rng.random() < 0.5 else "last"
    return (frame, by, ascending), {"missing": missing}


def region(rng: np.random.Generator, rows: int) -> pd.Series:
    """Few different strings: many ties, some missing."""
    values = [REGIONS[choice] for choice in rng.integers(0, len(REGIONS), rows)]
    return pd.Series(_with_gaps(rng, values), dtype=object)


def price(rng: np.random.Generator, rows: int) -> pd.Series:
    """Amounts with two decimals, credit notes, both zeros, gaps."""
    values = np.round(rng.gamma(2.0, 20.0, rows), 2)
    values[rng.random(rows) < 0.05] *= -1.0
    values[rng.random(rows) < 0.03] = 0.0
    values[rng.random(rows) < 0.03] = -0.0
    values[rng.random(rows) < 0.08] = np.nan
    return pd.Series(values)


def quantity(rng: np.random.Generator, rows: int) -> pd.Series:
    """Small whole numbers, and now and then two that differ only beyond the precision of a float."""
    values = rng.integers(1, 12, rows)
    values[rng.random(rows) < 0.02] = 2**53
    values[rng.random(rows) < 0.02] = 2**53 + 1
    return pd.Series(values, dtype="int64")


def shipped(rng: np.random.Generator, rows: int) -> pd.Series:
    """Days of one quarter; what is not shipped yet has none."""
    days = np.datetime64("2025-01-01", "ns") + rng.integers(0, 90, rows).astype("timedelta64[D]")
    days[rng.random(rows) < 0.1] = np.datetime64("NaT")
    return pd.Series(days)


def urgent(rng: np.random.Generator, rows: int) -> pd.Series:
    """A flag: nothing but ties."""
    return pd.Series(rng.random(rows) < 0.2)


def weight(rng: np.random.Generator, rows: int) -> pd.Series:
    """Measured values, hardly ever equal."""
    return pd.Series(rng.normal(10.0, 3.0, rows))


KINDS: list[Column] = [region, price, quantity, shipped, weight, urgent]


def _with_gaps(rng: np.random.Generator, values: list[str]) -> list[str | None]:
    return [None if gap else value for value, gap in zip(values, rng.random(len(values)) < 0.06)]
