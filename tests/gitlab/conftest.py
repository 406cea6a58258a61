"""The rows of GitLab's edge cases share one stand-in per module, and an office of the bot in it."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from bot import inbox
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
    asked = [inbox.requests(event, us=us.id, name=us.username, word="optimize") for event in events]
    return Heard(events, [request for requests in asked for request in requests if request.verb != "remark"])
