"""The model, where a key is set: how to reach it, the agent that works with it, and the reader of free-text remarks."""

from collections.abc import Callable, Mapping

from bot.agents.native.agent import Native
from bot.agents.recipes import known_rules
from bot.evaluator import Changes
from bot.gateway.client import Client, Endpoint
from bot.notebook import Notebook
from bot.proposals import Hire, Workplace
from bot.reading import Chooser, Reader
from bot.report import replies
from bot.settings import Settings


def client(settings: Settings, book: Notebook | None = None) -> Callable[[], Client] | None:
    """How to reach the model, with a notebook of what it is asked and answers; None without a key."""
    endpoint = _endpoint(settings)
    if endpoint is None:
        return None
    return lambda: _recorded(endpoint, book) if book else Client(endpoint)


def reader(settings: Settings) -> Reader | None:
    """Who understands free text; None without a key."""
    asker = client(settings)
    return Reader(asker, settings.model, tuple(known_rules())) if asker else None


def chooser(settings: Settings) -> Chooser | None:
    """Who understands which function is meant; None without a key."""
    endpoint = _endpoint(settings)
    return Chooser(lambda book: _recorded(endpoint, book), settings.model) if endpoint else None


def _recorded(endpoint: Endpoint, book: Notebook) -> Client:
    return Client(endpoint, book.keep, recall=book.recall)


def _endpoint(settings: Settings) -> Endpoint | None:
    key = settings.anthropic_api_key
    if key is None:
        return None
    base = str(settings.anthropic_base_url).rstrip("/") if settings.anthropic_base_url else None
    return Endpoint(key, base, settings.model_ca)


def natives(settings: Settings) -> Mapping[str, Hire]:
    """How the native agent is made for one iteration, for each model: `native` is the first, `native:MODEL:EFFORT` another."""
    first, *others = settings.models or (settings.model,)
    return {"native": _native(settings, first, "native")} | {
        name: _native(settings, each, name) for each in others if (name := f"native:{each}")
    }


def _native(settings: Settings, choice: str, name: str) -> Hire:
    model, _, effort = choice.partition(":")

    def hire(place: Workplace) -> Native:
        def evaluate(changes: Changes) -> str:
            return replies.glance(place.glance(changes))

        return Native(
            client(settings, place.notebook),
            model=model,
            effort=effort or None,
            name=name,
            sandbox=place.sandbox,
            environment=place.environment,
            evaluate=evaluate,
            profile=place.profile,
            lease=place.lease,
            cancelled=place.cancelled,
            owner=place.iteration.run,
            heard=place.heard,
        )

    return hire
