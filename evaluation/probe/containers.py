"""Lists, tuples, dicts, sets and texts changed by one step that keeps their type; see edges.py for what a change is."""

import copy
import dataclasses

from .extremes import FLOATS, INTS, TEXTS


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


def _with_missing(value, random):
    """None for an item, or for something in one."""
    items = _items(value)
    at = random.randrange(len(items))
    inner = items[at][1] if type(value) is dict else items[at]
    gone = _with_missing(inner, random) if type(inner) in (list, tuple, dict) and inner and random.random() < 0.5 else None
    items[at] = (items[at][0], gone) if type(value) is dict else gone
    return _like(value, items)


def _gapped(value):
    """Whether there is a None somewhere inside, so that the function knows of such things."""
    if type(value) not in (list, tuple, dict):
        return value is None
    return any(map(_gapped, value.values() if type(value) is dict else value))


CHANGES = [
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
GAPS = [
    ("nothing for an item of", lambda value, random: None if _gapped(value) else _with_missing(value, random)),
    ("nothing for more items of", lambda value, random: _with_missing(value, random) if _gapped(value) else None),
]
