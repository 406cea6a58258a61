"""Sums, means, extremes of a moving window, sliced anew in each turn of a loop, for all windows at once."""

from dataclasses import replace

import libcst as cst

from bot.agents.recipes.catalogue.window_code import WINDOWS
from bot.agents.recipes.catalogue.window_slices import Window, WindowLoop, assigned_in, find_windows, shorthands_in, window_of
from bot.agents.recipes.flow import names
from bot.agents.recipes.inline import inlined
from bot.agents.recipes.linear import text
from bot.agents.recipes.scene import NUMPY, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import (
    Statement,
    assignment,
    block,
    choices_in,
    code,
    each_block,
    expr,
    find,
    name_of,
    subscript,
    swap,
    with_lead,
)

_BUILTIN = {"sum": "sum", "min": "min", "max": "max", "len": "count"}
_NUMPY = {"sum": "npsum", "mean": "npmean", "min": "npmin", "max": "npmax", "amin": "npmin", "amax": "npmax", "std": "npstd"}
_NUMPY_PRESENT = {"nansum": "npsum", "nanmean": "npmean", "nanstd": "npstd"}
_SERIES = {"sum": "sum", "mean": "mean", "min": "min", "max": "max", "std": "std", "count": "count"}


def rewrite(scene: Scene) -> Fit:
    found: list[str] = []

    def change(statements: list[Statement]) -> list[Statement] | None:
        for position, statement in enumerate(statements):
            replaced = _replaced(statement, scene) if isinstance(statement, cst.For) else None
            if replaced is not None:
                found.append(code(statement).strip().splitlines()[0])
                rest = statements[position + 1 :]
                return [*statements[:position], *with_lead(replaced, statement), *(change(rest) or rest)]
        return None

    function = each_block(scene.function, change)
    if not found:
        raise Misfit("no loop over all positions that sums, averages or compares a slice moving along")
    companion = WINDOWS.replace("np.", f"{scene.spelled(NUMPY)}.")
    return Fit(function, (NUMPY,), (companion,), f"a window sliced anew in each turn of `{found[0]}`")


def _replaced(node: cst.For, scene: Scene) -> list[Statement] | None:
    variable = name_of(node.target)
    if variable is None or node.orelse is not None or not isinstance(node.body, cst.IndentedBlock):
        return None
    loop = WindowLoop(scene, node, variable, shorthands_in(node, variable))
    find_windows(loop)
    opened = swap(node.body, lambda each: _opened(each, loop))
    loop.guards = [each.test for each in choices_in(opened)]
    body = _truths(swap(opened, lambda each: _computed(each, loop)), loop)
    if not loop.above:
        return None
    body = _without_unused(body, loop, scene)
    lines = [f"{name} = {definition}" for definition, name in loop.above.items()]
    return [*block("\n".join(lines)), node.with_changes(body=body, leading_lines=[])]


def _opened(node: cst.CSTNode, loop: WindowLoop) -> cst.BaseExpression | None:
    """A function of this module that is called with a window, as the expression it computes."""
    if not isinstance(node, cst.Call) or not any(window_of(arg.value, loop) for arg in node.args):
        return None
    return inlined(node, loop.scene)


def _computed(node: cst.CSTNode, loop: WindowLoop) -> cst.BaseExpression | None:
    """`sums[i]` for `sum(window)`, and so on."""
    if not isinstance(node, cst.Call):
        return None
    reduction = _reduction(node, loop)
    if reduction is None:
        return None
    argument, window, what = reduction
    if window.present_only and what not in ("sum", "count", "npsum") and not window.series and not _is_guarded(loop):
        return None
    return _looked_up(window, what, _direct(node, argument, what, loop), loop)


