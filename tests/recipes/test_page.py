"""The page about the catalogue is the catalogue's own."""

from pathlib import Path

from bot.agents.recipes.page import page
from bot.agents.recipes.registry import CATALOGUE

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"


def test_the_committed_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text() == page(CATALOGUE), "make it anew: python -m bot.agents.recipes.page > docs/recipes.md"


def test_each_recipe_says_when_it_fits_and_why_it_helps() -> None:
    for recipe in CATALOGUE:
        assert recipe.precondition.endswith("."), recipe.name
        assert recipe.mechanism.endswith("."), recipe.name
