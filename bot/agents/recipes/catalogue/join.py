"""A string that grows by `+=` in a loop, as a list of pieces joined once."""

import ast
import itertools

import libcst as cst

from bot.agents.recipes.flow import has, loads, names, occurrences, suspends
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import (
    Loop,
    Statement,
    assignment,
    block,
    code,
    each_block,
    expr,
    find,
    name_of,
    small,
    text_of,
    with_lead,
)


def rewrite(scene: Scene) -> Fit:
    def change(statements: list[Statement]) -> list[Statement] | None:
        return _block(statements, scene)

    function = each_block(scene.function, change)
    if code(function) == code(scene.function):
        raise Misfit("no string that starts as a literal and only grows in a loop right below")
    return Fit(function, note="a string that grows piece by piece")


def _block(statements: list[Statement], scene: Scene) -> list[Statement] | None:
    for position, (start, loop) in enumerate(itertools.pairwise(statements)):
        name, text = _literal(start)
        if name is None or not isinstance(loop, Loop) or not _only_grows(name, loop):
            continue
        parts = scene.fresh(f"{name}_parts")
        first = block(f"{parts} = []" if not text else f"{parts} = [{text}]")
        grown = _collecting(loop, name, parts)
        last = block(f'{name} = "".join({parts})')
        rest = statements[position + 2 :]
        return [*statements[:position], *with_lead(first, start), grown, *last, *(_block(rest, scene) or rest)]
    return None


def _literal(statement: Statement) -> tuple[str | None, str]:
    match assignment(statement):
        case (name, value) if (text := text_of(value)) is not None:
            return name, code(value) if text else ""
    return None, ""


def _only_grows(name: str, loop: Loop) -> bool:
    """The loop adds to the string at least once and has no other use for it."""
    grows = [each for each in find(loop, cst.SimpleStatementLine) if _added(each, name) is not None]
    uses = sum(occurrences(each, name) for each in grows)
    return bool(grows) and uses == occurrences(loop, name) and not _may_leave(loop)


def _may_leave(loop: Loop) -> bool:
    return suspends(loop) or has(loop, ast.Return, ast.Try, ast.FunctionDef, ast.Lambda, ast.Raise)


def _added(statement: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    """What `name += piece` or `name = name + piece` adds."""
    match small(statement):
        case cst.AugAssign(target=cst.Name(value=target), operator=cst.AddAssign(), value=piece) if target == name:
            return piece if name not in names(piece) else None
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=target))], value=value) if target == name:
            return _after(value, name)
    return None


def _after(value: cst.BaseExpression, name: str) -> cst.BaseExpression | None:
    """The rest of `name + a + b`, as an expression."""
    pieces: list[cst.BaseExpression] = []
    while isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add) and not value.lpar:
        pieces.insert(0, value.right)
        value = value.left
    if name_of(value) != name or not pieces or any(name in loads(piece) for piece in pieces):
        return None
    return expr(" + ".join(code(piece) for piece in pieces)) if _are_text(pieces) else None


def _are_text(pieces: list[cst.BaseExpression]) -> bool:
    """`s + a + b` is `s + (a + b)` for strings; a single piece needs no evidence, it must be one to be added."""
    if len(pieces) == 1:
        return True
    return all(isinstance(piece, cst.BaseString) or _is_text_call(piece) for piece in pieces[:2])


def _is_text_call(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and name_of(node.func) in ("str", "repr", "chr", "format")


class _Collect(cst.CSTTransformer):
    def __init__(self, name: str, parts: str) -> None:
        super().__init__()
        self.name = name
        self.parts = parts

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        piece = _added(original_node, self.name)
        if piece is None:
            return updated_node
        return updated_node.with_changes(body=[cst.Expr(cst.Call(expr(f"{self.parts}.append"), [cst.Arg(piece)]))])


def _collecting(loop: Loop, name: str, parts: str) -> Loop:
    changed = loop.visit(_Collect(name, parts))
    assert isinstance(changed, cst.For | cst.While)
    return changed


RECIPE = Recipe(
    name="join",
    title="Join strings once instead of growing one",
    mechanism="A growing string may be copied whole for every piece added; a list of pieces joined once copies"
    " each character once.",
    precondition="A string starts as a literal, the loop right below only adds to it, and nothing in the loop reads"
    " it or leaves early.",
    rewrite=rewrite,
    aliases=("string-building", "str-join", "concatenation"),
)
