"""Faster: map through a dict instead of apply.

The same: codes that are not in it count as zero.
"""

# --- before

RATES = {"de": 1.19, "at": 1.2, "ch": 1.081}


def rates(codes):
    return codes.apply(lambda code: RATES.get(code, 0.0)).astype("float64")


# --- after

RATES = {"de": 1.19, "at": 1.2, "ch": 1.081}


def rates(codes):
    return codes.map(RATES).astype("float64").fillna(0.0)


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=3000):
    return (pd.Series(np.random.default_rng(seed).choice(["de", "at", "ch", "xx"], n)),), {}
