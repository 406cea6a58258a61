"""The objects that methods are called on: from the project's own recipe for them, its arguments beside them."""

from random import Random

from . import annotations
from .serving import Failed


class Instances:
    """Calls of a method: the recipe makes the object, the project's generator or the annotations the rest."""

    def __init__(self, recipe, function, inputs=None):
        self._recipe, self._inputs = recipe, inputs
        self.name = (inputs or recipe).name
        self._makers = None if inputs else _rest(function)

    def call(self, seed, size):
        """(args, kwargs) for one seed and size, the object first. Raises Failed."""
        instance = self._recipe.made(seed, size)
        if self._inputs:
            args, kwargs = self._inputs.call(seed, size)
        else:
            args, kwargs = annotations.call(self._makers, Random(seed), max(size.values(), default=None))
        return (instance, *args), kwargs


def _rest(function):
    try:
        return annotations.beside_self(function)
    except annotations.NotAnnotated as error:
        raise Failed("inputs", "`instance` makes the object only, and {}: name `inputs`, too".format(error)) from error
