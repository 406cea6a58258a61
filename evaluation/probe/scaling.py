"""Ordinary arguments made larger: rows drawn anew from those that are there, floats shaken a little, so that none repeats."""

import sys

_SIZED = (list, tuple, str, bytes)


def grow(args, kwargs, length, random):
    """The call with its longest arguments (all of one length) at `length`; None where nothing can grow.

    A text grows only where nothing else can: it is mostly the name of something.
    """
    values = list(args) + list(kwargs.values())
    rows = max((_length(value) for value in values if type(value) is not str), default=0)
    longest = rows if rows > 1 else max(map(_length, values), default=0)
    if longest < 2:
        return None
    picks = [random.randrange(longest) for _ in range(length)]

    def grown(value):
        grows = _length(value) == longest and (rows < 2 or type(value) is not str)
        return _drawn(value, picks, random) if grows else value

    return tuple(map(grown, args)), {name: grown(value) for name, value in kwargs.items()}


def _length(value):
    return len(value) if type(value) in _SIZED or _is_table(value) else 0


def _is_table(value):
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and type(value) is np.ndarray:
        return value.ndim > 0
    return pd is not None and type(value) in (pd.DataFrame, pd.Series)


def _drawn(value, picks, random):
    kind = type(value)
    if kind is str:
        return _text(value, len(picks), random)
    if kind is bytes:
        return bytes(value[at] for at in picks)
    if kind in (list, tuple):
        return kind(_shaken(value[at], random) for at in picks)
    np = sys.modules["numpy"]
    dice = np.random.default_rng(random.getrandbits(63))
    if kind is np.ndarray:
        return _shaken_array(value[picks], dice)
    table = value.iloc[picks]
    table.index = _extended(value.index, picks)
    return _shaken_table(table, dice)


def _extended(index, picks):
    """An index that goes on at its own pace where it has one, since functions look things up by it; else its labels, in order."""
    try:
        found = _continued(index, len(picks))
    except (ArithmeticError, ValueError):  # beyond what its type can say
        found = None
    return index.take(sorted(picks)) if found is None else found.rename(index.name)


def _continued(index, length):
    pd, np = sys.modules["pandas"], sys.modules["numpy"]
    if type(index) is pd.RangeIndex:
        return pd.RangeIndex(index.start, index.start + length * index.step, index.step)
    if getattr(index, "freq", None) is not None and type(index) in (pd.DatetimeIndex, pd.PeriodIndex):
        made = pd.date_range if type(index) is pd.DatetimeIndex else pd.period_range
        return made(index[0], periods=length, freq=index.freq)
    values = index.values
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "Mmiuf" or not index.is_monotonic_increasing:
        return None
    whole = values.dtype.kind != "f"
    step = (values[-1] - values[0]) // (len(values) - 1) if whole else (values[-1] - values[0]) / (len(values) - 1)
    grown = values[0] + step * np.arange(length)
    if not (grown[1:] > grown[:-1]).all():  # standing still, or around the end of what its type can say
        return None
    found = pd.Index(grown.astype(values.dtype))
    zone = getattr(index, "tz", None)
    return found if zone is None else found.tz_localize("UTC").tz_convert(zone)


def _text(value, length, random):
    """Words of the text in another order, until it is long enough."""
    words = value.split(" ")
    parts, total = [], 0
    while total < length:
        word = random.choice(words) or random.choice(value)
        parts.append(word)
        total += len(word) + 1
    return " ".join(parts)[:length]


def _shaken(item, random):
    if type(item) is float and item == item:
        return item * (1 + random.uniform(-1e-3, 1e-3))
    if type(item) in (list, tuple):
        return type(item)(_shaken(part, random) for part in item)
    if type(item) is dict:
        return {key: _shaken(part, random) for key, part in item.items()}
    return item


def _shaken_array(array, dice):
    return array * (1 + dice.uniform(-1e-3, 1e-3, array.shape)).astype(array.dtype) if array.dtype.kind == "f" else array


def _shaken_table(table, dice):
    pd = sys.modules["pandas"]
    if type(table) is pd.Series:
        return table * (1 + dice.uniform(-1e-3, 1e-3, len(table))) if table.dtype.kind == "f" else table
    floats = [name for name in table.columns if getattr(table[name].dtype, "kind", "O") == "f"] if table.columns.is_unique else []
    return _assigned(table, floats, dice)


def _assigned(table, names, dice):
    table = table.copy()
    for name in names:
        table[name] = table[name] * (1 + dice.uniform(-1e-3, 1e-3, len(table)))
    return table
