"""How a function may be called, as plain data: what its parameters are called, how they may be given, what they are without."""

import inspect
import types

from . import codec, describe

_ANYTHING = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def told(function, method=False):
    """[[name, kind, [digest, words] of its default or None]], of a `method` without the object; None where nothing says it."""
    try:
        parameters = list(inspect.signature(_bare(function)).parameters.values())
    except Exception:  # compiled code need not have one, and foreign objects may raise what they like
        return None
    return [[each.name, each.kind.name, _default(each.default)] for each in parameters[bool(method) :]]


def _bare(function):
    """A function by its code alone: what it says of itself counts only where it hands on whatever it is given."""
    if type(function) is not types.FunctionType:
        return function
    bare = types.FunctionType(function.__code__, {}, function.__name__, function.__defaults__, function.__closure__)
    bare.__kwdefaults__ = function.__kwdefaults__
    kinds = {each.kind for each in inspect.signature(bare).parameters.values()}
    return function if kinds >= _ANYTHING else bare


def _default(value):
    if value is inspect.Parameter.empty:
        return None
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):  # their code may well become faster
        return [value.__qualname__, value.__qualname__]
    return [codec.digest(value), describe.describe((value,), {})]
