"""`xs = []` and a loop that only appends, as one list comprehension."""

import ast

import libcst as cst

from bot.agents.recipes.flow import escapes, has, names, stores, suspends
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import (
    Statement,
    assignment,
    body_of,
    code,
    each_block,
    expr,
    find,
    has_comment,
    method,
    name_of,
    small,
    with_lead,
)

_FORBIDDEN = (ast.Lambda, ast.NamedExpr, ast.FunctionDef)


def rewrite(scene: Scene) -> Fit:
    def change(statements: list[Statement]) -> list[Statement] | None:
        return _block(statements, scene)

    function = each_block(scene.function, change)
    if function is scene.function or code(function) == code(scene.function):
        raise Misfit("no empty list that a loop right below only appends to")
    return Fit(function, note="a loop that only appends to a list")


def _block(statements: list[Statement], scene: Scene) -> list[Statement] | None:
    """The block with the first start-and-fill pair in it replaced, as often as there is one."""
    for position, statement in enumerate(statements):
        name = _empty_list(statement)
        filled = _filled(name, statements[position + 1 :], scene) if name else None
        if name and filled:
            offset, value = filled
            loop = statements[position + 1 + offset]
            line = _with_value(statement, value)
            kept = statements[position + 1 : position + 1 + offset]
            rest = _block(statements[position + offset + 2 :], scene)
            tail = statements[position + offset + 2 :] if rest is None else rest
            placed = with_lead([line], loop if kept or _is_commented(loop) else statement)
            return [*statements[:position], *kept, *placed, *tail]
    return None


def _is_commented(loop: Statement) -> bool:
    return any(line.comment is not None for line in loop.leading_lines)


def _empty_list(statement: Statement) -> str | None:
    match assignment(statement):
        case (name, cst.List(elements=[])):
            return name
    return None


def _with_value(statement: Statement, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    line = small(statement)
    assert line is not None and isinstance(statement, cst.SimpleStatementLine)
    return statement.with_changes(leading_lines=[], body=[line.with_changes(value=value)])


def _filled(name: str, following: list[Statement], scene: Scene) -> tuple[int, cst.BaseExpression] | None:
    """How far below the loop stands that fills the list, and the comprehension that does the same."""
    for offset, statement in enumerate(following):
        if isinstance(statement, cst.For):
            return None if (value := _comprehension(name, statement, scene)) is None else (offset, value)
        if name in names(statement) or not isinstance(statement, cst.SimpleStatementLine):
            return None
    return None


def _comprehension(name: str, loop: cst.For, scene: Scene) -> cst.BaseExpression | None:
    if suspends(loop) or has(loop, *_FORBIDDEN) or has_comment(loop.body) or _inside_try(loop, scene):
        return None
    clauses: list[str] = []
    statement: cst.CSTNode = loop
    while not isinstance(statement, cst.SimpleStatementLine):
        clause = _clause(statement)
        if clause is None or name in clause[1]:
            return None
        clauses.append(clause[0])
        (statement,) = body_of(statement)
    value = _appended(statement, name)
    if value is None or any(escapes(each, loop, scene.function) for each in stores(loop)):
        return None
    return expr(_layout(code(value), clauses))


def _clause(statement: cst.CSTNode) -> tuple[str, set[str]] | None:
    """`for` or `if` of a comprehension, and the names it uses."""
    if len(body_of(statement)) != 1:
        return None
    match statement:
        case cst.For(target=target, iter=iterable, orelse=None):
            return f"for {code(target)} in {_operand(iterable)}", names(iterable) | names(target)
        case cst.If(test=test, orelse=None):
            return f"if {_operand(test)}", names(test)
    return None


def _operand(node: cst.BaseExpression) -> str:
    bare = isinstance(node, cst.IfExp | cst.Lambda) or (isinstance(node, cst.Tuple) and not node.lpar)
    return f"({code(node)})" if bare else code(node)


def _appended(statement: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    match small(statement):
        case cst.Expr(value=value):
            match method(value, "append"):
                case (receiver, [item]) if name_of(receiver) == name and name not in names(item):
                    return item
    return None


def _layout(value: str, clauses: list[str]) -> str:
    """On one line where that is readable, else a line for each clause."""
    line = " ".join([value, *clauses])
    if len(line) <= 88 and "\n" not in line:
        return f"[{line}]"
    return "[\n        " + "\n        ".join([value, *clauses]) + "\n    ]"


def _inside_try(loop: cst.For, scene: Scene) -> bool:
    """A half-filled list could be seen after an exception."""
    return any(code(loop).strip() in code(attempt) for attempt in find(scene.function, cst.Try) if _same_text(loop, attempt))


def _same_text(loop: cst.For, attempt: cst.Try) -> bool:
    return any(code(each).strip() == code(loop).strip() for each in find(attempt, cst.For))


RECIPE = Recipe(
    name="comprehension",
    title="Build lists with comprehensions",
    mechanism="A comprehension appends in the interpreter itself, without looking up and calling `append` for every element.",
    precondition="A list starts empty and the loop right below does nothing but append to it; the loop's variables"
    " are not used later.",
    rewrite=rewrite,
    aliases=("list-comprehension", "append"),
)
