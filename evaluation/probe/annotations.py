"""Arguments made from a function's type annotations: seeded, small, with the awkward values that people forget."""

import ast
import collections
import collections.abc
import contextlib
import dataclasses
import enum
import functools
import inspect
import types
import typing
from typing import Any

from . import libraries
from .draws import DEPTH, SCALARS, Draw, integer

_WORDS = "words"  # among the classes known: the texts in the function's code
ATTEMPTS = 20  # at one call, where the project's own classes refuse what was drawn


class NotAnnotated(Exception):
    """Some parameter without a default has no annotation that values can be made for."""


def parameters(function, maker=None, owner=None):
    """(positional makers, keyword makers) of a function's annotated parameters. Raises NotAnnotated.

    `maker` is what turns a hint into whatever makes values for it, `owner` the class on whose instances a method is called.
    """
    maker = maker or functools.partial(_whole, function)
    positional, keywords = _annotated(function, maker, skip=owner is not None)
    if owner is not None:
        return [_instance(owner, maker), *positional], keywords
    if not positional and not keywords:
        raise NotAnnotated("it takes no arguments that could be varied")
    return positional, keywords


def beside_self(function):
    """The makers for a method's arguments after the instance. Raises NotAnnotated."""
    return _annotated(function, functools.partial(_whole, function), skip=True)


def _whole(function, hint):
    return _maker(hint, {_WORDS: libraries.words(function)})


def _instance(owner, maker):
    try:
        if owner.__init__ is object.__init__:
            return lambda _draw, _depth: owner()
        make = maker(owner)
    except NotAnnotated as error:
        raise NotAnnotated("nothing says how to make a {}; name a recipe under `instance`".format(owner.__name__)) from error
    return lambda draw, depth: make(draw, depth + 1)  # what it holds is as large as an argument of its own


def _annotated(function, maker, skip):
    try:
        hints = _hints(function)
        found = list(inspect.signature(function).parameters.values())[int(skip) :]
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
            keywords[parameter.name] = maker(hints[parameter.name])
        else:
            positional.append(maker(hints[parameter.name]))
    return positional, keywords


def _hints(function):
    """The annotations, those in quotes, too, whose names the module imports for type checkers only."""
    try:
        return typing.get_type_hints(function)
    except NameError:
        return typing.get_type_hints(function, localns=_for_checkers(inspect.getmodule(function)))


def _for_checkers(module):
    """What stands under `if TYPE_CHECKING:` in a module, imported now; what can't be is left out."""
    names = {"__name__": module.__name__, "__package__": module.__package__}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.If) and ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING":
            for line in node.body:
                if isinstance(line, (ast.Import, ast.ImportFrom)):
                    with contextlib.suppress(Exception):  # foreign code, run as it is imported
                        exec(ast.unparse(line), names)
    return names


def positional_stopped(positional, found, parameter):
    """Whether a parameter before this one was left out, so that this one must be given by name."""
    before = list(found)[: list(found).index(parameter)]
    return len(positional) < len(before)


def call(makers, random, size=None):
    """One call: (args, kwargs). `size` is the length of its containers; None: drawn, often small.

    Raises NotAnnotated where the project's own classes refuse whatever is drawn for them.
    """
    positional, keywords = makers
    for _ in range(ATTEMPTS):
        draw = Draw(random, size)
        try:
            args = tuple(make(draw, DEPTH) for make in positional)
            return args, {name: make(draw, DEPTH) for name, make in keywords.items()}
        except Exception as error:  # a constructor of the project's
            refusal = error
    raise NotAnnotated("nothing drawn is accepted: {}: {}".format(type(refusal).__name__, refusal)) from refusal


