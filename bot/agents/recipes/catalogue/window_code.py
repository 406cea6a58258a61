"""The code that the `windows` recipe brings along, as it appears in the project."""

WINDOWS = '''def _over_windows(values, width, what, direct, present_only=False):
    """`direct(values[max(0, i - width + 1) : i + 1])` for every i; plain numbers are added up for all windows at once."""
    array = _plain_numbers(values, present_only)
    if array is None or not isinstance(width, int) or width < 1:
        return _OneByOne(values, width, direct)
    there = ~np.isnan(array) if present_only else np.ones(len(array), dtype=bool)
    result = _REDUCTIONS[what](array, there, min(width, max(len(array), 1)))
    return result.tolist() if isinstance(values, list) and not what.startswith("np") else list(result)


class _OneByOne:
    """Each window on its own, when it is asked for."""

    def __init__(self, values, width, direct):
        self.values = getattr(values, "iloc", values)
        self.width = width
        self.direct = direct

    def __getitem__(self, i):
        return self.direct(self.values[max(0, i - self.width + 1) : i + 1])


def _plain_numbers(values, present_only):
    """The values as an array when they are all floats, or all integers far from overflowing; else None."""
    if not len(values):
        return None
    if isinstance(values, list):
        if present_only:
            values = [float("nan") if value is None else value for value in values]
        if len({type(value) for value in values}) != 1 or type(values[0]) not in (int, float):
            return None
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype not in (np.float64, np.int64):
        return None
    small = array.dtype == np.float64 or abs(int(array.min())) + abs(int(array.max())) < 2**40
    return array if small else None


def _window_sum(array, there, width):
    terms = np.where(there, array, 0)
    total = np.zeros(len(array), dtype=array.dtype)
    for back in reversed(range(width)):
        total[back:] += terms[: len(terms) - back]
    return total


def _window_count(array, there, width):
    return _window_sum(there.astype(np.int64), np.ones(len(there), dtype=bool), width)


def _window_mean(array, there, width):
    with np.errstate(invalid="ignore", divide="ignore"):
        return _window_sum(array, there, width) / _window_count(array, there, width)


def _window_squares(array, there, width):
    """The sum of squared distances from the window's own mean."""
    mean = _window_mean(array, there, width)
    total = np.zeros(len(array))
    for back in reversed(range(width)):
        distance = np.where(there[: len(array) - back], array[: len(array) - back] - mean[back:], 0.0)
        total[back:] += distance * distance
    return total


def _squares(values):
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)


def _window_spread(array, there, width, free):
    with np.errstate(invalid="ignore", divide="ignore"):
        left = _window_count(array, there, width) - free
        return np.sqrt(np.where(left > 0, _window_squares(array, there, width) / np.maximum(left, 1), np.nan))


def _window_extreme(array, there, width, beyond):
    """As `min` and `max` do it: the first value stands until one is beyond it."""
    best = array.copy()
    known = np.zeros(len(array), dtype=bool)
    for back in reversed(range(width)):
        value, counts = array[: len(array) - back], there[: len(array) - back]
        wins = counts & (~known[back:] | beyond(value, best[back:]))
        best[back:] = np.where(wins, value, best[back:])
        known[back:] |= counts
    return best if known.all() else np.where(known, best, np.nan)


_REDUCTIONS = {
    "sum": _window_sum,
    "count": _window_count,
    "mean": _window_mean,
    "squares": _window_squares,
    "std": lambda array, there, width: _window_spread(array, there, width, 1),
    "pstd": lambda array, there, width: _window_spread(array, there, width, 0),
    "min": lambda array, there, width: _window_extreme(array, there, width, np.less),
    "max": lambda array, there, width: _window_extreme(array, there, width, np.greater),
    "npmin": lambda array, there, width: _window_extreme(array, there, width, lambda new, old: (new < old) | np.isnan(new)),
    "npmax": lambda array, there, width: _window_extreme(array, there, width, lambda new, old: (new > old) | np.isnan(new)),
    "npsum": _window_sum,
    "npmean": _window_mean,
    "npstd": lambda array, there, width: _window_spread(array, there, width, 0),
}
'''
