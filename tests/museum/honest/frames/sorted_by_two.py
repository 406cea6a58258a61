"""Faster: one lexsort over the columns as arrays instead of a key for each row.

The same: stable, missing values last, labels kept.
"""

# --- before


def sorted_by_two(frame):
    def key(at):
        score = frame["score"].iat[at]
        return frame["group"].iat[at], score != score, 0.0 if score != score else score

    return frame.iloc[sorted(range(len(frame)), key=key)]


# --- after

import numpy as np


def sorted_by_two(frame):
    order = np.lexsort((frame["score"].to_numpy(), frame["group"].to_numpy()))
    return frame.iloc[order]


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=300):
    random = np.random.default_rng(seed)
    score = np.where(random.random(n) < 0.1, np.nan, random.integers(0, 30, n).astype(float))
    return (pd.DataFrame({"group": random.integers(0, 20, n), "score": score, "name": [f"n{at}" for at in range(n)]}),), {}
