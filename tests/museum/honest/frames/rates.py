"""Faster: one map through the dict instead of a look-up of each row.

The same: codes that are not in it count as zero.
"""

# --- before

import pandas as pd

RATES = {"de": 1.19, "at": 1.2, "ch": 1.081}


def rates(codes):
    found = [RATES.get(codes.iloc[at], 0.0) for at in range(len(codes))]
    return pd.Series(found, index=codes.index, name=codes.name, dtype="float64")


# --- after

RATES = {"de": 1.19, "at": 1.2, "ch": 1.081}


def rates(codes):
    return codes.map(RATES).astype("float64").fillna(0.0)


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=500):
    return (pd.Series(np.random.default_rng(seed).choice(["de", "at", "ch", "xx"], n)),), {}
