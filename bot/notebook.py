"""One agent's exchanges with its model, written down as they happen: after a crash, what was answered is not paid for twice.

An attempt that starts over sends the same questions in the same order, but for what time has changed in them (what is left of
the budget, how long a command took). So an answer is found again by its place in the conversation, as long as the model is the
same and has said the same so far.
"""

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.blobs import Blobs
from bot.gateway.exchange import Record, Reply
from bot.gateway.lease import Spent
from bot.ledger import Exchange, Ledger, total


@dataclass(frozen=True, slots=True)
class Remembered:
    """One answer that was paid for before a restart, and to what it was the answer."""

    mark: str
    reply: Reply


class Notebook:
    """Keeps what one attempt asks and is answered, and answers from it what was asked before."""

    def __init__(self, ledger: Ledger, blobs: Blobs, iteration_id: str, step: str) -> None:
        self._ledger, self._blobs, self._iteration, self._step = ledger, blobs, iteration_id, step
        self._lock = threading.Lock()
        held = ledger.exchanges(iteration_id, step)
        self._next = 1 + max((each.number for each in held), default=0)
        self._answered = [each for each in held if not each.error]

    @property
    def answered(self) -> Spent:
        """What the answers cost that are still to be found again."""
        return total(each.spent for each in self._answered)

    def keep(self, record: Record) -> None:
        """Write down one exchange before anybody acts on it."""
        with self._lock:
            number, self._next = self._next, self._next + 1
        request, response = self._blobs.put_json(record.request), self._blobs.put_json(record.response)
        found = Exchange(self._step, number, request, response, record.usage, record.usd, record.seconds, record.error)
        self._ledger.add_exchange(self._iteration, found)

    def recall(self, request: Mapping[str, Any]) -> Reply | None:
        """The answer to this request if it was given before a restart; once the talk goes another way, nothing more is."""
        if not self._answered:
            return None
        first = self._answered[0]
        if mark(self._blobs.get_json(first.request)) != mark(request):
            self._answered.clear()
            return None
        self._answered.pop(0)
        return _reply(first, self._blobs.get_json(first.response))


def mark(request: Mapping[str, Any]) -> str:
    """What identifies a place in a conversation: the model, and all that it has said so far."""
    said = [_plain(message["content"]) for message in request.get("messages", ()) if message.get("role") == "assistant"]
    return hashlib.sha256(json.dumps([request.get("model"), said], sort_keys=True).encode()).hexdigest()


def _plain(content: Any) -> Any:
    return [dict(block) for block in content] if isinstance(content, Sequence) and not isinstance(content, str) else content


def _reply(exchange: Exchange, answer: Mapping[str, Any]) -> Reply:
    return Reply(
        tuple(answer["content"]),
        str(answer["stop_reason"]),
        str(answer.get("stop_details") or ""),
        exchange.usage,
        exchange.usd,
        str(answer["model"]),
        str(answer["request_id"]),
    )
