"""Plain pages for people."""

from __future__ import annotations

from pilot.gitlab.state import State
from pilot.gitlab.wire import Answer, Request


def serve(state: State, request: Request) -> Answer:
    return Answer(404, b"Not Found", "text/plain")
