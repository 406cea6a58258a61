"""Faster: columns zipped instead of iterrows.

The same: the same texts.
"""

# --- before


def labelled(frame):
    return [f"{row['name']}:{row['count']}" for _, row in frame.iterrows()]


# --- after


def labelled(frame):
    return [f"{name}:{count}" for name, count in zip(frame["name"], frame["count"])]


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=150):
    random = np.random.default_rng(seed)
    return (pd.DataFrame({"name": [f"n{at}" for at in random.integers(0, 99, n)], "count": random.integers(0, 9, n)}),), {}
