"""How much a token may ask within a minute: GitLab's two limits, each with its own way to refuse.

The throttle before the API counts all requests and tells of itself in `RateLimit-*` headers; it refuses in plain text and says
when to come back. The limit on new notes counts those alone, tells of itself nowhere, and refuses in JSON without a hint.
Windows begin at whole minutes, and what is refused counts, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from pilot.gitlab.faults import Fault, Kind, instead
from pilot.gitlab.wire import Answer, Request

MINUTE = 60
NAME = "throttle_authenticated_api"
_NEW_NOTE = re.compile(r"/(notes|discussions)$")


@dataclass(slots=True)
class Windows:
    """Counts requests; whoever uses it holds the state's lock. A limit of 0 is none."""

    refused: list[str] = field(default_factory=list)  # `METHOD /path` of each
    _minute: int = 0
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, request: Request, now: datetime, requests: int, notes: int) -> tuple[Answer | None, Mapping[str, str]]:
        """The refusal of this request, if it is one too many, and the headers that its answer tells of the limit in."""
        minute = int(now.timestamp()) // MINUTE
        if minute != self._minute:
            self._minute, self._seen = minute, Counter()
        who, left = _token(request), (minute + 1) * MINUTE - now.timestamp()
        self._seen["all", who] += 1
        told = _headers(requests, self._seen["all", who], minute) if requests else {}
        if requests and self._seen["all", who] > requests:
            return self._refuse(request, Fault("", Kind.THROTTLED_PLAIN, retry_after=ceil(left))), told
        if request.method == "POST" and _NEW_NOTE.search(request.path):
            self._seen["notes", who] += 1
            if notes and self._seen["notes", who] > notes:
                return self._refuse(request, Fault("", Kind.THROTTLED_JSON)), told
        return None, told

    def _refuse(self, request: Request, fault: Fault) -> Answer | None:
        self.refused.append(f"{request.method} {request.path}")
        return instead(fault)


def _headers(limit: int, seen: int, minute: int) -> Mapping[str, str]:
    return {
        "ratelimit-name": NAME,
        "ratelimit-limit": str(limit),
        "ratelimit-observed": str(seen),
        "ratelimit-remaining": str(max(0, limit - seen)),
        "ratelimit-reset": str((minute + 1) * MINUTE),
    }


def _token(request: Request) -> str:
    """Who asks, as the throttle sees it: a token, or an address."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return request.headers.get("private-token") or bearer or request.client
