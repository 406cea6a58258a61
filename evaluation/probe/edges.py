"""Inputs at the edges of the ordinary: an input is changed in ways that keep its shape of data, one change at a time.

A mutation is a function of (value, random) that gives a new value, or None where it does not apply. Values are never changed in
place. What a mutation makes may lie outside what the function is for: then the reference raises, and the candidate must as well.
"""

import decimal
import math
import sys

from . import across, containers, ndarrays, tabular, texts

VITAL = frozenset({"nothing in", "no rows in"})  # changes that no comparison may go without
TENTATIVE = frozenset(  # changes that a function need not bear: what it makes of them counts where it takes them
    {"nothing for an item of", "no columns in", "one label for two columns of"}
)


def mutations(args, kwargs, random, seen, *, tentative=False):
    """All changed calls that can be made of a call: (what was done, args, kwargs).

    In an order drawn from `random`, but what is not in `seen` yet comes first; what is made is added there. With `tentative`,
    changes are among them that the function need not bear; what was done is then one of TENTATIVE.
    """
    found = []
    places = [(at, value) for at, value in enumerate(args)] + list(kwargs.items())
    for place, value in places:
        for name, change in _changes(value):
            if tentative or name not in TENTATIVE:
                found.append((place, name, change))
    found += [(place, name, change) for name, place, change in across.changes(places)]
    random.shuffle(found)
    while found:
        place, name, change = found.pop(_next(found, seen))
        changed = _try(change, args[place] if isinstance(place, int) else kwargs[place], random)
        if changed is not None:
            seen.add((place, name))
            what = "{} {}".format(name, place if isinstance(place, str) else "argument {}".format(place + 1))
            yield (what, *_put(args, kwargs, place, changed[0]))


def is_tentative(what):
    """Whether a call was made by a change that the function need not bear."""
    return any(what.startswith(name) for name in TENTATIVE)


def _next(found, seen):
    new = [at for at, (place, name, _) in enumerate(found) if (place, name) not in seen]
    return next((at for at in new if found[at][1] in VITAL), new[0] if new else 0)


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
        return containers.CHANGES + texts.CHANGES
    if kind in (list, tuple, dict, set, frozenset, bytes):
        gaps = containers.GAPS if kind in (list, tuple, dict) else []
        return containers.CHANGES + gaps + [("something inside changed in", _inside)] * 3
    if kind in (int, float, decimal.Decimal):
        return [("another number in", _other_number(number)) for number in _numbers_near(value)]
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and kind is np.ndarray:
        return ndarrays.CHANGES
    if pd is not None and kind in (pd.DataFrame, pd.Series):
        return tabular.FRAMES if kind is pd.DataFrame else tabular.SERIES
    return ()


def _inside(value, random):
    """One array or table among a container's items changed; what plain items bear is among the container's own changes."""
    items = list(value.items()) if type(value) is dict else list(enumerate(value)) if type(value) in (list, tuple) else []
    places = [key for key, item in items if type(item).__module__.partition(".")[0] in ("numpy", "pandas") and _changes(item)]
    if not places:
        return None
    at, made = random.choice(places), dict(items)
    changes = [change for name, change in _changes(made[at]) if name not in TENTATIVE]
    changed = random.choice(changes)(made[at], random)
    if changed is None:
        return None
    made[at] = changed
    return made if type(value) is dict else type(value)(made.values())


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
