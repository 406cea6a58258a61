"""All recipes, those that change most first: later ones find what earlier ones left."""

from collections.abc import Mapping

from bot.agents.recipes.catalogue import (
    apply,
    asof,
    buckets,
    bykey,
    cells,
    collect,
    columnvalues,
    comprehension,
    groups,
    hoist,
    join,
    lexsort,
    members,
    membership,
    memo,
    numba,
    positions,
    queue,
    rows,
    ruff,
    scalars,
    windows,
)
from bot.agents.recipes.scene import Recipe

CATALOGUE: tuple[Recipe, ...] = (
    lexsort.RECIPE,
    windows.RECIPE,
    apply.RECIPE,
    cells.RECIPE,
    columnvalues.RECIPE,
    buckets.RECIPE,
    bykey.RECIPE,
    asof.RECIPE,
    rows.RECIPE,
    groups.RECIPE,
    collect.RECIPE,
    memo.RECIPE,
    numba.RECIPE,
    scalars.RECIPE,
    positions.RECIPE,
    membership.RECIPE,
    members.RECIPE,
    queue.RECIPE,
    join.RECIPE,
    hoist.RECIPE,
    comprehension.RECIPE,
    ruff.RECIPE,
)


def known_rules() -> Mapping[str, str]:
    """Every word that `/optimize avoid` and `/optimize prefer` understand, with a sentence about it."""
    rules = {recipe.name: recipe.mechanism for recipe in CATALOGUE}
    for recipe in CATALOGUE:
        for alias in recipe.aliases:
            rules.setdefault(alias, f"Another word for `{recipe.name}`. {recipe.mechanism}")
    return rules
