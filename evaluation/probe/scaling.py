"""Ordinary arguments made larger: rows drawn anew from those that are there, floats shaken a little, so that none repeats."""

import sys

_SIZED = (list, tuple, str, bytes)


def grow(args, kwargs, length, random):
    """The call with its longest arguments (all of one length) at `length`; None where nothing can grow."""
    lengths = [_length(value) for value in list(args) + list(kwargs.values())]
    longest = max(lengths, default=0)
    if longest < 2:
        return None
    picks = [random.randrange(longest) for _ in range(length)]

    def grown(value):
        return _drawn(value, picks, random) if _length(value) == longest else value

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
    return _shaken_table(value.iloc[picks].reset_index(drop=True), dice)


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
