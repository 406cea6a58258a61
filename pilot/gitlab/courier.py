"""Delivers webhooks over HTTP from a thread of its own; can lose, repeat and swap them on request."""

from __future__ import annotations

import http.client
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Condition, Thread
from urllib.parse import urlsplit

from pilot.gitlab.hooks import Delivery

RESPONSE_LIMIT = 64 * 1024


@dataclass(slots=True)
class Postage:
    """How (un)reliable the post is: shares between 0 and 1, drawn from a seeded generator."""

    duplicate: float = 0.0
    drop: float = 0.0
    reorder: float = 0.0
    timeout: float = 10.0
    chance: Random = field(default_factory=lambda: Random(0))


@dataclass(slots=True)
class Courier:
    """A queue and the thread that empties it; `prepare` gives the headers, `record` keeps the outcome."""

    prepare: Callable[[Delivery], dict[str, str]]
    record: Callable[[Delivery], None]
    postage: Postage = field(default_factory=Postage)
    _waiting: deque[Delivery] = field(default_factory=deque)
    _held: deque[Delivery] = field(default_factory=deque)
    _change: Condition = field(default_factory=Condition)
    _busy: bool = False
    _stopping: bool = False
    _thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._work, name="gitlab-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give up what is still queued."""
        with self._change:
            self._stopping = True
            self._waiting.clear()
            self._held.clear()
            self._change.notify_all()
        if self._thread:
            self._thread.join(self.postage.timeout + 1)

    def post(self, delivery: Delivery) -> None:
        """Queue one delivery, or lose, repeat or delay it as the postage says."""
        postage = self.postage
        if postage.chance.random() < postage.drop:
            delivery.dropped = "lost"
            return
        copies = 2 if postage.chance.random() < postage.duplicate else 1
        late = postage.chance.random() < postage.reorder
        with self._change:
            (self._held if late else self._waiting).extend([delivery] * copies)
            self._change.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is queued or under way."""
        with self._change:
            return self._change.wait_for(self._idle, timeout)

    def _idle(self) -> bool:
        return not (self._waiting or self._held or self._busy)

    def _work(self) -> None:
        while True:
            with self._change:
                self._busy = False
                self._change.notify_all()
                self._change.wait_for(lambda: self._stopping or self._waiting or self._held)
                if self._stopping:
                    return
                delivery = (self._waiting or self._held).popleft()
                self._busy = True
            self.deliver(delivery)

    def deliver(self, delivery: Delivery) -> None:
        """Send now, in the caller's thread."""
        send(delivery, self.prepare(delivery), self.postage.timeout)
        self.record(delivery)


def send(delivery: Delivery, headers: dict[str, str], timeout: float) -> None:
    """One POST; whatever happens is written on the delivery, as GitLab keeps it."""
    delivery.request_headers = headers
    began = time.monotonic()
    try:
        _post(delivery, headers, timeout)
    except (OSError, http.client.HTTPException, ValueError) as error:
        delivery.response_status, delivery.response_body = "internal error", str(error)
    delivery.seconds = time.monotonic() - began


def _post(delivery: Delivery, headers: dict[str, str], timeout: float) -> None:
    where = urlsplit(delivery.hook.url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=timeout)
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    try:
        connection.request("POST", target, delivery.body, headers)
        answer = connection.getresponse()
        delivery.response_body = answer.read(RESPONSE_LIMIT).decode("utf-8", "replace")
        delivery.response_status = str(answer.status)
        delivery.response_headers = dict(answer.getheaders())
    finally:
        connection.close()
