"""Sums, means, extremes of a moving window, sliced anew in each turn of a loop, for all windows at once."""

from dataclasses import dataclass, field, replace

import libcst as cst

from bot.agents.recipes.catalogue.window_code import WINDOWS
from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import names
from bot.agents.recipes.inline import inlined
from bot.agents.recipes.linear import ONE, Linear, linear, minus, text
from bot.agents.recipes.missing import is_present_test
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
    span,
    subscript,
    swap,
    with_lead,
)

_BUILTIN = {"sum": "sum", "min": "min", "max": "max", "len": "count"}
_NUMPY = {"sum": "npsum", "mean": "npmean", "min": "npmin", "max": "npmax", "amin": "npmin", "amax": "npmax", "std": "npstd"}
_NUMPY_PRESENT = {"nansum": "npsum", "nanmean": "npmean", "nanstd": "npstd"}
_SERIES = {"sum": "sum", "mean": "mean", "min": "min", "max": "max", "std": "std", "count": "count"}


@dataclass(frozen=True, slots=True)
class _Window:
    """`values[max(0, at - width + 1) : at + 1]`, of a series or something else; perhaps only what is not missing in it."""

    values: str
    width: Linear
    at: str
    series: bool
    present_only: bool = False


@dataclass(slots=True)
class _Loop:
    """One loop over positions, the windows that its variables hold, and what was computed above it so far."""

    scene: Scene
    node: cst.For
    variable: str
    shorthands: dict[str, cst.BaseExpression]
    windows: dict[str, _Window] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)  # definition -> name
    guards: list[cst.BaseExpression] = field(default_factory=list)

    def spelled_out(self, node: cst.BaseExpression) -> cst.BaseExpression:
        return swap(node, lambda each: self.shorthands.get(name_of(each) or ""))


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
    loop = _Loop(scene, node, variable, _shorthands(node, variable))
    _find_windows(loop)
    opened = swap(node.body, lambda each: _opened(each, loop))
    loop.guards = [each.test for each in choices_in(opened)]
    body = _truths(swap(opened, lambda each: _computed(each, loop)), loop)
    if not loop.above:
        return None
    body = _without_unused(body, loop, scene)
    lines = [f"{name} = {definition}" for definition, name in loop.above.items()]
    return [*block("\n".join(lines)), node.with_changes(body=body, leading_lines=[])]


def _shorthands(node: cst.For, variable: str) -> dict[str, cst.BaseExpression]:
    """Variables of the loop that stand for a sum of others: `start = max(0, i - width + 1)`."""
    found: dict[str, cst.BaseExpression] = {}
    lines = [pair for each in find(node.body, cst.SimpleStatementLine) if (pair := assignment(each)) is not None]
    for name, value in lines:
        once = sum(other == name for other, _ in lines) == 1
        if once and name != variable and _is_bound(value) and not names(value) & {name}:
            found[name] = swap(value, lambda each: found.get(name_of(each) or ""))
    return found


def _is_bound(value: cst.BaseExpression) -> bool:
    return linear(value) is not None or _clipped(value) is not None


