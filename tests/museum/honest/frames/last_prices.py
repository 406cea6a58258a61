"""Faster: merge_asof instead of a mask for every row.

The same: of quotes at one time the last one counts.
"""

# --- before

import numpy as np


def last_prices(trades, quotes):
    quotes = quotes.sort_values("time", kind="stable")
    found = []
    for time in np.sort(trades["time"].to_numpy()):
        earlier = quotes.loc[quotes["time"] <= time, "price"]
        found.append(earlier.iloc[-1] if len(earlier) else np.nan)
    return np.array(found, dtype=float)


# --- after

import pandas as pd


def last_prices(trades, quotes):
    ordered = quotes.sort_values("time", kind="stable")[["time", "price"]]
    merged = pd.merge_asof(trades[["time"]].sort_values("time"), ordered, on="time")
    return merged["price"].to_numpy(dtype=float, copy=True)


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=150):
    random = np.random.default_rng(seed)
    quotes = pd.DataFrame({"time": random.integers(0, 999, n), "price": random.uniform(1, 9, n)})
    return (pd.DataFrame({"time": random.integers(0, 999, n)}), quotes), {}
