"""A Python sort of a frame's rows by several columns, as ranks of whole columns and one stable array sort."""

import ast
from collections.abc import Mapping, Sequence

import libcst as cst

from bot.agents.recipes.comparison import Comparison
from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import occurrences
from bot.agents.recipes.ordering import Key, keys_of
from bot.agents.recipes.scene import NUMPY, PANDAS, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.sorts import Items, Sort, assigned_once, function_of, functions_seen, items_of, sorts_in, surroundings
from bot.agents.recipes.syntax import block, code, expr, find, small
from bot.agents.recipes.worlds import Undecided

ORDER = '''def _stable_order(count, columns):
    """Row positions in the order of these `(column, ascending, missing_last)`, the first counting most; ties stay in place.

    None where a value is missing in a column that has no place for missing values.
    """
    ranks = []
    for column, ascending, missing_last in reversed(columns):
        rank, distinct = pd.factorize(column.to_numpy(), sort=True)
        absent = rank < 0
        if missing_last is None and absent.any():
            return None
        if not ascending:
            rank = len(distinct) - 1 - rank
        rank[absent] = len(distinct) if missing_last else -1
        ranks.append(rank)
    return np.lexsort(ranks).tolist() if ranks else list(range(count))
'''


def rewrite(scene: Scene) -> Fit:
    reason = "no sort of a frame's row positions or records by a comparator or key function"
    for sort in sorts_in(scene.function):
        try:
            return _ranked(sort, scene)
        except Undecided as undecided:
            reason = f"the order of `{code(sort.key)[:60]}` is not one we can read: {undecided}"
    raise Misfit(reason)


def _ranked(sort: Sort, scene: Scene) -> Fit:
    values = assigned_once(scene.function)
    items = items_of(sort.items, values, scene) or (Items("") if isinstance(sort.items, cst.Name) else None)
    if items is None:
        raise Undecided(f"`{code(sort.items)}` is neither positions nor the records of a frame")
    keys, loop = _order(sort, items, values, scene)
    frame = keys[0].frame
    if not frame or (frame in changed(scene.function.body, scene) and frame not in values):
        raise Undecided(f"`{frame}` is changed in the function")
    order = _order_text(keys, loop, sort, items)
    function = scene.function.visit(_Put(sort, _replacement(sort, items, order, keys, scene)))
    assert isinstance(function, cst.FunctionDef)
    function = _without_dead(function, sort.key)
    numpy, pandas = scene.spelled(NUMPY), scene.spelled(PANDAS)
    companion = ORDER.replace("np.", f"{numpy}.").replace("pd.", f"{pandas}.")
    return Fit(function, (NUMPY, PANDAS), (companion,), f"rows of `{frame}` sorted by calling Python for every comparison or key")


def _order(
    sort: Sort, items: Items, values: Mapping[str, cst.BaseExpression], scene: Scene
) -> tuple[tuple[Key, ...], ast.For | None]:
    """The columns that the sort goes by; with the loop over the keys when they come from one."""
    key = sort.key
    two_rows = isinstance(key, cst.Call) and scene.means(key.func, "functools.cmp_to_key") and len(key.args) == 1
    function = function_of(key.args[0].value if two_rows and isinstance(key, cst.Call) else key, scene)
    if function is None or len(function.args.args) != (2 if two_rows else 1):
        raise Undecided("its definition is not in this file")
    comparison = Comparison(
        function, items, surroundings(values, items, scene), functions_seen(scene), scene, two_rows, sort.backwards
    )
    loop = comparison.loop()
    keys = keys_of(comparison.one_turn(loop) if loop else comparison.whole())
    if any(each.frame != (items.frame or keys[0].frame) for each in keys):
        raise Undecided("it reads another frame than the one that is sorted")
    if loop is not None and len(keys) != 1:
        raise Undecided("one key is not one column")
    return keys, loop


def _order_text(keys: Sequence[Key], loop: ast.For | None, sort: Sort, items: Items) -> str:
    """The `columns` argument of `_stable_order`."""
    some = "" if items.frame else f".take({code(sort.items)})"
    entries = [f"({each.frame}[{each.column}]{some}, {each.ascending}, {each.missing_last})" for each in keys]
    if loop is None:
        return f"[{', '.join(entries)}]"
    return f"[{entries[0]} for {ast.unparse(loop.target).strip('()')} in {ast.unparse(loop.iter)}]"


def _replacement(sort: Sort, items: Items, order: str, keys: Sequence[Key], scene: Scene) -> cst.BaseExpression:
    """The sorted list, as an expression; the old way where a value is missing that the code has no place for."""
    source = code(sort.items)
    count = f"len({items.frame if items.frame and not items.records else source})"
    found = f"_stable_order({count}, {order})"
    if all(each.missing_last != "None" for each in keys):
        return _picked(sort, items, found, scene)
    name = scene.fresh("ranked")
    arguments = ", ".join(code(arg).rstrip(", ") for arg in sort.node.args if arg.keyword is not None)
    return expr(
        f"({code(_picked(sort, items, name, scene))} if ({name} := {found}) is not None else sorted({source}, {arguments}))"
    )


def _picked(sort: Sort, items: Items, order: str, scene: Scene) -> cst.BaseExpression:
    if items.frame and not items.records:
        return expr(order)
    if not isinstance(sort.items, cst.Name):
        raise Undecided("the sorted records have no name")
    at = scene.fresh("position")
    return expr(f"[{code(sort.items)}[{at}] for {at} in {order}]")


class _Put(cst.CSTTransformer):
    """Puts the sorted list where the sort was: `items.sort(...)` becomes `items[:] = ...`."""

    def __init__(self, sort: Sort, value: cst.BaseExpression) -> None:
        super().__init__()
        self.sort = sort
        self.value = value

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        if self.sort.in_place and isinstance(original, cst.Expr) and original.value is self.sort.node:
            return small(block(f"{code(self.sort.items)}[:] = {code(self.value)}")[0]) or updated
        return self.value if original is self.sort.node and not self.sort.in_place else updated


def _without_dead(function: cst.FunctionDef, key: cst.BaseExpression) -> cst.FunctionDef:
    """The function without a nested comparator that nobody mentions any more."""
    for name in {each.value for each in find(key, cst.Name)}:
        nested = [each for each in find(function.body, cst.FunctionDef) if each.name.value == name]
        if nested and occurrences(function, name) == 0:
            changed_function = function.deep_remove(nested[0])
            assert isinstance(changed_function, cst.FunctionDef)
            function = changed_function
    return function


RECIPE = Recipe(
    name="lexsort",
    title="Sort rows with numpy.lexsort instead of Python comparisons",
    mechanism="Each column is ranked once as an array, and one stable `numpy.lexsort` orders all rows without calling Python.",
    precondition="Row positions or records of a frame are sorted by a comparator or key function that reads only their"
    " cells, with a fixed place for missing values; its order is found by running it on every way two rows can relate.",
    rewrite=rewrite,
    aliases=("cmp-to-key", "argsort", "sort", "numpy-sort", "array-sort"),
)
