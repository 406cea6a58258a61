"""A small project, a client of the scripted model, and an agent on them: what the native agent's tests are arranged from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.agents.contract import Ended, Event, Limits, Task
from bot.agents.native.agent import Native
from bot.gateway.client import Client, Endpoint
from bot.gateway.exchange import Record
from bot.gateway.retries import Retries
from evaluation.target import Target
from tests.messages_server import MessagesServer, Step

KEY = "scripted-key-0123456789"
MODEL = "claude-opus-5-5"
TARGET = Target("src/pairs.py", "pairs")
SLOW = '''"""Pairs."""


def pairs(left, right):
    """Elements of `left` that are in `right`."""
    found = []
    for one in left:
        if one in list(right):
            found.append(one)
    return found
'''
OLD = """    found = []
    for one in left:
        if one in list(right):
            found.append(one)
    return found
"""
NEW = """    known = set(right)
    return [one for one in left if one in known]
"""
RATIONALE = "Membership is looked up in a set built once instead of a list built for every element: linear, not quadratic."


@dataclass
class Stage:
    """A project on disk and everything that an agent said and sent."""

    tree: Path
    server: MessagesServer
    events: list[Event] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    model: str = MODEL

    def propose(self, *, task: Task | None = None, **options: Any) -> Ended:
        """Let the agent work."""
        endpoint = Endpoint(SecretStr(KEY), base_url=self.server.url, retries=Retries(most=2, busy_s=0.0, first_s=0.01))
        agent = Native(lambda: Client(endpoint, self.records.append), model=self.model, **options)
        return agent.propose(task or assignment(), self.tree, self.events.append)

    def kinds(self, kind: str) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if event.kind == kind]


def assignment(**changes: Any) -> Task:
    """The task that most tests set."""
    defaults: dict[str, Any] = {
        "editable": ("src/**",),
        "fenced": ("tests/**",),
        "sizes": {"rows": [100, 1000]},
        "environment": {"python": "3.12"},
        "limits": Limits(steps=10, tokens=200_000, usd=2.0, seconds=60),
    }
    return Task(TARGET, **{**defaults, **changes})


@contextmanager
def stage(folder: Path, script: Sequence[Step]) -> Iterator[Stage]:
    """The project below `folder`, and a model that follows `script`."""
    for path, text in {"src/pairs.py": SLOW, "tests/test_pairs.py": "assert True\n"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    with MessagesServer(script) as server:
        yield Stage(folder, server)
