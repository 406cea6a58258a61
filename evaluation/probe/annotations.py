"""Arguments made from a function's type annotations: seeded, small, with the awkward values that people forget."""

import collections.abc
import dataclasses
import inspect
import string
import types
import typing
from random import Random
from typing import Any

from .edges import FLOATS, INTS, TEXTS

DEPTH = 3
TRIES = 50  # at arguments that a class's constructor accepts


class NotAnnotated(Exception):
    """Some parameter without a default has no annotation that values can be made for."""


def parameters(function, owner=None):
    """(positional makers, keyword makers) of a function's required parameters. Raises NotAnnotated.

    `owner` is the class on whose instances a method is called.
    """
    if owner is None:
        positional, keywords = _makers(function)
        bound, varied = [], positional or keywords
    else:
        positional, keywords = beside_self(function)
        bound, varied = [_owner(owner)], True
    if not varied:
        raise NotAnnotated("it takes no arguments that could be varied")
    return bound + positional, keywords


def _owner(cls):
    try:
        return _instance(cls)
    except NotAnnotated as error:
        raise NotAnnotated("{}; name a recipe under `instance`".format(error)) from error


def beside_self(function):
    """The makers for a method's arguments after the instance. Raises NotAnnotated."""
    return _makers(function, skip=1)


def _makers(function, skip=0):
    try:
        hints = typing.get_type_hints(function)
        found = list(inspect.signature(function).parameters.values())[skip:]
    except Exception as error:  # annotations are code of the project's
        raise NotAnnotated(str(error)) from error
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for parameter in found:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name not in hints:
            if parameter.default is parameter.empty:
                raise NotAnnotated("`{}` has no annotation".format(parameter.name))
            continue
        if parameter.kind is parameter.KEYWORD_ONLY or (positional_stopped(positional, found, parameter)):
            keywords[parameter.name] = _maker(hints[parameter.name])
        else:
            positional.append(_maker(hints[parameter.name]))
    return positional, keywords


def positional_stopped(positional, found, parameter):
    """Whether a parameter before this one was left out, so that this one must be given by name."""
    before = list(found)[: list(found).index(parameter)]
    return len(positional) < len(before)


def call(makers, random, size=None):
    """One call: (args, kwargs). `size` is the length of its containers; None: drawn, often small."""
    positional, keywords = makers
    return tuple(make(random, size, DEPTH) for make in positional), {
        name: make(random, size, DEPTH) for name, make in keywords.items()
    }


def _maker(hint):
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or origin is getattr(types, "UnionType", None):
        makers = [_maker(argument) for argument in arguments]
        return lambda random, size, depth: random.choice(makers)(random, size, depth)
    if origin is typing.Literal:
        return lambda random, _size, _depth: random.choice(arguments)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if hint in _BARE:
        origin, arguments = _BARE[hint]
    if origin in _SEQUENCES:
        return _sequence(_SEQUENCES[origin], arguments)
    if origin in _MAPPINGS and len(arguments) == 2:
        return _mapping(*map(_maker, arguments))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _instance(hint)
    raise NotAnnotated("no values can be made for {}".format(hint))


_making: list[Any] = []  # classes whose makers are being looked for: one that holds itself has none


def _instance(cls):
    """A maker of a class's objects, by the annotations of its constructor."""
    if cls in _making:
        raise NotAnnotated("a {} may hold another one".format(cls.__name__))
    _making.append(cls)
    try:
        positional, keywords = ([], {}) if cls.__init__ is object.__init__ else _makers(cls.__init__, skip=1)
    except NotAnnotated as error:
        raise NotAnnotated("nothing says how to make a {}: {}".format(cls.__name__, error)) from error
    finally:
        _making.pop()

    def one(random, size, depth):
        refused: Any = None
        for _ in range(TRIES):
            args = [make(random, size, depth) for make in positional]
            try:
                return cls(*args, **{name: make(random, size, depth) for name, make in keywords.items()})
            except Exception as error:  # a constructor that refuses values
                refused = error  # the name of an `except` ends with it
        raise NotAnnotated("{} refuses what its annotations allow: {}".format(cls.__name__, refused)) from refused

    one(Random(0), None, DEPTH)
    return one


def _sequence(kind, arguments):
    if kind is tuple and arguments and arguments[-1] is not Ellipsis:
        makers = [_maker(argument) for argument in arguments]
        return lambda random, size, depth: tuple(make(random, size, depth) for make in makers)
    make = _maker(arguments[0]) if arguments else _integer

    def several(random, size, depth):
        inner = None if size is None else max(1, int(size**0.5))
        return kind(make(random, inner, depth - 1) for _ in range(_length(random, size, depth)))

    return several


def _mapping(key, value):
    def several(random, size, depth):
        return {key(random, None, 0): value(random, None, depth - 1) for _ in range(_length(random, size, depth))}

    return several


def _length(random, size, depth):
    if size is not None:
        return size
    return random.choice((0, 1, 2, 3, 5, 8, 20)) if depth > 1 else random.randrange(4)


def _integer(random, size, depth):
    if size is not None:
        return random.randrange(10 * size + 10)
    if depth == DEPTH:  # an argument of its own, by which people count loops
        return random.choice((0, 1, 2, -1, random.randrange(-20, 100)))
    return random.choice(INTS) if random.random() < 0.2 else random.randrange(-20, 100)


def _floating(random, size, _depth):
    return random.choice(FLOATS) if size is None and random.random() < 0.2 else random.uniform(-100, 100)


def _text(random, size, depth):
    if size is None and random.random() < 0.3:
        return random.choice(TEXTS)
    return "".join(random.choice(_LETTERS) for _ in range(_length(random, size, depth)))


def _bytes(random, size, depth):
    return bytes(random.randrange(256) for _ in range(_length(random, size, depth)))


_LETTERS = string.ascii_letters + string.digits + " ,.;\n"
_SCALARS = {
    int: _integer,
    float: _floating,
    str: _text,
    bytes: _bytes,
    bool: lambda random, _size, _depth: random.random() < 0.5,
    complex: lambda random, size, depth: complex(_floating(random, size, depth), _floating(random, size, depth)),
    None: lambda *_: None,
    type(None): lambda *_: None,
}
_SEQUENCES = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    collections.abc.Sequence: list,
    collections.abc.Iterable: list,
    collections.abc.Collection: list,
    collections.abc.MutableSequence: list,
    collections.abc.Set: set,
}
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_BARE = {list: (list, ()), tuple: (tuple, (int, Ellipsis)), set: (set, ()), frozenset: (frozenset, ()), dict: (dict, (str, int))}
