"""Faster: factorize.

The same: numbers in order of first appearance, -1 for what is missing.
"""

# --- before

import numpy as np
import pandas as pd


def codes(names):
    known, found = {}, []
    for name in names:
        found.append(-1 if pd.isna(name) else known.setdefault(name, len(known)))
    return np.array(found, dtype=np.int64)


# --- after

import pandas as pd


def codes(names):
    return pd.factorize(names)[0]


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=5000):
    return (pd.Series([f"n{at}" for at in np.random.default_rng(seed).integers(0, 60, n)]),), {}
