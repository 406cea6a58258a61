"""Inputs at the edges of the ordinary: an input is changed in ways that keep its shape of data, one change at a time.

A mutation is a function of (value, random) that gives a new value, or None where it does not apply. Values are never changed in
place. What a mutation makes may lie outside what the function is for: then the reference raises, and the candidate must as well.
"""

import copy
import dataclasses
import decimal
import math
import sys

from . import across, texts

FLOATS = (math.nan, math.nan, 0.0, -0.0, math.inf, -math.inf, 5e-324, 1e308, -1e308, 2.0**53, 1e16 + 1)
INTS = (0, -1, 1, 2**31 - 1, 2**53 + 1)
TEXTS = ("", " ", "a", "A", "\n", "0", "ß", "İ", "é", "\u0301e", "\U0001f600", "a" * 50)


def mutations(args, kwargs, random):
    """All changed calls that can be made of a call: (what was done, args, kwargs), in an order drawn from `random`."""
    found = []
    places = [(at, value) for at, value in enumerate(args)] + list(kwargs.items())
    for place, value in places:
        for name, change in _changes(value):
            found.append((place, name, change))
    found += [(place, name, change) for name, place, change in across.changes(places)]
    random.shuffle(found)
    for place, name, change in found:
        changed = _try(change, args[place] if isinstance(place, int) else kwargs[place], random)
        if changed is not None:
            what = "{} {}".format(name, place if isinstance(place, str) else "argument {}".format(place + 1))
            yield (what, *_put(args, kwargs, place, changed[0]))


def _try(change, value, random):
    try:
        changed = change(value, random)
    except Exception:  # a change that this value does not bear
        return None
    return None if changed is None else (changed,)


def _put(args, kwargs, place, value):
    if isinstance(place, int):
        return (*args[:place], value, *args[place + 1 :]), kwargs
    return args, dict(kwargs, **{place: value})


def _changes(value):
    kind = type(value)
    if kind is str:
        return _CONTAINERS + texts.CHANGES
    if kind in (list, tuple, dict, set, frozenset, bytes):
        return _CONTAINERS
    if kind in (int, float, decimal.Decimal):
        return [("another number in", _other_number(number)) for number in _numbers_near(value)]
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and kind is np.ndarray:
        return _ARRAYS
    if pd is not None and kind in (pd.DataFrame, pd.Series):
        return _FRAMES if kind is pd.DataFrame else _SERIES
    return ()


def _numbers_near(value):
    """Signs, zeros, the next number, whole ones, large ones."""
    if type(value) is int:
        return (0, 1, -1, value - 1, value + 1, -value)
    if type(value) is decimal.Decimal:  # NaN and infinities bear all of this
        return (decimal.Decimal(0), -value, value + decimal.Decimal("0.005"), value.scaleb(3))
    whole = float(round(value)) if math.isfinite(value) else 1.0
    return (0.0, -0.0, -value, value * (1 + 2**-52), whole, value * 1e8, value + 1e16, math.nan, math.inf)


def _other_number(number):
    return lambda _value, _random: number


# -- lists, tuples, dicts, sets, texts


def _items(value):
    return list(value.items()) if type(value) is dict else list(value)


def _like(value, items):
    if type(value) is str:
        return "".join(items)
    return type(value)(items)


def _resized(count):
    return lambda value, _random: _like(value, _items(value)[:count]) if len(value) > count else None


def _permuted(value, random):
    items = _items(value)
    random.shuffle(items)
    return _like(value, items)


def _reversed(value, _random):
    return _like(value, _items(value)[::-1])


def _doubled(value, _random):
    return _like(value, _items(value) * 2)


def _tied(value, _random):
    return _like(value, [_items(value)[0]] * len(value)) if len(value) > 1 else None


