"""Put the body of a small function of the module in the place of its call, so that loops within loops can be seen as such."""

import libcst as cst

from bot.agents.recipes.effects import parameters
from bot.agents.recipes.flow import loads, stores, suspends
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import (
    Function,
    Loop,
    Statement,
    assignment,
    block,
    body_of,
    code,
    find,
    name_of,
    positional,
    small,
    text_of,
    walk,
    with_lead,
)


def unfolded(scene: Scene) -> Function:
    """The function with the first `name = helper(...)` in its loops replaced by what the helper does; else itself."""
    lines = [line for loop in _loops(scene.function) for line in find(loop.body, cst.SimpleStatementLine)]
    for line in lines:
        statements = _inside(line, scene)
        if statements:
            function = scene.function.visit(_Put(line, statements))
            assert isinstance(function, cst.FunctionDef)
            return function
    return scene.function


def _loops(function: Function) -> list[Loop]:
    return [each for each in walk(function.body) if isinstance(each, Loop)]


def _inside(line: cst.SimpleStatementLine, scene: Scene) -> list[Statement]:
    """The statements that do what the line does; none when that can't be said."""
    pair = assignment(line)
    if pair is None or not isinstance(pair[1], cst.Call):
        return []
    helper = scene.functions.get(name_of(pair[1].func) or "")
    arguments = positional(pair[1])
    if helper is None or arguments is None or len(arguments) != len(parameters(helper)) or not _is_plain(helper):
        return []
    given = dict(zip(parameters(helper), arguments, strict=True))
    taken = loads(scene.function) | stores(scene.function) | scene.taken()
    own = (stores(helper.body) | set(given)) - {name for name, value in given.items() if name_of(value) == name}
    names = {name: _fresh(name, taken, scene) for name in own}
    return _statements(pair[0], given, names, helper, line)


def _fresh(name: str, taken: set[str], scene: Scene) -> str:
    elsewhere = loads(scene.function) | stores(scene.function)
    return name if name not in elsewhere else next(each for n in range(2, 99) if (each := f"{name}_{n}") not in taken)


def _is_plain(helper: Function) -> bool:
    """A loop and a `return` at the very end, nothing that leaves elsewhere."""
    body = body_of(helper)
    returns = find(helper.body, cst.Return)
    ends = bool(body) and isinstance(small(body[-1]), cst.Return) and len(returns) == 1 and returns[0].value is not None
    inner = any(
        isinstance(each, cst.FunctionDef | cst.Lambda | cst.ClassDef | cst.Global | cst.Nonlocal) for each in walk(helper.body)
    )
    return (
        ends and not inner and not helper.decorators and not suspends(helper) and any(isinstance(each, cst.For) for each in body)
    )


def _statements(
    target: str, given: dict[str, cst.BaseExpression], names: dict[str, str], helper: Function, line: cst.SimpleStatementLine
) -> list[Statement]:
    body = [each for each in body_of(helper) if not _is_docstring(each)]
    last = small(body[-1])
    assert isinstance(last, cst.Return) and last.value is not None
    above = [f"{names[name]} = {code(value)}" for name, value in given.items() if name in names]
    renamed = [each.visit(_Rename(names)) for each in body[:-1]]
    result = code(last.value.visit(_Rename(names)))
    made = [*block("\n".join(above)), *[each for each in renamed if isinstance(each, Statement)], *block(f"{target} = {result}")]
    return with_lead(made, line)


def _is_docstring(statement: cst.CSTNode) -> bool:
    line = small(statement)
    return isinstance(line, cst.Expr) and text_of(line.value) is not None


class _Put(cst.CSTTransformer):
    def __init__(self, line: cst.SimpleStatementLine, statements: list[Statement]) -> None:
        super().__init__()
        self.line = line
        self.statements = statements

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.FlattenSentinel:  # type: ignore[override,type-arg]
        return cst.FlattenSentinel(self.statements) if original is self.line else updated


class _Rename(cst.CSTTransformer):
    """Other names for variables; attributes and keywords of the same name stay."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self.names = names

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        match original, updated:
            case cst.Name(), cst.Name(value=value):
                return updated.with_changes(value=self.names.get(value, value))
            case cst.Attribute(attr=attr), cst.Attribute():
                return updated.with_changes(attr=attr)
            case cst.Arg(keyword=word), cst.Arg():
                return updated.with_changes(keyword=word)
        return updated
