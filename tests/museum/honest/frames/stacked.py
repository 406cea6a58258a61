"""Faster: one concat at the end.

The same: the same rows, numbered anew.
"""

# --- before

import pandas as pd


def stacked(parts):
    result = parts[0]
    for part in parts[1:]:
        result = pd.concat([result, part])
    return result.reset_index(drop=True)


# --- after

import pandas as pd


def stacked(parts):
    parts[0]  # no parts is an error, as before
    return pd.concat(parts).reset_index(drop=True)


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=30):
    random = np.random.default_rng(seed)
    return ([pd.DataFrame({"a": random.integers(0, 9, 5), "b": random.normal(size=5)}) for _ in range(n)],), {}