def _clipped(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The other operand of `max(0, ...)`."""
    match node:
        case cst.Call(func=cst.Name("max"), args=[cst.Arg(value=one), cst.Arg(value=other)]):
            return other if code(one) == "0" else one if code(other) == "0" else None
    return None


def _find_windows(loop: _Loop) -> None:
    for line in find(loop.node.body, cst.SimpleStatementLine):
        pair = assignment(line)
        window = _window(pair[1], loop) if pair else None
        if pair and window and sum(_binds(each, pair[0]) for each in find(loop.node.body, cst.AssignTarget)) <= 1:
            loop.windows[pair[0]] = window


def _binds(target: cst.AssignTarget, name: str) -> bool:
    return name in names(target.target)


def _window(node: cst.BaseExpression, loop: _Loop) -> _Window | None:
    """Read a window: a variable that holds one, a slice, or the values present in one of these."""
    if isinstance(node, cst.Name):
        return loop.windows.get(node.value)
    match node:
        case cst.ListComp(elt=cst.Name(value=item), for_in=cst.CompFor(target=cst.Name(value=target), iter=inner, ifs=[test])):
            window = _window(inner, loop)
            if window and item == target and inner is not None and is_present_test(test.test, item, loop.scene):
                return replace(window, present_only=True)
            return None
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("dropna")), args=[]):
            window = _window(inner, loop)
            return replace(window, present_only=True) if window and window.series else None
    return _slice(node, loop)


def _slice(node: cst.BaseExpression, loop: _Loop) -> _Window | None:
    cut = span(node)
    if cut is None or cut[2] is None:
        return None
    values, series = cut[0], False
    if isinstance(values, cst.Attribute) and values.attr.value == "iloc":
        values, series = values.value, True
    if (not isinstance(values, cst.Name) and subscript(values) is None) or names(values) & changed(loop.node, loop.scene):
        return None
    ends = minus(linear(loop.spelled_out(cut[2])), {ONE: 1})
    starts = loop.spelled_out(cut[1]) if cut[1] is not None else None
    return _window_between(values, series, starts, ends, loop)


def _window_between(
    values: cst.BaseExpression, series: bool, starts: cst.BaseExpression | None, ends: Linear | None, loop: _Loop
) -> _Window | None:
    """The window from `starts` to `ends` inclusive, when it moves with the loop's variable and keeps its width."""
    inner = None if starts is None else _clipped(starts)
    low = linear(starts if inner is None else inner)
    width = minus(minus(ends, low), {ONE: -1})
    if low is None or ends is None or not width or loop.variable in width or ends.get(loop.variable) != 1:
        return None
    backward = set(ends) == {loop.variable}
    if (backward and not (inner is not None or _never_early(width, loop))) or (not backward and starts is None):
        return None
    if not _covers(values, backward, width, loop) or set(width) & changed(loop.node, loop.scene):
        return None
    return _Window(code(values), width, text(ends), series)


def _never_early(width: Linear, loop: _Loop) -> bool:
    """Whether the loop keeps away from positions that have no full window."""
    early = minus({loop.variable: 1}, minus(width, {ONE: 1}))
    match loop.node.iter:
        case cst.Call(func=cst.Name("range"), args=[cst.Arg(value=start), cst.Arg()]) if linear(start) == minus(width, {ONE: 1}):
            return True
    for test in (each.test for each in find(loop.node.body, cst.If)):
        match test:
            case cst.Comparison(
                left=left, comparisons=[cst.ComparisonTarget(operator=cst.LessThan() | cst.GreaterThanEqual(), comparator=right)]
            ):
                if minus(linear(loop.spelled_out(left)), linear(loop.spelled_out(right))) == early:
                    return True
    return False


def _covers(values: cst.BaseExpression, backward: bool, width: Linear, loop: _Loop) -> bool:
    """Whether the loop goes through positions of these values only: up to `len(values)`, or so that windows end there."""
    match loop.node.iter:
        case cst.Call(func=cst.Name("range"), args=[cst.Arg(value=stop)] | [_, cst.Arg(value=stop)]):
            end = _resolved(stop, loop.scene)
        case _:
            return False
    reach = linear(end) if backward else minus(linear(end), minus({ONE: 1}, width))
    sizes = {f"len({each})" for each in _same_length(values, loop.scene)}
    return reach is not None and list(reach.values()) == [1] and next(iter(reach)) in sizes


def _resolved(node: cst.BaseExpression, scene: Scene) -> cst.BaseExpression:
    """With `n = len(values)` put in."""
    lengths = {name: value for name, value in _assigned(scene).items() if code(value).startswith("len(")}
    return swap(node, lambda each: lengths.get(name_of(each) or ""))


def _assigned(scene: Scene) -> dict[str, cst.BaseExpression]:
    """What variables of the function are assigned, for those assigned once."""
    pairs = [pair for each in find(scene.function, cst.SimpleStatementLine) if (pair := assignment(each)) is not None]
    return {name: value for name, value in pairs if sum(other == name for other, _ in pairs) == 1}


def _same_length(values: cst.BaseExpression, scene: Scene) -> set[str]:
    """The values themselves, and the frame or series that they are a column or copy of."""
    found: set[str] = set()
    node: cst.BaseExpression | None = values
    while node is not None and code(node) not in found:
        found.add(code(node))
        node = _origin(node, scene)
    return found


def _origin(node: cst.BaseExpression, scene: Scene) -> cst.BaseExpression | None:
    match node:
        case cst.Name(value=name):
            return _assigned(scene).get(name)
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("tolist" | "to_list" | "to_numpy" | "astype" | "copy"))):
            return inner
        case cst.Attribute(value=inner, attr=cst.Name("values" | "array" | "index")):
            return inner
        case cst.Call(func=func, args=[cst.Arg(value=inner), *_]) if code(func) in ("list", "tuple") or scene.means(
            func, "numpy.asarray"
        ):
            return inner
    place = subscript(node)
    return place[0] if place and isinstance(place[0], cst.Name) else None


