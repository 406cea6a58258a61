"""Which agents work here, and how each is made for one iteration."""

from collections.abc import Mapping
from importlib import import_module

from bot.agents.recipes import Recipes
from bot.ending import BadInput
from bot.planning import HostLimits, called
from bot.proposals import Hire
from bot.settings import Settings

NAMES = ("recipes", "native")


def agents(settings: Settings) -> Mapping[str, Hire]:
    """The agents of this installation by name, in the order they take turns. Raises BadInput for one that nobody knows."""
    if strangers := unknown(settings):
        raise BadInput(f"HASTEN_AGENTS: there is no agent `{strangers[0]}`; there are {', '.join(NAMES)}")
    known: dict[str, Hire] = {"recipes": lambda _: Recipes()}
    if "native" in settings.proposers:
        # Only where a model takes part: its SDK alone takes more than a second of CPU to import.
        known |= import_module("bot.model").natives(settings)
    return {name: known[name] for word in settings.proposers for name in known if called(name, word)}


def limits(settings: Settings) -> HostLimits:
    """What one run may cost here at most."""
    return HostLimits(settings.minutes, settings.usd)


def unknown(settings: Settings) -> list[str]:
    """Agents that are asked for and do not exist."""
    return [name for name in settings.proposers if name not in NAMES]
