"""Small functions of the module as expressions, so that what they compute can be seen where they are called."""

import libcst as cst

from bot.agents.recipes.effects import parameters
from bot.agents.recipes.flow import is_pure
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import Function, assignment, body_of, code, expr, name_of, positional, small, swap, text_of

_LIMIT = 600


def inlined(node: cst.Call, scene: Scene, depth: int = 2) -> cst.BaseExpression | None:
    """The call of a function of this module as one expression, when that function only decides and computes."""
    helper = scene.functions.get(name_of(node.func) or "")
    arguments = positional(node)
    if helper is None or arguments is None or len(arguments) != len(parameters(helper)):
        return None
    if any(not isinstance(each, cst.Name | cst.SimpleString | cst.Integer | cst.Subscript) for each in arguments):
        return None
    whole = _expression(list(body_of(helper)), helper, {})
    if whole is not None and depth:
        whole = swap(whole, lambda each: inlined(each, scene, depth - 1) if isinstance(each, cst.Call) else None)
    if whole is None or not is_pure(whole, dict(scene.imports)) or len(code(whole)) > _LIMIT:
        return None
    given = dict(zip(parameters(helper), arguments, strict=True))
    return _put(whole, given)


def _put(node: cst.BaseExpression, values: dict[str, cst.BaseExpression]) -> cst.BaseExpression:
    return swap(node, lambda each: values.get(name_of(each) or ""))


def _expression(
    statements: list[cst.CSTNode], helper: Function, known: dict[str, cst.BaseExpression]
) -> cst.BaseExpression | None:
    """`if test: return one` and then `return other`, as `one if test else other`."""
    if not statements:
        return None
    first, rest = statements[0], statements[1:]
    match small(first):
        case cst.Return(value=cst.BaseExpression() as value):
            return _bracketed(_put(value, known))
        case cst.Expr(value=value) if text_of(value) is not None:
            return _expression(rest, helper, known)
    if (pair := assignment(first)) is not None and pair[0] not in known and pair[0] not in parameters(helper):
        return _expression(rest, helper, {**known, pair[0]: _bracketed(_put(pair[1], known))})
    match first:
        case cst.If(test=test, orelse=None):
            then, other = _expression(list(body_of(first)), helper, known), _expression(rest, helper, known)
        case cst.If(test=test, orelse=cst.Else(body=cst.IndentedBlock(body=body))) if not rest:
            then, other = _expression(list(body_of(first)), helper, known), _expression(list(body), helper, known)
        case _:
            return None
    if then is None or other is None:
        return None
    return expr(f"({code(then)} if {code(_put(test, known))} else {code(other)})")


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    simple = isinstance(node, cst.Name | cst.Call | cst.Attribute | cst.Subscript | cst.Integer | cst.Float) or node.lpar
    return node if simple else expr(f"({code(node)})")