def _half_tied(value, random):
    items = _items(value)
    few = items[: max(1, len(items) // 3)]
    return _like(value, [copy.deepcopy(random.choice(few)) for _ in items])


def _all_special(value, random):
    """Every number becomes the same special one."""
    items = list(value)
    kinds = {type(item) for item in items}
    pool = FLOATS if kinds == {float} else INTS if kinds == {int} else None
    return None if pool is None or type(value) not in (list, tuple) else type(value)([random.choice(pool)] * len(items))


def _shifted(value, random):
    """Floats around a large offset, on which formulas that cancel go wrong."""
    if type(value) not in (list, tuple) or {type(item) for item in value} != {float}:
        return None
    offset = random.choice((1e6, 1e8, 1e15))
    return type(value)(item + offset for item in value)


def _neighbour(value, random):
    """One number becomes the same as another, or one more or less."""
    items = list(value)
    if type(value) not in (list, tuple) or len(items) < 2 or {type(item) for item in items} - {int, float}:
        return None
    items[random.randrange(len(items))] = random.choice(items) + random.choice((-1, 0, 0, 1))
    return type(value)(items)


def _one_again(value, random):
    items = list(value)
    if type(value) not in (list, tuple) or not items:
        return None
    items.insert(random.randrange(len(items) + 1), copy.deepcopy(random.choice(items)))
    return type(value)(items)


def _one_less(value, random):
    items = _items(value)
    del items[random.randrange(len(items))]
    return _like(value, items)


def _field_like_another(value, random):
    """One field of one item becomes as it is in another: equal keys on things that differ otherwise."""
    items = list(value)
    if type(value) not in (list, tuple) or len(items) < 2:
        return None
    items = copy.deepcopy(items)
    for _ in range(max(1, len(items) // 3)):
        at, source = random.sample(range(len(items)), 2)
        items[at] = _with_field(items[at], items[source], random)
    return type(value)(items)


def _with_field(item, source, random):
    if type(item) is tuple and type(source) is tuple and len(item) == len(source) > 1:
        at = random.randrange(len(item))
        return (*item[:at], source[at], *item[at + 1 :])
    if type(item) is dict and type(source) is dict:
        key = random.choice([key for key in item if key in source])
        return {**item, key: source[key]}
    name = random.choice([field.name for field in dataclasses.fields(item) if field.init])
    return dataclasses.replace(item, **{name: getattr(source, name)})


def _with_special(value, random):
    """Some number (or text) somewhere inside becomes a special one; of a dict mostly what its keys lead to."""
    items = _items(value)
    at = random.randrange(len(items))
    if type(value) is dict and random.random() < 0.8:
        items[at] = (items[at][0], _special(items[at][1], random))
    else:
        items[at] = _special(items[at], random)
    return _like(value, items)


def _special(item, random):
    kind = type(item)
    if kind is float:
        return random.choice(FLOATS)
    if kind is int:
        return random.choice(INTS)
    if kind is str:
        return random.choice(TEXTS)
    if kind in (list, tuple, dict) and len(item):
        return _with_special(item, random)
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        field = random.choice([field.name for field in dataclasses.fields(item) if field.init])
        return dataclasses.replace(item, **{field: _special(getattr(item, field), random)})
    raise TypeError("nothing to make special")


_CONTAINERS = [
    ("nothing in", _resized(0)),
    ("one item in", _resized(1)),
    ("two items in", _resized(2)),
    ("another order of", _permuted),
    ("reversed", _reversed),
    ("everything twice in", _doubled),
    ("all the same in", _tied),
    ("many ties in", _half_tied),
    ("one special value all over", _all_special),
    ("a large offset on", _shifted),
    ("a number next to another in", _neighbour),
    ("one item twice in", _one_again),
    ("one item less in", _one_less),
    ("fields as in other items in", _field_like_another),
    ("fields as in other items in", _field_like_another),
] + [("a special value in", _with_special)] * 6


# -- arrays


def _array_rows(count):
    return lambda value, _random: value[:count].copy() if value.ndim and len(value) > count else None


def _array_ties(value, random):
    picks = [random.randrange(max(1, len(value) // 3)) for _ in range(len(value))]
    return value[picks]


def _array_special(value, random):
    changed = value.copy()
    pool = FLOATS if value.dtype.kind == "f" else INTS
    if value.dtype.kind not in "fi" or not changed.size:
        return None
    for _ in range(max(1, changed.size // 10)):
        changed.flat[random.randrange(changed.size)] = random.choice(pool)
    return changed


def _array_missing(value, random):
    if value.dtype.kind != "f" or not value.size:
        return None
    changed = value.copy()
    for _ in range(max(1, changed.size // random.choice((3, 10)))):
        changed.flat[random.randrange(changed.size)] = math.nan
    return changed


def _array_constant(value, random):
    """One column (or all of it) the same everywhere: a number of its own, or missing."""
    changed = value.copy()
    if not changed.size:
        return None
    column = changed[..., random.randrange(changed.shape[-1])] if changed.ndim > 1 else changed
    column[...] = math.nan if value.dtype.kind == "f" and random.random() < 0.3 else changed.flat[0]
    return changed


def _array_whole(value, _random):
    """Whole numbers, so that sums come out even and values meet."""
    return sys.modules["numpy"].round(value) if value.dtype.kind == "f" else None


def _array_zeros(value, random):
    changed = value.copy()
    if value.dtype.kind != "f" or not changed.size:
        return None
    for _ in range(max(1, changed.size // 4)):
        changed.flat[random.randrange(changed.size)] = random.choice((0.0, -0.0))
    return changed


def _array_shifted(value, _random):
    """Numbers around a large offset, on which formulas that cancel go wrong."""
    return value + value.dtype.type(1e8) if value.dtype.kind == "f" else None


def _array_read_only(value, _random):
    changed = value.copy()
    changed.flags.writeable = False
    return changed


def _array_strided(value, _random):
    np = sys.modules["numpy"]
    return np.repeat(value, 2, axis=-1)[..., ::2] if value.ndim and value.size > 1 else None


def _array_fortran(value, _random):
    np = sys.modules["numpy"]
    return np.asfortranarray(value) if value.ndim > 1 else None


_ARRAYS = [
    ("no rows in", _array_rows(0)),
    ("one row in", _array_rows(1)),
    ("reversed", lambda value, _random: value[::-1].copy() if value.ndim else None),
    ("sorted", lambda value, _random: sys.modules["numpy"].sort(value, axis=0) if value.ndim else None),
    ("many ties in", _array_ties),
    ("special values in", _array_special),
    ("special values in", _array_special),
    ("missing values in", _array_missing),
    ("a constant column in", _array_constant),
    ("whole numbers in", _array_whole),
    ("signed zeros in", _array_zeros),
    ("a large offset on", _array_shifted),
    ("read-only", _array_read_only),
    ("strided", _array_strided),
    ("Fortran order in", _array_fortran),
]


# -- frames and series


def _rows(count):
    return lambda value, _random: value.iloc[:count].copy() if len(value) > count else None


def _picked(pick):
    def change(value, random):
        return value.iloc[[pick(at, len(value), random) for at in range(len(value))]].copy() if len(value) > 1 else None

    return change


_ties = _picked(lambda _at, length, random: random.randrange(max(1, length // 3)))
_shuffled = _picked(lambda _at, length, random: random.randrange(length))


def _renumbered(change):
    return lambda value, random: change(value, random).reset_index(drop=True)


def _frame_special(value, random):
    """Missing and extreme values in the columns, each of a kind that the column's dtype can hold."""
    changed = value.copy()
    for at in range(value.shape[1]):
        if random.random() < 0.6:
            column = _series_special(value.iloc[:, at], random)
            changed = _with_column(changed, at, column) if column is not None else changed
    return changed


def _with_column(frame, at, column):
    pd = sys.modules["pandas"]
    columns = [frame.iloc[:, other] if other != at else column for other in range(frame.shape[1])]
    changed = pd.concat(columns, axis=1)
    changed.columns = frame.columns
    return changed


def _series_special(value, random):
    changed = value.copy()
    pool = _pool(value.dtype)
    if pool is None or not len(value):
        return None
    for _ in range(max(1, len(value) // 8)):
        changed.iloc[random.randrange(len(value))] = random.choice(pool)
    return changed if changed.dtype == value.dtype else None


def _pool(dtype):
    if dtype.kind == "f":
        return (*FLOATS, math.nan, math.nan)
    if dtype.kind in "iu":
        return tuple(number for number in INTS if dtype.kind == "i" or number >= 0)[: 3 if dtype.itemsize < 4 else 5]
    if dtype.kind in "mM":
        return (sys.modules["pandas"].NaT,)
    return (None,) if dtype.kind == "O" else None


def _without_missing(value, _random):
    changed = value.dropna()
    return changed if len(changed) < len(value) else None


def _index_of(make):
    def change(value, random):
        changed = value.copy()
        changed.index = make(len(value), random)
        return changed if len(value) else None

    return change


def _labels(length, random):
    labels = list(range(length))
    random.shuffle(labels)
    return labels


def _levels(length, random):
    return sys.modules["pandas"].MultiIndex.from_arrays(
        [[random.randrange(3) for _ in range(length)], list(range(length))], names=["group", "row"]
    )


_TABLES = [
    ("no rows in", _rows(0)),
    ("one row in", _rows(1)),
    ("two rows in", _rows(2)),
    ("reversed", lambda value, _random: value.iloc[::-1].copy()),
    ("another order of", _renumbered(lambda value, random: value.sample(frac=1, random_state=random.randrange(2**31)))),
    ("rows with their labels shuffled in", lambda value, random: value.sample(frac=1, random_state=random.randrange(2**31))),
    ("many ties in", _renumbered(_ties)),
    ("repeated rows in", _shuffled),
    ("nothing missing in", _without_missing),
    ("an unsorted index on", _index_of(_labels)),
    ("a duplicate index on", _index_of(lambda length, random: [random.randrange(max(1, length // 2)) for _ in range(length)])),
    ("two levels of index on", _index_of(lambda length, random: _levels(length, random))),
    ("a text index on", _index_of(lambda length, _random: ["r{}".format(at) for at in range(length)])),
]
_SERIES = _TABLES + [("special values in", _series_special)] * 4
_FRAMES = (
    _TABLES
    + [("special values in", _frame_special)] * 6
    + [("an extra column in", lambda value, _random: value.assign(an_extra_column=range(len(value))))]
)
