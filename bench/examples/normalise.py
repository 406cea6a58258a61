import numpy as np


def normalise(values: np.ndarray) -> np.ndarray:
    """Columns scaled to mean 0 and deviation 1; constant columns become 0."""
    centred = values - values.mean(axis=0)
    spread = values.std(axis=0)
    return centred / np.where(spread == 0, 1.0, spread)