def _reduction(node: cst.Call, loop: WindowLoop) -> tuple[cst.BaseExpression, Window, str] | None:
    match node:
        case cst.Call(func=cst.Name("sum"), args=[cst.Arg(value=cst.GeneratorExp() | cst.ListComp() as made)]):
            window = window_of(made.for_in.iter, loop)
            return (made.for_in.iter, window, "squares") if window and _are_squares(made, window, loop) else None
        case cst.Call(func=func, args=[cst.Arg(value=argument, keyword=None, star="")]):
            window = window_of(argument, loop)
            what = _what(func, window, loop.scene) if window else None
            present = window and func_name(func).startswith("nan")
            return (
                (argument, replace(window, present_only=bool(window.present_only or present)), what) if window and what else None
            )
        case cst.Call(
            func=cst.Attribute(value=argument, attr=cst.Name("std")), args=[cst.Arg(value=free, keyword=cst.Name("ddof"))]
        ):
            window = window_of(argument, loop)
            what = {"0": "pstd", "1": "std"}.get(code(free))
            return (argument, replace(window, present_only=True), what) if window and window.series and what else None
        case cst.Call(func=cst.Attribute(value=argument, attr=cst.Name(value=attr)), args=[]) if attr in _SERIES:
            window = window_of(argument, loop)
            if (
                window
                and not window.series
                and not window.present_only
                and attr in _NUMPY
                and _is_array(window.values, loop.scene)
            ):
                return argument, window, _NUMPY[attr]
            return (argument, replace(window, present_only=True), _SERIES[attr]) if window and window.series else None
    return None


def _are_squares(made: cst.GeneratorExp | cst.ListComp, window: Window, loop: WindowLoop) -> bool:
    """`(value - mean) ** 2 for value in window`, with that window's own mean."""
    distance = _squared(made.elt)
    match distance:
        case cst.BinaryOperation(left=cst.Name(value=item), operator=cst.Subtract(), right=mean) if item == name_of(
            made.for_in.target
        ):
            plain_loop = not made.for_in.ifs and made.for_in.inner_for_in is None
            return plain_loop and _is_mean(dict(_pairs(loop)).get(name_of(mean) or "", mean), window, loop)
    return False


def _squared(node: cst.BaseExpression) -> cst.BaseExpression | None:
    match node:
        case cst.BinaryOperation(left=base, operator=cst.Power(), right=cst.Integer(value="2")):
            return base
        case cst.BinaryOperation(left=left, operator=cst.Multiply(), right=right) if left.deep_equals(right):
            return left
    return None


def _is_mean(node: cst.BaseExpression, window: Window, loop: WindowLoop) -> bool:
    """`sum(window) / len(window)` or a mean by name; also with the sum and the count already looked up."""
    match node:
        case cst.BinaryOperation(left=left, operator=cst.Divide(), right=right):
            return _is_reduction(left, "sum", window, loop) and _is_reduction(right, "count", window, loop)
        case cst.IfExp(body=body, orelse=orelse):  # guarded against an empty window, of which there are no squares either
            return _is_mean(body, window, loop) or _is_mean(orelse, window, loop)
    return _is_reduction(node, "npmean", window, loop) or _is_reduction(node, "mean", window, loop)


def _is_reduction(node: cst.BaseExpression, what: str, window: Window, loop: WindowLoop) -> bool:
    if isinstance(node, cst.Call):
        found = _reduction(node, loop)
        return found is not None and found[1:] == (window, what)
    place = subscript(node)
    start = f'_over_windows({window.values}, {text(window.width)}, "{what}", '
    return place is not None and any(name == name_of(place[0]) and made.startswith(start) for made, name in loop.above.items())


def _is_array(values: str, scene: Scene) -> bool:
    """Whether the variable surely holds an array."""
    value = assigned_in(scene).get(values)
    match value:
        case cst.Call(func=cst.Attribute(attr=cst.Name("to_numpy"))) | cst.Attribute(attr=cst.Name("values")):
            return True
        case cst.Call(func=func):
            return scene.means(func, "numpy.asarray", "numpy.array")
    return False


def func_name(func: cst.BaseExpression) -> str:
    return func.attr.value if isinstance(func, cst.Attribute) else name_of(func) or ""


def _what(func: cst.BaseExpression, window: Window, scene: Scene) -> str | None:
    if window.series:
        return "count" if name_of(func) == "len" and window.present_only else None
    if isinstance(func, cst.Name) and func.value in _BUILTIN and func.value not in scene.functions:
        return _BUILTIN[func.value]
    if scene.means(func, "statistics.fmean"):
        return "mean"
    for table in (_NUMPY, _NUMPY_PRESENT):
        for name, what in table.items():
            if scene.means(func, f"numpy.{name}"):
                return what
    return None


def _is_guarded(loop: WindowLoop) -> bool:
    """Whether the loop asks how many values are present before it needs one."""
    present = {name for name, window in loop.windows.items() if window.present_only}
    counts = {name for name, value in _pairs(loop) if names(value) & present and code(value).startswith("len(")}
    return any(names(test) & (present | counts) for test in loop.guards)


