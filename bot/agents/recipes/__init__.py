"""The agent without a model: a catalogue of rewrites, and the composer that proposes them."""

from bot.agents.recipes.agent import Recipes
from bot.agents.recipes.registry import known_rules

__all__ = ["Recipes", "known_rules"]
