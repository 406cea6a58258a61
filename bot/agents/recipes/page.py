"""The catalogue as a page for people: `docs/recipes.md` is what this makes."""

import sys
from collections.abc import Sequence

from bot.agents.recipes.registry import CATALOGUE
from bot.agents.recipes.scene import Recipe

_HEAD = """# Recipes

What the agent `recipes` knows. It needs no model: it looks for the shapes below in the function to be optimised and in those
functions of the same file that it calls, and proposes what fits, alone and together. Whether a proposal is right and faster is
for the evaluation to say.

A reviewer steers it with `/optimize avoid NAME` and `/optimize prefer NAME`, by a recipe's name or one of its other names.

| recipe | other names | what becomes faster |
|---|---|---|
"""


def page(catalogue: Sequence[Recipe]) -> str:
    """A table of all recipes, and a section on each."""
    rows = "".join(f"| [`{each.name}`](#{each.name}) | {_names(each)} | {each.title} |\n" for each in catalogue)
    return _HEAD + rows + "".join(_section(each) for each in catalogue)


def _names(recipe: Recipe) -> str:
    return ", ".join(f"`{alias}`" for alias in recipe.aliases)


def _section(recipe: Recipe) -> str:
    needs = f"\n\n**Needs:** {', '.join(f'`{each}`' for each in recipe.packages)} in the project." if recipe.packages else ""
    return f"\n## {recipe.name}\n\n**{recipe.title}.** {recipe.mechanism}\n\n**Fits when:** {recipe.precondition}{needs}\n"


if __name__ == "__main__":
    sys.stdout.write(page(CATALOGUE))
