"""The project's own functions that make inputs: called as they want to be, what they give checked, mistakes told in one line."""

import inspect
import os
import traceback

from .serving import Failed


class Generator:
    """Calls the project's function for a seed and a size."""

    def __init__(self, function, name, folder):
        self._function, self.name, self._folder = function, name, folder
        self._parameters = _parameters(function)

    def check(self, names):
        """Raises Failed where the function can't be called with a seed and parameters of these names."""
        args, kwargs = self._arguments(0, dict.fromkeys(names, 1))
        try:
            signature = inspect.signature(self._function)
        except (TypeError, ValueError):  # written in C: we shall see
            return
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            text = "{}{} can't be called with what `sizes` names ({}): {}"
            raise Failed("inputs", text.format(self.name, signature, ", ".join(names) or "nothing", error)) from error

    def call(self, seed, size):
        """(args, kwargs) for one seed and size. Raises Failed with a sentence that names file and line."""
        made = self.made(seed, size)
        if isinstance(made, tuple) and len(made) == 2 and isinstance(made[0], (tuple, list)) and type(made[1]) is dict:
            return tuple(made[0]), made[1]
        raise Failed("inputs", "{} must return (args, kwargs), a tuple and a dict; it returned {}".format(self.name, _what(made)))

    def made(self, seed, size):
        """Whatever the function makes of a seed and a size. Raises Failed, as above."""
        args, kwargs = self._arguments(seed, size)
        try:
            return self._function(*args, **kwargs)
        except BaseException as error:  # the project's own code, which may also want to exit
            raise Failed("inputs", self._sentence(seed, size, error)) from error

    def _arguments(self, seed, size):
        """How the function wants its seed and size: by name where it can, else in order."""
        named = [
            name
            for name, parameter in self._parameters.items()
            if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        ]
        catch_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in self._parameters.values())
        if "seed" in named or catch_all:
            return (), dict(size, seed=seed)
        if set(size) <= set(named) and len(named) > len(size):
            return (seed,), size
        return (seed, *size.values()), {}

    def _sentence(self, seed, size, error):
        asked = ", ".join(["seed={}".format(seed)] + ["{}={}".format(name, number) for name, number in size.items()])
        return "{}: {}({}) raised {}: {}".format(self._place(error), self.name, asked, type(error).__name__, str(error)[:300])

    def _place(self, error):
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(self._folder + os.sep)
        ]
        if not frames:
            return self.name.partition("::")[0]
        return "{}:{}".format(os.path.relpath(frames[-1].filename, self._folder), frames[-1].lineno)


def _parameters(function):
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # written in C: called by position
        return {}


def _what(value):
    inside = ", ".join(type(item).__name__ for item in value[:4]) if isinstance(value, tuple) else ""
    return type(value).__name__ + ("({})".format(inside) if inside else "")
