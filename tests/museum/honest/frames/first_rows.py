"""Faster: duplicated instead of a set of tuples filled row by row.

The same: the first of equal rows, with its label.
"""

# --- before

import numpy as np


def first_rows(frame):
    seen, kept = set(), []
    for at in range(len(frame)):
        row = (int(frame["a"].iat[at]), int(frame["b"].iat[at]))
        kept.append(row not in seen)
        seen.add(row)
    return frame[np.array(kept, dtype=bool)]


# --- after


def first_rows(frame):
    return frame[~frame.duplicated(["a", "b"])]


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=200):
    random = np.random.default_rng(seed)
    return (pd.DataFrame({"a": random.integers(0, 12, n), "b": random.integers(0, 12, n)}),), {}
