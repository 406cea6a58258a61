from collections import deque


def moving(numbers: list[float], window: int) -> list[float]:
    """The mean of the last `window` numbers at each place; fewer at the start."""
    if window <= 0:
        raise ValueError("window must be positive")
    kept: deque[float] = deque(maxlen=window)
    found = []
    for number in numbers:
        kept.append(number)
        found.append(sum(kept) / len(kept))
    return found
