"""One streamed message through the SDK: what arrived is kept also when the stream is cut, for that much is billed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
import httpx2

from bot.gateway.exchange import Block, RequestRefused, Stop, Stopped
from bot.gateway.retries import BUSY, worth_another
from bot.gateway.usage import Usage, estimate

# What the SDK raises when a stream holds something else than the protocol's events, in their order: it checks little by itself.
_GARBLED = (ValueError, TypeError, AttributeError, KeyError, IndexError, RuntimeError, AssertionError)


class TryAgain(Exception):
    """An attempt that failed in a way that may pass: why, what the server said about waiting, and whether it is merely busy."""

    def __init__(self, why: str, headers: Mapping[str, str] | None = None, *, busy: bool = False) -> None:
        super().__init__(why)
        self.headers = headers or {}
        self.busy = busy


@dataclass(slots=True)
class Arrived:
    """The message so far."""

    content: tuple[Block, ...] = ()
    stop_reason: str = ""
    stop_details: str = ""
    counted: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    request_id: str = ""
    characters: int = 0

    def usage(self) -> Usage:
        """As counted by the API; for a cut stream the answer's part is estimated from what was received."""
        usage = Usage.of(self.counted)
        if self.stop_reason or not self.characters:
            return usage
        return Usage(usage.input, usage.cache_write, usage.cache_read, max(usage.output, estimate(self.characters)))

    def take(self, message: anthropic.types.Message) -> None:
        """Keep a snapshot of the message as plain data, unknown parts included."""
        self.content = tuple(block.to_dict(mode="json") for block in message.content)
        self.counted = message.usage.to_dict(mode="json")
        self.model = str(message.model)
        self.stop_reason = str(message.stop_reason or "")
        details = getattr(message, "stop_details", None)
        self.stop_details = str(getattr(details, "explanation", None) or getattr(details, "category", None) or "")


def stream(sdk: anthropic.Anthropic, request: Mapping[str, Any], arrived: Arrived, *, read_s: float, stop: Stop) -> None:
    """Ask once. Raises TryAgain, RequestRefused or Stopped; `arrived` tells what came in any case."""
    try:
        _receive(sdk, request, arrived, read_s, stop)
    except anthropic.APIStatusError as error:
        raise _by_status(error) from error
    except anthropic.APIConnectionError as error:
        raise TryAgain(f"no connection: {error.__cause__ or error}") from error
    except httpx2.HTTPError as error:
        raise TryAgain(f"the stream broke off: {error or type(error).__name__}") from error
    except _GARBLED as error:
        raise TryAgain(f"the answer was garbled: {type(error).__name__}") from error
    if not arrived.stop_reason:
        raise TryAgain("the stream ended in the middle of the message")


def _receive(sdk: anthropic.Anthropic, request: Mapping[str, Any], arrived: Arrived, read_s: float, stop: Stop) -> None:
    with sdk.messages.stream(**request, timeout=httpx2.Timeout(read_s, connect=min(read_s, 10.0))) as events:
        arrived.request_id = events.request_id or ""
        started = False
        try:
            for event in events:
                started = started or event.type == "message_start"
                if event.type == "content_block_delta":
                    arrived.characters += _length(event.delta)
                if why := stop():
                    raise Stopped(why)
        finally:
            if started:
                arrived.take(events.current_message_snapshot)


def _length(delta: Any) -> int:
    kinds = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}
    return len(getattr(delta, kinds.get(delta.type, ""), "") or "")


def _by_status(error: anthropic.APIStatusError) -> Exception:
    """An error inside a stream comes with status 200: the request was fine, so it may be repeated."""
    headers = dict(error.response.headers)
    why = f"{error.status_code} {error.type or ''}: {error.api_message or 'no message'}"[:500]
    if error.status_code < 300 or worth_another(error.status_code, headers):
        return TryAgain(why, headers, busy=error.status_code in BUSY or error.type == "overloaded_error")
    return RequestRefused(why)