def _pairs(loop: WindowLoop) -> list[tuple[str, cst.BaseExpression]]:
    return [pair for each in find(loop.node.body, cst.SimpleStatementLine) if (pair := assignment(each)) is not None]


def _direct(node: cst.Call, argument: cst.BaseExpression, what: str, loop: WindowLoop) -> str:
    """The reduction as a function of the window, for values that are no plain numbers."""
    part = loop.scene.fresh("part")
    inner: cst.BaseExpression = expr(part)
    shown = argument
    while isinstance(shown, cst.Name) and (value := dict(_pairs(loop)).get(shown.value)) is not None:
        shown = value
    match shown:
        case cst.ListComp(for_in=clause):
            inner = shown.with_changes(for_in=clause.with_changes(iter=expr(part)))
        case cst.Call(func=cst.Attribute(attr=cst.Name("dropna"))):
            inner = expr(f"{part}.dropna()")
    if what == "squares":
        return f"lambda {part}: _squares({code(inner)})"
    return f"lambda {part}: {code(_with_argument(node, argument, inner))}"


def _with_argument(node: cst.Call, argument: cst.BaseExpression, inner: cst.BaseExpression) -> cst.Call:
    if isinstance(node.func, cst.Attribute) and node.func.value is argument:
        return node.with_changes(func=node.func.with_changes(value=inner))
    return node.with_changes(args=[node.args[0].with_changes(value=inner)])


def _looked_up(window: Window, what: str, direct: str, loop: WindowLoop) -> cst.BaseExpression:
    present = ", present_only=True" if window.present_only else ""
    definition = f'_over_windows({window.values}, {text(window.width)}, "{what}", {direct}{present})'
    if definition not in loop.above:
        loop.above[definition] = loop.scene.fresh(f"window_{what.removeprefix('np')}", *loop.above.values())
    return expr(f"{loop.above[definition]}[{window.at}]")


class _Tests(cst.CSTTransformer):
    """Replaces the truth of the present values by their count."""

    def __init__(self, loop: WindowLoop) -> None:
        super().__init__()
        self.loop = loop

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]  # noqa: ARG002
        if isinstance(updated, cst.If | cst.IfExp) and (count := self._count(updated.test)) is not None:
            return updated.with_changes(test=count)
        if isinstance(updated, cst.UnaryOperation) and isinstance(updated.operator, cst.Not):
            count = self._count(updated.expression)
            return updated.with_changes(expression=count) if count is not None else updated
        return updated

    def _count(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        window = self.loop.windows.get(name_of(node) or "")
        if window is None or window.series or not window.present_only or not self.loop.above:
            return None
        length = cst.Call(cst.Name("len"), [cst.Arg(node)])
        return _looked_up(window, "count", _direct(length, node, "count", self.loop), self.loop)


def _truths(body: cst.BaseSuite, loop: WindowLoop) -> cst.BaseSuite:
    changed_body = body.visit(_Tests(loop))
    assert isinstance(changed_body, cst.BaseSuite)
    return changed_body


def _without_unused(body: cst.BaseSuite, loop: WindowLoop, scene: Scene) -> cst.BaseSuite:
    """Without the lines that made windows and their bounds, where nothing needs them any more."""
    for name in [*reversed(loop.windows), *reversed(loop.shorthands)]:
        outside = _mentions(scene.function, name) - _mentions(loop.node, name)
        lines = [each for each in find(body, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == name]
        if len(lines) == 1 and not outside and _mentions(body, name) == 1:
            smaller = body.deep_remove(lines[0])
            assert isinstance(smaller, cst.BaseSuite)
            body = smaller
    return body


def _mentions(node: cst.CSTNode, name: str) -> int:
    return sum(each.value == name for each in find(node, cst.Name))


RECIPE = Recipe(
    name="windows",
    title="Compute rolling windows for all rows at once",
    mechanism="Instead of slicing and reducing one window per row, whole arrays are shifted and added, as often as"
    " the window is wide.",
    precondition="A loop over all positions reduces a slice of fixed width that ends (or starts) at the position, of"
    " a list, array or series.",
    rewrite=rewrite,
    aliases=("rolling", "sliding-window"),
)
