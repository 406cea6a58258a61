"""Apply recipes to the source of a file: to the target and to the functions of the file that it reaches."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import libcst as cst

from bot.agents.recipes.reach import reached
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.surgery import functions_of, imports_of, put_back


class Unreadable(Exception):
    """The file is no Python that we can rewrite; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Dish:
    """A file's source, the function in it that matters, and what has been done to it so far."""

    module: cst.Module
    target: str
    packages: Mapping[str, str]
    ingredients: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> bytes:
        return self.module.bytes


Say = Callable[[str], None]


def read(source: bytes, target: str, packages: Mapping[str, str]) -> Dish:
    """Raises Unreadable for source that does not parse and for a target that is not in it."""
    try:
        module = cst.parse_module(source)
    except (cst.ParserSyntaxError, UnicodeDecodeError, LookupError, SyntaxError, RecursionError) as error:
        raise Unreadable(f"the file does not parse: {type(error).__name__}") from error
    if target not in functions_of(module):
        raise Unreadable(f"no function `{target}` at the top of the file or in a class there")
    return Dish(module, target, packages)


def add(recipe: Recipe, dish: Dish) -> Dish:
    """The dish with the recipe applied wherever it fits. Raises Misfit with the reasons where it fits nowhere."""
    for package in recipe.packages:
        if dish.packages and package not in dish.packages:
            raise Misfit(f"the project has no {package}")
    reasons: dict[str, str] = {}
    notes: list[str] = []
    module = dish.module
    for name in reached(functions_of(module), dish.target):
        try:
            module, note = _once(recipe, module, name, dish.packages)
            notes.append(f"`{name}`: {note}" if note else f"`{name}`")
        except Misfit as misfit:
            reasons[name] = str(misfit)
        except RecursionError:
            reasons[name] = "the code is nested too deeply to be followed"
    if not notes:
        raise Misfit(_summary(reasons, dish.target))
    _check(module)
    return replace(dish, module=module, ingredients=(*dish.ingredients, recipe.name), notes=(*dish.notes, "; ".join(notes)))


def _once(recipe: Recipe, module: cst.Module, name: str, packages: Mapping[str, str]) -> tuple[cst.Module, str]:
    functions = functions_of(module)
    scene = Scene(module, name, functions[name], functions, imports_of(module), packages)
    fit: Fit = recipe.rewrite(scene)
    if not fit.changes(scene):
        raise Misfit("nothing here to change")
    return put_back(scene, fit), fit.note


def _summary(reasons: Mapping[str, str], target: str) -> str:
    """The target's own reason, unless a helper's says more."""
    telling = [f"in `{name}`: {reason}" for name, reason in reasons.items() if name != target and reason != reasons[target]]
    return "; ".join([reasons.get(target, "nothing here to change"), *telling[:2]])


def _check(module: cst.Module) -> None:
    """What we hand out parses; a recipe for which it does not has a bug, and the caller must hear of it."""
    ast.parse(module.bytes)
