"""The rows of GitLab's edge cases share one stand-in per module, and an office of the bot in it."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from bot import inbox
from bot.desk import Ticket
from bot.ending import Unanswerable
from bot.hooks import Hooks
from bot.reconciler import Reconciler
from bot.request import Request
from handlers.events import Event, parse
from tests.bot.conftest import gitlab, office  # noqa: F401  (fixtures)
from tests.standin.conftest import receiving


@dataclass(frozen=True)
class Heard:
    """What a hook told, and what of it asks something of the bot."""

    events: list[Event]
    requests: list[Request]

    @property
    def ids(self) -> set[str]:
        return {request.id for request in self.requests}


@pytest.fixture
def heard(office):  # noqa: F811
    """`with heard() as told: ...`, and after the block `told()` has what the hooks said."""

    @contextmanager
    def listening(hooks=1):
        with receiving(office.gitlab) as box:
            made = [office.project.add_hook(box.url, secret="s") for _ in range(hooks)]
            yield lambda: _heard(office, box)
            for hook in made:
                del office.project.project.hooks[hook.id]

    return listening


def _heard(office, box) -> Heard:  # noqa: F811
    assert office.gitlab.settle()
    us = office.forge.me()
    events = [parse(letter.headers, letter.raw) for letter in box.letters]
    asked = [inbox.requests(event, us=us.id, name=us.username, word="optimize", label="optimize") for event in events]
    return Heard(events, [request for requests in asked for request in requests if request.verb != "remark"])


@dataclass(frozen=True)
class Begun:
    """What became of what was asked: runs that were let in, and the sentences that others got ("" for none)."""

    tickets: list[Ticket]
    refusals: list[str]

    @property
    def targets(self) -> list[str]:
        return [ticket.iteration.target for ticket in self.tickets]


@pytest.fixture
def begin(office):  # noqa: F811
    """Carries requests out as the workflow does, up to the point where something would be measured."""
    reconciler = Reconciler(office.forge, office.store, Hooks(office.forge), "optimize", "optimize", lambda _: set())

    def carried_out(requests, backwards=False):
        named = list({each.id: each for each in map(reconciler.act, requests)}.values())
        for each in named:
            office.desk.expect(each)
        tickets, refusals = [], []
        for each in reversed(named) if backwards else named:
            try:
                tickets.append(office.desk.admit(each.id, each))
            except Unanswerable as ending:
                refusals.append(str(ending))
                office.desk.end(each.id, each, "refused", str(ending))
        return Begun(tickets, refusals)

    return carried_out
