import numpy as np


def ranks(scores: np.ndarray) -> np.ndarray:
    """Places from 1, the highest score first, earlier entries first among equals; missing scores come last."""
    order = np.argsort(-scores, kind="stable")
    places = np.empty(len(scores), dtype=np.int64)
    places[order] = np.arange(1, len(scores) + 1)
    return places
