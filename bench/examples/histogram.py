import numpy as np


def histogram(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Counts between edges, the right one included in the last bin only; NaN and what lies outside is not counted."""
    kept = values[(values >= edges[0]) & (values <= edges[-1])]
    places = np.searchsorted(edges, kept, side="right") - 1
    places[places == len(edges) - 1] -= 1
    return np.bincount(places, minlength=len(edges) - 1)