def _maker(hint, known):
    """What makes values for a hint. `known` holds the classes being looked at, which may contain themselves."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    make = libraries.maker(hint, origin, known.get(_WORDS, ()))
    if make is not None:
        return make
    if origin is typing.Union or origin is getattr(types, "UnionType", None):
        return _either([_maker(argument, known) for argument in arguments], type(None) in arguments)
    if origin is typing.Literal:
        return lambda draw, _depth: draw.random.choice(arguments)
    if hint is Any:
        return SCALARS[object]
    if _hashable(hint) and hint in SCALARS:
        return SCALARS[hint]
    if _hashable(hint) and hint in _BARE:
        origin, arguments = _BARE[hint]
    if origin in _SEQUENCES:
        return _sequence(_SEQUENCES[origin], arguments, known)
    if origin in _MAPPINGS and len(arguments) == 2:
        return _mapping(_MAPPINGS[origin], *(_maker(argument, known) for argument in arguments))
    if origin is collections.Counter:
        return _counter(_maker(arguments[0], known))
    make = _named(hint, known)
    if make is None:
        raise NotAnnotated("no values can be made for {}".format(hint))
    return make


def _hashable(hint):
    return isinstance(hint, collections.abc.Hashable)


def _either(makers, optional):
    def one(draw, depth):
        if optional and depth <= 0:
            return None
        return draw.random.choice(makers)(draw, depth)

    return one


def _sequence(kind, arguments, known):
    if kind is tuple and arguments and arguments[-1] is not Ellipsis:
        makers = [_maker(argument, known) for argument in arguments]
        return lambda draw, depth: tuple(make(draw, min(depth, DEPTH - 1)) for make in makers)
    make = _maker(arguments[0], known) if arguments else integer
    return lambda draw, depth: kind(make(draw, depth - 1) for _ in range(draw.length(depth)))


def _mapping(kind, key, value):
    return lambda draw, depth: kind((key(draw, depth - 1), value(draw, depth - 1)) for _ in range(draw.length(depth)))


def _counter(key):
    return lambda draw, depth: collections.Counter(key(draw, depth - 1) for _ in range(draw.length(depth)))


def _named(hint, known):
    """Classes and other names of the project's: enums, dataclasses, named tuples, typed dicts, whatever __init__ annotates."""
    if isinstance(hint, typing.TypeVar):
        return _maker((hint.__constraints__ or (hint.__bound__ or int,))[0], known)
    if hasattr(hint, "__supertype__"):
        return _maker(hint.__supertype__, known)
    if not isinstance(hint, type):
        return None
    if issubclass(hint, enum.Enum):
        members = list(hint)
        return (lambda draw, _depth: draw.random.choice(members)) if members else None
    if hint not in known:
        known[hint] = _late(known, hint)
        known[hint] = _class(hint, known)
    return known[hint]


def _late(known, hint):
    """What makes a class that is being looked at, once that is done."""
    return lambda draw, depth: known[hint](draw, depth)


def _class(hint, known):
    fields = _fields(hint)
    if not fields:
        return None
    makers = {name: _maker(each, known) for name, each in fields.items()}
    return lambda draw, depth: hint(**{name: make(draw, depth - 1) for name, make in makers.items()})


def _fields(hint):
    """What a class wants to be made of, by name; empty where it doesn't say."""
    if hint.__module__ == "builtins":
        return {}
    try:
        if dataclasses.is_dataclass(hint):
            hints = typing.get_type_hints(hint)
            return {field.name: hints[field.name] for field in dataclasses.fields(hint) if field.init}
        if hasattr(hint, "_fields") or hasattr(hint, "__total__"):  # a NamedTuple, a TypedDict
            return typing.get_type_hints(hint)
        hints = typing.get_type_hints(hint.__init__)
        wanted = list(inspect.signature(hint).parameters.values())
    except Exception:  # annotations are code of the project's
        return {}
    named = [each for each in wanted if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    if len(named) < len(wanted) or any(each.name not in hints for each in named):
        return {}
    return {each.name: hints[each.name] for each in named}


_SEQUENCES = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    collections.deque: collections.deque,
    collections.abc.Sequence: list,
    collections.abc.Iterable: list,
    collections.abc.Collection: list,
    collections.abc.MutableSequence: list,
    collections.abc.Set: set,
}
_MAPPINGS = {
    dict: dict,
    collections.OrderedDict: collections.OrderedDict,
    collections.abc.Mapping: dict,
    collections.abc.MutableMapping: dict,
}
_BARE = {list: (list, ()), tuple: (tuple, (int, Ellipsis)), set: (set, ()), frozenset: (frozenset, ()), dict: (dict, (str, int))}
