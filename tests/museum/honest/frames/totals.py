"""Faster: one groupby instead of a mask for every key.

The same: integers, keys sorted.
"""

# --- before


def totals(frame):
    found = {}
    for key in sorted(frame["key"].unique().tolist()):
        found[key] = int(frame.loc[frame["key"] == key, "value"].sum())
    return found


# --- after


def totals(frame):
    return frame.groupby("key")["value"].sum().to_dict()


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=1000):
    random = np.random.default_rng(seed)
    return (pd.DataFrame({"key": random.integers(0, 40, n), "value": random.integers(0, 99, n)}),), {}