def _opened(node: cst.CSTNode, loop: _Loop) -> cst.BaseExpression | None:
    """A function of this module that is called with a window, as the expression it computes."""
    if not isinstance(node, cst.Call) or not any(_window(arg.value, loop) for arg in node.args):
        return None
    return inlined(node, loop.scene)


def _computed(node: cst.CSTNode, loop: _Loop) -> cst.BaseExpression | None:
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


def _reduction(node: cst.Call, loop: _Loop) -> tuple[cst.BaseExpression, _Window, str] | None:
    match node:
        case cst.Call(func=cst.Name("sum"), args=[cst.Arg(value=cst.GeneratorExp() | cst.ListComp() as made)]):
            window = _window(made.for_in.iter, loop)
            return (made.for_in.iter, window, "squares") if window and _are_squares(made, window, loop) else None
        case cst.Call(func=func, args=[cst.Arg(value=argument, keyword=None, star="")]):
            window = _window(argument, loop)
            what = _what(func, window, loop.scene) if window else None
            present = window and func_name(func).startswith("nan")
            return (
                (argument, replace(window, present_only=bool(window.present_only or present)), what) if window and what else None
            )
        case cst.Call(func=cst.Attribute(value=argument, attr=cst.Name(value=attr)), args=[]) if attr in _SERIES:
            window = _window(argument, loop)
            return (argument, replace(window, present_only=True), _SERIES[attr]) if window and window.series else None
    return None


def _are_squares(made: cst.GeneratorExp | cst.ListComp, window: _Window, loop: _Loop) -> bool:
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


def _is_mean(node: cst.BaseExpression, window: _Window, loop: _Loop) -> bool:
    """`sum(window) / len(window)` or a mean by name; also with the sum and the count already looked up."""
    match node:
        case cst.BinaryOperation(left=left, operator=cst.Divide(), right=right):
            return _is_reduction(left, "sum", window, loop) and _is_reduction(right, "count", window, loop)
        case cst.IfExp(body=body, orelse=orelse):  # guarded against an empty window, of which there are no squares either
            return _is_mean(body, window, loop) or _is_mean(orelse, window, loop)
    return _is_reduction(node, "npmean", window, loop) or _is_reduction(node, "mean", window, loop)


def _is_reduction(node: cst.BaseExpression, what: str, window: _Window, loop: _Loop) -> bool:
    if isinstance(node, cst.Call):
        found = _reduction(node, loop)
        return found is not None and found[1:] == (window, what)
    place = subscript(node)
    start = f'_over_windows({window.values}, {text(window.width)}, "{what}", '
    return place is not None and any(name == name_of(place[0]) and made.startswith(start) for made, name in loop.above.items())


def func_name(func: cst.BaseExpression) -> str:
    return func.attr.value if isinstance(func, cst.Attribute) else name_of(func) or ""


def _what(func: cst.BaseExpression, window: _Window, scene: Scene) -> str | None:
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


def _is_guarded(loop: _Loop) -> bool:
    """Whether the loop asks how many values are present before it needs one."""
    present = {name for name, window in loop.windows.items() if window.present_only}
    counts = {name for name, value in _pairs(loop) if names(value) & present and code(value).startswith("len(")}
    return any(names(test) & (present | counts) for test in loop.guards)


def _pairs(loop: _Loop) -> list[tuple[str, cst.BaseExpression]]:
    return [pair for each in find(loop.node.body, cst.SimpleStatementLine) if (pair := assignment(each)) is not None]


def _direct(node: cst.Call, argument: cst.BaseExpression, what: str, loop: _Loop) -> str:
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


def _looked_up(window: _Window, what: str, direct: str, loop: _Loop) -> cst.BaseExpression:
    present = ", present_only=True" if window.present_only else ""
    definition = f'_over_windows({window.values}, {text(window.width)}, "{what}", {direct}{present})'
    if definition not in loop.above:
        loop.above[definition] = loop.scene.fresh(f"window_{what.removeprefix('np')}", *loop.above.values())
    return expr(f"{loop.above[definition]}[{window.at}]")


class _Tests(cst.CSTTransformer):
    """Replaces the truth of the present values by their count."""

    def __init__(self, loop: _Loop) -> None:
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


def _truths(body: cst.BaseSuite, loop: _Loop) -> cst.BaseSuite:
    changed_body = body.visit(_Tests(loop))
    assert isinstance(changed_body, cst.BaseSuite)
    return changed_body


def _without_unused(body: cst.BaseSuite, loop: _Loop, scene: Scene) -> cst.BaseSuite:
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
