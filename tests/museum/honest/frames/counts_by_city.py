"""Faster: categorical codes inside.

The same: a plain dict of counts, most frequent first, ties by name, missing ones left out.
"""

# --- before

import pandas as pd


def counts_by_city(frame):
    counts = {}
    for _, row in frame.iterrows():
        if not pd.isna(row["city"]):
            counts[row["city"]] = counts.get(row["city"], 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))))


# --- after

import numpy as np


def counts_by_city(frame):
    cities = frame["city"].astype("category").cat
    counts = np.bincount(cities.codes + 1, minlength=len(cities.categories) + 1)
    found = dict(zip(cities.categories, counts[1:].tolist()))
    return dict(sorted(found.items(), key=lambda item: (-item[1], str(item[0]))))


# --- inputs

import numpy as np
import pandas as pd


def inputs(seed, n=150):
    return (pd.DataFrame({"city": np.random.default_rng(seed).choice(["bonn", "ulm", "jena", "kiel"], n)}),), {}
