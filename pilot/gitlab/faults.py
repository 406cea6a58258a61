"""Faults on request: what proxies, throttles and networks do to a client on a bad day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from pilot.gitlab.wire import Answer, Request, as_json


class Kind(Enum):
    """What goes wrong."""

    THROTTLED_PLAIN = "429 as text, with Retry-After"
    THROTTLED_JSON = "429 as JSON, without Retry-After"
    BAD_GATEWAY = "502 as HTML"
    SLOW = "the answer comes late"
    LOST_ANSWER = "the work is done, the answer never arrives"
    MOVED = "301 to another place"


@dataclass(slots=True)
class Fault:
    """One rule: the next `times` requests whose `METHOD /path` matches the pattern meet it."""

    pattern: str
    kind: Kind
    times: int = 1
    seconds: float = 0.0
    retry_after: int = 0
    location: str = ""

    def meets(self, request: Request) -> bool:
        return self.times > 0 and re.search(self.pattern, f"{request.method} {request.path}") is not None


def draw(faults: Iterable[Fault], request: Request) -> Fault | None:
    """The first rule that meets the request; it is used up by one."""
    for fault in faults:
        if fault.meets(request):
            fault.times -= 1
            return fault
    return None


def instead(fault: Fault) -> Answer | None:
    """The answer that replaces the real one, where the fault is of that sort."""
    match fault.kind:
        case Kind.THROTTLED_PLAIN:
            return Answer(429, b"Retry later\n", "text/plain", {"Retry-After": str(fault.retry_after)})
        case Kind.THROTTLED_JSON:
            text = "This endpoint has been requested too many times. Try again later."
            return as_json({"message": {"error": text}}, 429)
        case Kind.BAD_GATEWAY:
            return Answer(502, b"<html><body><h1>502</h1><p>GitLab is not responding</p></body></html>", "text/html")
        case Kind.MOVED:
            return as_json({"message": "301 Moved Permanently"}, 301, {"Location": fault.location})
    return None
