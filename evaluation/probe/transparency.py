"""Something that stands for a callable and tells somebody of each call; to everybody else it looks like what it stands for.

Tests that empty a cache, look at a signature or register an overload go on as if nobody were there.
"""

import functools
import inspect
import types

_NAMES = ("__module__", "__name__", "__qualname__", "__doc__")


def transparent(original, note):
    """Stands for `original`; `note(args, kwargs)` is told before each call is made."""
    if not isinstance(original, types.FunctionType):
        return Transparent(original, note)
    return functools.update_wrapper(_like(original)(original, note), original)


def _like(function):
    """What makes a function of its kind: who asks still sees it await or iterate."""
    if inspect.iscoroutinefunction(function):
        return _coroutine
    return _generator if inspect.isgeneratorfunction(function) else _function


def _function(function, note):
    def call(*args, **kwargs):
        note(args, kwargs)
        return function(*args, **kwargs)

    return call


def _coroutine(function, note):
    async def call(*args, **kwargs):
        note(args, kwargs)
        return await function(*args, **kwargs)

    return call


def _generator(function, note):
    def call(*args, **kwargs):
        note(args, kwargs)
        return (yield from function(*args, **kwargs))

    return call


class Transparent:
    """For what is no plain function (cached, compiled, dispatching, a class): all but a call goes straight to it."""

    def __init__(self, original, note):
        names = {name: getattr(original, name) for name in _NAMES if hasattr(original, name)}
        inner = getattr(original, "__wrapped__", original)
        vars(self).update(names, _original=original, _note=note, __wrapped__=inner)

    def __call__(self, *args, **kwargs):
        self._note(args, kwargs)
        return self._original(*args, **kwargs)

    def __get__(self, instance, owner=None):
        """In a class: what the original gives there, told of the instance that it is called on."""
        bind = getattr(type(self._original), "__get__", None)
        bound = bind(self._original, instance, owner) if bind else self._original
        if bound is self._original:
            return self
        before = () if instance is None else (instance,)
        return Transparent(bound, lambda args, kwargs: self._note(before + args, kwargs))

    @property  # type: ignore[misc]
    def __class__(self):
        return self._original.__class__

    def __getattr__(self, name):
        return getattr(self._original, name)

    def __setattr__(self, name, value):
        setattr(self._original, name, value)

    def __delattr__(self, name):
        delattr(self._original, name)

    def __instancecheck__(self, instance):
        return isinstance(instance, self._original)

    def __subclasscheck__(self, subclass):
        return issubclass(subclass, self._original)

    def __mro_entries__(self, _bases):
        return (self._original,)

    def __reduce_ex__(self, protocol):
        return self._original.__reduce_ex__(protocol)

    def __repr__(self):
        return repr(self._original)
