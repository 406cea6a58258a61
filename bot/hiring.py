"""Which agents work here, and how each is made for one iteration."""

from collections.abc import Callable, Mapping

from bot.agents.native.agent import Native
from bot.agents.recipes import Recipes
from bot.gateway.client import Client, Endpoint
from bot.gateway.lease import Budget, Lease
from bot.lab import Changes, Hire, Workplace
from bot.report import replies
from bot.settings import Settings


def agents(settings: Settings) -> Mapping[str, Hire]:
    """The agents of this installation by name, in the order they take turns."""
    known: dict[str, Hire] = {"recipes": lambda _: Recipes(), "native": _native(settings)}
    return {name: known[name] for name in settings.proposers if name in known}


def model(settings: Settings) -> Callable[[], Client] | None:
    """How to reach the model; None without a key."""
    key = settings.anthropic_api_key
    if key is None:
        return None
    base = str(settings.anthropic_base_url).rstrip("/") if settings.anthropic_base_url else None
    return lambda: Client(Endpoint(key, base, settings.model_ca))


def _native(settings: Settings) -> Hire:
    leases: dict[str, Lease] = {}  # one budget per run, shared by all its attempts

    def hire(place: Workplace) -> Native:
        def evaluate(changes: Changes) -> str:
            return replies.glance(place.glance(changes))

        return Native(
            model(settings),
            model=settings.model,
            sandbox=place.sandbox,
            environment=place.environment,
            evaluate=evaluate,
            lease=leases.setdefault(place.iteration.run, Lease(Budget(usd=settings.usd))),
            cancelled=place.cancelled,
            owner=place.iteration.run,
        )

    return hire
