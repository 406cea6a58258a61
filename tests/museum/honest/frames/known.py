"""Faster: isin instead of a scan of a list for each value.

The same: a column of booleans with its labels.
"""

# --- before

import pandas as pd

WANTED = list(range(0, 900, 7))


def known(numbers):
    return pd.Series([number in WANTED for number in numbers], index=numbers.index, dtype=bool)


# --- after

WANTED = list(range(0, 900, 7))


def known(numbers):
    return numbers.isin(WANTED)


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=1000):
    return (pd.Series(np.random.default_rng(seed).integers(0, 900, n)),), {}
