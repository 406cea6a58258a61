"""Arrays of floats that Python loops read one by one, as lists: a numpy scalar costs several times what a Python float does."""

import ast
import itertools
from collections.abc import Iterator

import libcst as cst

from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import names
from bot.agents.recipes.scalarflow import ARRAY, FLOATS, SENSITIVE, Leak, Scalars, annotated
from bot.agents.recipes.scene import NUMPY, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Function, Loop, assignment, body_of, code, expr, find, plain, walk

SCALARS = '''def _as_scalars(array):
    """A one-dimensional array of 64-bit floats as a list of Python floats, anything else as it is."""
    if type(array) is np.ndarray and array.ndim == 1 and array.dtype == np.float64:
        return array.tolist()
    return array
'''


def rewrite(scene: Scene) -> Fit:
    found = _arrays(scene)
    steady = [name for name, value in found.items() if not _changes_later(name, value, scene)]
    if not steady:
        raise Misfit("no loop reads single items of an array that is made here and does not change")
    reason = ""
    for together in _choices(steady, found):
        try:
            _follow(together, scene)
        except Leak as leak:
            reason = reason or str(leak)
        else:
            return _fit(scene, {name: found[name] for name in together})
    raise Misfit(f"one could tell a numpy float from a Python one by {reason}")


def _choices(names_of_arrays: list[str], found: dict[str, cst.BaseExpression]) -> Iterator[tuple[str, ...]]:
    """Several arrays at once where all are surely of 64-bit floats: with others, floats would not add up to the same type."""
    sure = [name for name in names_of_arrays if _has_float_dtype(found[name])][:6]
    if len(sure) > 1:
        yield tuple(sure)
        yield from itertools.combinations(sure, len(sure) - 1)
    yield from ((name,) for name in names_of_arrays)


def _has_float_dtype(value: cst.BaseExpression) -> bool:
    """`dtype=float`, or `.astype(float)` before."""
    calls = [each for each in find(value, cst.Call) if isinstance(each.func, cst.Attribute)]
    return any(code(arg.value) in FLOATS for each in calls for arg in each.args)


def _fit(scene: Scene, chosen: dict[str, cst.BaseExpression]) -> Fit:
    function = scene.function.visit(_Wrap(list(chosen.values())))
    assert isinstance(function, cst.FunctionDef)
    companion = SCALARS.replace("np.", f"{scene.spelled(NUMPY)}.")
    named = ", ".join(f"`{name}`" for name in chosen)
    return Fit(function, (NUMPY,), (companion,), f"single floats taken out of {named} in a loop")


def _arrays(scene: Scene) -> dict[str, cst.BaseExpression]:
    """Variables that are set once, to an array, and indexed or gone through by a loop."""
    pairs = [pair for line in find(scene.function, cst.SimpleStatementLine) if (pair := assignment(line)) is not None]
    once = {name: value for name, value in pairs if sum(other == name for other, _ in pairs) == 1}
    return {name: value for name, value in once.items() if _makes_array(value, scene) and _read_in_loop(name, scene.function)}


def _makes_array(value: cst.BaseExpression, scene: Scene) -> bool:
    match value:
        case cst.Attribute(attr=cst.Name("values")):
            return True
        case cst.Call(func=cst.Attribute(attr=cst.Name("to_numpy"))):
            return True
        case cst.Call(func=function):
            return scene.means(function, "numpy.asarray", "numpy.array")
    return False


def _read_in_loop(name: str, function: Function) -> bool:
    loops = [each for each in walk(function.body) if isinstance(each, Loop | cst.CompFor)]
    return any(name in names(each.body if isinstance(each, Loop) else each) for each in loops) or any(
        isinstance(each, cst.For) and name in names(each.iter) for each in loops
    )


def _follow(arrays: tuple[str, ...], scene: Scene) -> None:
    """Raises Leak where somebody could tell."""
    function = plain(scene.function).body[0]
    if not isinstance(function, ast.FunctionDef):
        raise Leak("a function that is no plain one")
    functions = {
        each: tree
        for each, other in scene.functions.items()
        if "." not in each and isinstance(tree := plain(other).body[0], ast.FunctionDef)
    }
    sources = dict.fromkeys((value for name in arrays for value in _assigned(function, name)), ARRAY)
    if Scalars(function, functions, scene.imports, annotated(function), sources=sources).follow() in SENSITIVE:
        raise Leak("what the function returns")


def _assigned(function: ast.FunctionDef, name: str) -> list[ast.expr]:
    """The value of the one assignment to the variable."""
    found = []
    for each in ast.walk(function):
        match each:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name:
                found.append(value)
    return found


def _changes_later(name: str, value: cst.BaseExpression, scene: Scene) -> bool:
    """The list is a copy: an array that is a view on something would follow it."""
    statements = list(body_of(scene.function))
    start = next(i for i, each in enumerate(statements) if any(inner is value for inner in walk(each)))
    watched = (names(value) - scene.imports.keys()) | {name}
    first = statements[start]
    alone = assignment(first) is not None
    touched = {one for each in statements[start + alone :] for one in changed(each, scene)}
    return bool(touched & (watched if alone else watched - {name})) and not _only_loop_targets(touched & watched, first)


def _only_loop_targets(touched: set[str], statement: cst.CSTNode) -> bool:
    """In a loop over columns the name of the column changes, which changes no array."""
    targets = {each for loop in find(statement, cst.For) for each in names(loop.target)}
    return bool(touched) and touched <= targets


class _Wrap(cst.CSTTransformer):
    def __init__(self, values: list[cst.BaseExpression]) -> None:
        super().__init__()
        self.values = values

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        if any(original is each for each in self.values):
            return expr(f"_as_scalars({code(updated)})")
        return updated


RECIPE = Recipe(
    name="scalars",
    title="Read floats from lists where a loop takes them out of arrays one by one",
    mechanism="Each item taken out of an array becomes a new numpy scalar, whose arithmetic is slow too; a list made once gives"
    " plain floats.",
    precondition="An array of floats is only indexed by single positions, measured or gone through, here or in functions of the"
    " file, and its items end up in comparisons, in `float(...)`, or in arrays and columns of floats. They are not divided by"
    " anything but a number written down: numpy divides by zero.",
    rewrite=rewrite,
    aliases=("tolist", "numpy-scalars", "array-items"),
)
