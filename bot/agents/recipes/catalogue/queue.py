"""A list whose first item is popped again and again, as a deque."""

import libcst as cst

from bot.agents.recipes.flow import occurrences, suspends
from bot.agents.recipes.scene import Fit, Import, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Function, assignment, code, expr, find, swap, walk

DEQUE = Import("collections", "deque")
_SHARED = ("append", "extend", "clear", "count", "copy", "remove", "reverse")


def rewrite(scene: Scene) -> Fit:
    if suspends(scene.function):
        raise Misfit("the function is a generator or names its variables by text")
    function, found = scene.function, []
    deque = scene.spelled(DEQUE) if _popped(function) else ""
    for name in _popped(function):
        start = _start(name, function)
        if start is not None and _only_a_queue(name, function):
            function = _with_deque(name, start, function, deque)
            found.append(name)
    if not found:
        raise Misfit("no list made here is used as a queue and as nothing else")
    return Fit(function, (DEQUE,), note=", ".join(f"`{name}.pop(0)`" for name in found))


def _popped(function: Function) -> list[str]:
    """Lists that are popped from the front."""
    return list(dict.fromkeys(name for node in walk(function.body) if (name := _pops_first(node)) is not None))


def _pops_first(node: cst.CSTNode) -> str | None:
    match node:
        case cst.Call(
            func=cst.Attribute(value=cst.Name(value=name), attr=cst.Name("pop")), args=[cst.Arg(value=cst.Integer("0"))]
        ):
            return name
    return None


def _start(name: str, function: Function) -> cst.SimpleStatementLine | None:
    """The only line that gives the variable its value, when that makes a new list."""
    lines = [each for each in find(function.body, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == name]
    if len(lines) != 1 or name in (each.name.value for each in function.params.params):
        return None
    pair = assignment(lines[0])
    match pair:
        case (_, cst.List() | cst.ListComp()):
            return lines[0]
        case (_, cst.Call(func=cst.Name("list" | "sorted"))):
            return lines[0]
    return None


def _only_a_queue(name: str, function: Function) -> bool:
    """Whether each use of it means the same on a deque."""
    uses = sum(_is_queue_use(node, name) for node in walk(function.body))
    return uses + 1 == occurrences(function.body, name)


def _is_queue_use(node: cst.CSTNode, name: str) -> bool:
    match node:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=receiver), attr=cst.Name(value=attr)), args=args) if (
            receiver == name
        ):
            return attr in _SHARED or (attr == "pop" and (not args or code(args[0]) == "0"))
        case cst.Call(
            func=cst.Name("len" | "sorted" | "sum" | "bool" | "list" | "any" | "all"), args=[cst.Arg(value=cst.Name(value=given))]
        ):
            return given == name
        case cst.While(test=cst.Name(value=test)) | cst.If(test=cst.Name(value=test)):
            return test == name
        case cst.UnaryOperation(operator=cst.Not(), expression=cst.Name(value=test)):
            return test == name
        case cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=asked)):
            return asked == name
        case cst.BooleanOperation(left=cst.Name(value=left)):
            return left == name
    return False


def _with_deque(name: str, start: cst.SimpleStatementLine, function: Function, deque: str) -> Function:
    pair = assignment(start)
    assert pair is not None
    empty = isinstance(pair[1], cst.List) and not pair[1].elements
    made = expr(f"{deque}()" if empty else f"{deque}({code(pair[1])})")
    changed = function.deep_replace(pair[1], made)
    assert isinstance(changed, cst.FunctionDef)
    return swap(changed, lambda node: expr(f"{name}.popleft()") if _pops_first(node) == name else None)


RECIPE = Recipe(
    name="queue",
    title="Use a deque where a list is a queue",
    mechanism="`list.pop(0)` moves all remaining items one place forward; a deque gives away its first item in constant time.",
    precondition="A list made in the function is popped from the front and otherwise only appended to, counted or"
    " asked whether it is empty.",
    rewrite=rewrite,
    aliases=("deque", "pop-0"),
)
