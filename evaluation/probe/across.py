"""Changes that take one argument from another: numbers at the length of a container, items that both have.

Functions of several arguments go wrong where these meet: a limit that is just reached, a value that lies on an edge.
"""

import sys

_SIZED = (list, tuple, str, bytes, dict, set, frozenset)
_ITEMS = (list, tuple)


def changes(values):
    """All of them for a call's arguments: (what was done, place, a function that makes the new value)."""
    for place, value in values:
        for other, source in values:
            if place != other:
                for what, make in _between(value, source):
                    yield what, place, make


def _between(value, source):
    if type(value) is int:
        for number in _lengths(source):
            yield "the length of another argument as", lambda _value, _random, number=number: number
    elif type(value) in _ITEMS and type(source) in _ITEMS and _alike(value, source):
        yield "items of another argument in", lambda value, random: _mixed(value, list(source), random)
    elif _is_array(value) and _is_array(source) and value.dtype == source.dtype and value.size and source.size:
        yield "values of another argument in", lambda value, random: _mixed_array(value, source, random)


def _lengths(source):
    """How long it is, and how long things in it are; a little less and a little more."""
    if type(source) not in _SIZED and not _is_array(source):
        return ()
    lengths = {len(source)}
    if type(source) is str:
        words = source.split()
        lengths |= {len(word) for word in words[:8]} | {len(" ".join(words[:count])) for count in range(2, 5)}
    return sorted({number + more for number in lengths for more in (-1, 0, 1) if number + more >= 0})


def _alike(value, source):
    return bool(value) and bool(source) and type(value[0]) is type(source[0])


def _mixed(value, source, random):
    items = list(value)
    for _ in range(max(1, len(items) // 4)):
        items[random.randrange(len(items))] = random.choice(source)
    return type(value)(items)


def _is_array(value):
    np = sys.modules.get("numpy")
    return np is not None and type(value) is np.ndarray and value.ndim > 0


def _mixed_array(value, source, random):
    changed = value.copy()
    for _ in range(max(1, changed.size // 4)):
        changed.flat[random.randrange(changed.size)] = source.flat[random.randrange(source.size)]
    return changed
