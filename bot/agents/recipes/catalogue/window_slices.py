"""Find the windows in a loop: slices that move along with its variable and keep their width."""

from dataclasses import dataclass, field, replace

import libcst as cst

from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import names
from bot.agents.recipes.linear import ONE, Linear, linear, minus, text
from bot.agents.recipes.missing import is_present_test
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import assignment, code, find, name_of, span, subscript, swap


@dataclass(frozen=True, slots=True)
class Window:
    """`values[max(0, at - width + 1) : at + 1]`, of a series or something else; perhaps only what is not missing in it."""

    values: str
    width: Linear
    at: str
    series: bool
    present_only: bool = False


@dataclass(slots=True)
class WindowLoop:
    """One loop over positions, the windows that its variables hold, and what was computed above it so far."""

    scene: Scene
    node: cst.For
    variable: str
    shorthands: dict[str, cst.BaseExpression]
    windows: dict[str, Window] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)  # definition -> name
    guards: list[cst.BaseExpression] = field(default_factory=list)

    def spelled_out(self, node: cst.BaseExpression) -> cst.BaseExpression:
        return swap(node, lambda each: self.shorthands.get(name_of(each) or ""))


def shorthands_in(node: cst.For, variable: str) -> dict[str, cst.BaseExpression]:
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


def find_windows(loop: WindowLoop) -> None:
    for line in find(loop.node.body, cst.SimpleStatementLine):
        pair = assignment(line)
        window = window_of(pair[1], loop) if pair else None
        if pair and window and sum(_binds(each, pair[0]) for each in find(loop.node.body, cst.AssignTarget)) <= 1:
            loop.windows[pair[0]] = window


def _binds(target: cst.AssignTarget, name: str) -> bool:
    return name in names(target.target)


def window_of(node: cst.BaseExpression, loop: WindowLoop) -> Window | None:
    """Read a window: a variable that holds one, a slice, or the values present in one of these."""
    if isinstance(node, cst.Name):
        return loop.windows.get(node.value)
    match node:
        case cst.ListComp(elt=cst.Name(value=item), for_in=cst.CompFor(target=cst.Name(value=target), iter=inner, ifs=[test])):
            window = window_of(inner, loop)
            if window and item == target and inner is not None and is_present_test(test.test, item, loop.scene):
                return replace(window, present_only=True)
            return None
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("dropna")), args=[]):
            window = window_of(inner, loop)
            return replace(window, present_only=True) if window and window.series else None
    return _slice(node, loop)


def _slice(node: cst.BaseExpression, loop: WindowLoop) -> Window | None:
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
    values: cst.BaseExpression, series: bool, starts: cst.BaseExpression | None, ends: Linear | None, loop: WindowLoop
) -> Window | None:
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
    return Window(code(values), width, text(ends), series)


def _never_early(width: Linear, loop: WindowLoop) -> bool:
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


def _covers(values: cst.BaseExpression, backward: bool, width: Linear, loop: WindowLoop) -> bool:
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
    lengths = {name: value for name, value in assigned_in(scene).items() if code(value).startswith("len(")}
    return swap(node, lambda each: lengths.get(name_of(each) or ""))


def assigned_in(scene: Scene) -> dict[str, cst.BaseExpression]:
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
            return assigned_in(scene).get(name)
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
