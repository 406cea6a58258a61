"""Faster: columns as arrays instead of iterrows.

The same: a list of Python floats.
"""

# --- before


def amounts(frame):
    found = []
    for _, row in frame.iterrows():
        found.append(float(row["price"] * row["count"]))
    return found


# --- after


def amounts(frame):
    return (frame["price"].to_numpy() * frame["count"].to_numpy()).tolist()


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=150):
    random = np.random.default_rng(seed)
    return (pd.DataFrame({"price": random.uniform(1, 9, n), "count": random.uniform(1, 5, n)}),), {}
