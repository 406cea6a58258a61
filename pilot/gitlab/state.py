"""All that the stand-in knows, behind one lock, and how an event reaches the hooks."""

from __future__ import annotations

import json
import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from threading import RLock
from typing import Any

from pilot.gitlab import hooks
from pilot.gitlab.courier import Courier
from pilot.gitlab.faults import Fault
from pilot.gitlab.hooks import Delivery, Hook, Trigger
from pilot.gitlab.moments import wall_clock
from pilot.gitlab.projects import Project
from pilot.gitlab.users import Token, User
from pilot.gitlab.windows import Windows

CHAIN_LIMIT = 100
API_SCOPES = frozenset({"api", "write_repository"})


@dataclass(slots=True)
class Options:
    """Switches, among them behaviour that was never checked against a live GitLab."""

    version: str = "18.5.0-ee"
    strict: bool = False
    preparation: timedelta = timedelta(milliseconds=150)
    second_award_is_404: bool = True
    auto_disable: bool = True
    empty_change_position: bool = True
    upload_limit: int = 100 * 1024 * 1024
    resends_per_minute: int = 5
    requests_per_minute: int = 0  # to the API, a token; 0: not counted
    notes_per_minute: int = 0  # new ones, a token; 0: not counted
    refusal: Callable[[int, Any], tuple[int, Any]] = lambda status, body: (status, body)  # other words, other codes
    activity_lag: timedelta = timedelta(hours=1)  # how seldom `last_activity_at` is written


@dataclass(slots=True)
class State:
    """The instance's data; hold `lock` around every use."""

    folder: Path
    url: str = ""
    options: Options = field(default_factory=Options)
    clock: Callable[[], datetime] = wall_clock
    lock: RLock = field(default_factory=RLock)
    users: dict[int, User] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    windows: Windows = field(default_factory=Windows)
    cause: str | None = None
    courier: Courier = field(init=False)
    _ids: Counter[str] = field(default_factory=Counter)
    _chains: dict[str, Counter[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.courier = Courier(self._headers, self._delivered)

    def now(self) -> datetime:
        return self.clock()

    def next_id(self, kind: str) -> int:
        self._ids[kind] += 1
        return self._ids[kind]

    def find_user(self, username: str) -> User | None:
        return next((user for user in self.users.values() if user.username == username), None)

    def find_project(self, key: str) -> Project | None:
        """By number or by full path."""
        if key.isdigit():
            return self.projects.get(int(key))
        return next((project for project in self.projects.values() if project.path.lower() == key.lower()), None)

    def moved_project(self, key: str) -> Project | None:
        """A project that once had this path."""
        return next((project for project in self.projects.values() if key in project.former_paths), None)

    def issue_token(self, user: User, scopes: frozenset[str] = API_SCOPES, name: str = "token") -> Token:
        token = Token(self.next_id("token"), f"glpat-{secrets.token_urlsafe(15)}", name, scopes, self.now())
        user.tokens.append(token)
        return token

    def fire(self, project: Project, trigger: Trigger, payload: Mapping[str, Any], ref: str = "") -> None:
        """Send one event to every hook that listens, with a key made before anything is queued."""
        project.touch(self.now(), self.options.activity_lag)
        event_uuid = self.cause or str(uuid.uuid4())
        body = json.dumps(payload).encode()
        for hook in project.hooks.values():
            if hook.events.get(trigger.flag) and self._wanted(hook, ref):
                self._dispatch(self._delivery(hook, trigger, body, event_uuid))

    def resend(self, delivery: Delivery) -> Delivery:
        """The same event once more, under the same key, in this thread."""
        with self.lock:
            again = self._delivery(delivery.hook, delivery.trigger, delivery.body, delivery.event_uuid, delivery.key)
        self.courier.deliver(again)
        return again

    def send_now(self, hook: Hook, trigger: Trigger, payload: Mapping[str, Any]) -> Delivery:
        """One event to one hook, whether it listens or not, in this thread."""
        with self.lock:
            delivery = self._delivery(hook, trigger, json.dumps(payload).encode(), str(uuid.uuid4()))
        self.courier.deliver(delivery)
        return delivery

    def _wanted(self, hook: Hook, ref: str) -> bool:
        return not ref or not hook.branch_filter or fnmatchcase(ref, hook.branch_filter)

    def _delivery(self, hook: Hook, trigger: Trigger, body: bytes, event_uuid: str, key: str = "") -> Delivery:
        delivery = Delivery(self.next_id("delivery"), hook, trigger, key or str(uuid.uuid4()), event_uuid, body, self.now())
        hook.deliveries.append(delivery)
        return delivery

    def _dispatch(self, delivery: Delivery) -> None:
        delivery.dropped = self._obstacle(delivery)
        if not delivery.dropped:
            self._chains.setdefault(delivery.event_uuid, Counter())[delivery.hook.id] += 1
            self.courier.post(delivery)

    def _obstacle(self, delivery: Delivery) -> str:
        """Events for a disabled hook, or for one already in the chain, are dropped for good."""
        chain = self._chains.get(delivery.event_uuid, Counter())
        if self.cause and (chain[delivery.hook.id] or len(chain) >= CHAIN_LIMIT):
            return "recursion"
        return "" if delivery.hook.alert_status(self.now()) == "executable" else "disabled"

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        return hooks.headers(delivery, instance=self.url, version=self.options.version, now=self.now())

    def _delivered(self, delivery: Delivery) -> None:
        with self.lock:
            if delivery.succeeded:
                delivery.hook.succeeded()
            elif self.options.auto_disable:
                delivery.hook.failed(self.now())
