"""Lambdas given to a group-by that only name a reduction, as that reduction."""

import libcst as cst

from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import code, expr, method, name_of, swap, text_of

_REDUCTIONS = ("sum", "mean", "min", "max", "count", "median", "nunique", "std", "var")


def rewrite(scene: Scene) -> Fit:
    found: list[str] = []

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        new = _named(node)
        if new is not None:
            found.append(code(new))
        return new

    function = swap(scene.function, change)
    if not found:
        raise Misfit("no group-by gets a lambda that is a reduction pandas has a name for")
    return Fit(function, note=", ".join(f"`{each}`" for each in found))


def _named(node: cst.CSTNode) -> cst.BaseExpression | None:
    """`groups[column].agg(lambda s: s.sum())` and its kin; one column, so that the name of the result stays."""
    found = method(node, "apply", "agg", "aggregate", "transform")
    if found is None or len(found[1]) != 1 or not _is_grouped_column(found[0]):
        return None
    reduction = _reduction(found[1][0])
    if reduction is None or not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    if node.func.attr.value == "transform":
        return expr(f'{code(found[0])}.transform("{reduction}")')
    return expr(f"{code(found[0])}.{reduction}()")


def _is_grouped_column(node: cst.BaseExpression) -> bool:
    """`frame.groupby(...)["column"]`."""
    match node:
        case cst.Subscript(
            value=cst.Call(func=cst.Attribute(attr=cst.Name("groupby"))),
            slice=[cst.SubscriptElement(slice=cst.Index(value=label))],
        ):
            return text_of(label) is not None
    return False


def _reduction(node: cst.BaseExpression) -> str | None:
    match node:
        case cst.Lambda(
            params=cst.Parameters(params=[cst.Param(name=cst.Name(value=group), default=None)]),
            body=cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name(value=reduction)), args=[]),
        ):
            return reduction if name_of(receiver) == group and reduction in _REDUCTIONS else None
    return None


RECIPE = Recipe(
    name="groups",
    title="Name the reduction of a group-by instead of passing a lambda",
    mechanism="A named reduction runs over all groups in compiled code, knowing the column's dtype; a lambda is"
    " called per group on a new series.",
    precondition="One column of a group-by is reduced by a lambda that does nothing but call a reduction pandas knows by name.",
    rewrite=rewrite,
    aliases=("groupby", "group-lambda"),
)
