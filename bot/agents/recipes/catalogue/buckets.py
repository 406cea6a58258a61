"""An inner loop that only cares for items with an equal key, as a look-up of those items."""

from dataclasses import replace

import libcst as cst

from bot.agents.recipes.guards import Comparison, comparison
from bot.agents.recipes.nesting import Nest, bare, nests, rebuilt, sorted_by, target_text
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Statement, block, code, expr, name_of
from bot.agents.recipes.unfold import unfolded


def rewrite(scene: Scene) -> Fit:
    try:
        return _rewritten(scene)
    except Misfit:
        return _rewritten(replace(scene, function=unfolded(scene)))


def _rewritten(scene: Scene) -> Fit:
    for nest in nests(scene):
        for each in nest.guarded.comparisons():
            sides = _sides(each, nest)
            if sides is not None and all(_stops_in_order(one, nest, scene) for one in nest.guarded.breaking):
                return _bucketed(nest, *sides, scene)
    raise Misfit("no loop in a loop that skips all items but those with an equal key")


def _sides(each: Comparison, nest: Nest) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The item's key and the wanted key of `key == wanted`, either way round."""
    if each.op is not cst.Equal:
        return None
    for key, wanted in ((each.left, each.right), (each.right, each.left)):
        if nest.of_item(key) and nest.steady(wanted) and not isinstance(wanted, cst.SimpleString | cst.Integer):
            return key, wanted
    return None


def _stops_in_order(condition: cst.BaseExpression, nest: Nest, scene: Scene) -> bool:
    """Whether the loop stops at items in the order of what they are sorted by: then it stops in each bucket alike."""
    found = comparison(nest.guarded.spelled_out(condition))
    if found is None or found.op in (cst.Equal, cst.NotEqual):
        return False
    ways = [one for one in (found, found.flipped()) if nest.of_item(one.left) and nest.steady(one.right)]
    return any(one.op in (cst.LessThan, cst.LessThanEqual) and sorted_by(nest, one.left, scene) for one in ways)


def _bucketed(nest: Nest, key: cst.BaseExpression, wanted: cst.BaseExpression, scene: Scene) -> Fit:
    name = scene.fresh(f"{bare(nest.inner.iter)}_by_key")
    iterable = expr(f"{name}.get({code(wanted)}, ())")
    function = rebuilt(scene.function, nest, _filling(nest, name, key, scene), iterable)
    note = f"all of `{code(nest.inner.iter)}` gone through for each item of another loop, for those with an equal `{code(key)}`"
    return Fit(function, note=note)


def _filling(nest: Nest, name: str, key: cst.BaseExpression, scene: Scene) -> list[Statement]:
    item = name_of(nest.inner.target)
    opened = "" if item else f"    {target_text(nest.inner)} = {scene.fresh('each')}\n"
    item = item or scene.fresh("each")
    source = code(nest.inner.iter)
    return block(f"{name} = {{}}\nfor {item} in {source}:\n{opened}    {name}.setdefault({code(key)}, []).append({item})\n")


RECIPE = Recipe(
    name="buckets",
    title="Look up matching items instead of scanning all of them",
    mechanism="Items are put into a dict by their key once, so each turn of the outer loop visits the items with"
    " its own key instead of all.",
    precondition="An inner loop goes through the same things in each turn of an outer loop and does something only for"
    " items whose key equals a value of the outer loop; keys are hashable.",
    rewrite=rewrite,
    aliases=("dict-index", "hash-join", "nested-loop"),
)
