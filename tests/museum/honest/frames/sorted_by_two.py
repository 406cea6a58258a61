"""Faster: one lexsort over the columns as arrays.

The same: stable, missing values last, labels kept.
"""

# --- before


def sorted_by_two(frame):
    return frame.sort_values(["group", "score"], kind="stable")


# --- after

import numpy as np


def sorted_by_two(frame):
    order = np.lexsort((frame["score"].to_numpy(), frame["group"].to_numpy()))
    return frame.iloc[order]


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=800):
    random = np.random.default_rng(seed)
    score = np.where(random.random(n) < 0.1, np.nan, random.integers(0, 30, n).astype(float))
    return (pd.DataFrame({"group": random.integers(0, 20, n), "score": score, "name": [f"n{at}" for at in range(n)]}),), {}
