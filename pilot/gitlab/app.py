"""The ASGI application: reads a request, finds who answers it, and puts GitLab's headers on the answer."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool

from pilot.gitlab import (
    faults,
    git_http,
    pages,
    routes_approvals,
    routes_code,
    routes_conversation,
    routes_hooks,
    routes_instance,
    routes_noteables,
    routes_statuses,
)
from pilot.gitlab.access import identify
from pilot.gitlab.errors import ApiError, not_found
from pilot.gitlab.faults import Kind
from pilot.gitlab.parameters import Parameters
from pilot.gitlab.projects import Project
from pilot.gitlab.routing import Call, Route, admit, find
from pilot.gitlab.state import State
from pilot.gitlab.wire import Answer, Request, as_json, fields

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

API = "/api/v4"
ROUTES: tuple[Route, ...] = (
    *routes_instance.ROUTES,
    *routes_noteables.ROUTES,
    *routes_approvals.ROUTES,
    *routes_conversation.ROUTES,
    *routes_code.ROUTES,
    *routes_statuses.ROUTES,
    *routes_hooks.ROUTES,
)


class Moved(Exception):
    """The project has a new path; GET may follow, other methods must be sent anew."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


@dataclass(frozen=True, slots=True)
class App:
    """GitLab under `base`, an optional sub-path."""

    state: State
    base: str = ""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        request = await _read(scope, receive)
        began = time.monotonic()
        answer = await run_in_threadpool(self.answer, request)
        if answer is None:
            await _hang_up(send)
            return
        await _write(send, request, answer, time.monotonic() - began)

    def answer(self, request: Request) -> Answer | None:
        """The answer, or None for one that must never arrive."""
        if not request.path.startswith(f"{self.base}/"):
            return Answer(404, b"Not Found", "text/plain")
        inner = replace(request, path=request.path.removeprefix(self.base))
        self.state.requests.append(f"{inner.method} {inner.path}")
        with self.state.lock:
            fault = faults.draw(self.state.faults, inner)
        if fault is None:
            return self._route(inner)
        if fault.kind is Kind.SLOW:
            time.sleep(fault.seconds)
            return self._route(inner)
        if fault.kind is Kind.LOST_ANSWER:
            self._route(inner)
            return None
        return faults.instead(fault)

    def _route(self, request: Request) -> Answer:
        if request.path.startswith(f"{API}/"):
            return self._api(request)
        if git_http.is_git(request):
            return git_http.serve(self.state, request)
        return pages.serve(self.state, request)

    def _api(self, request: Request) -> Answer:
        limits = self.state.options.requests_per_minute, self.state.options.notes_per_minute
        with self.state.lock:
            refusal, told = self.state.windows.count(request, self.state.now(), *limits)
        answer = refusal or self._served(request)
        return replace(answer, headers={**told, **answer.headers})

    def _served(self, request: Request) -> Answer:
        try:
            return self._call(request)
        except ApiError as error:
            status, body = self.state.options.refusal(error.status, error.body)
            return as_json(body, status, error.headers)
        except Moved as error:
            return as_json({"message": "301 Moved Permanently"}, 301, {"Location": error.location})

    def _call(self, request: Request) -> Answer:
        found = find(ROUTES, request.method, request.path.removeprefix(API))
        if found is None:
            return self._complain(f"unknown route: {request.method} {request.path}")
        route, args = found
        params = Parameters(fields(request))
        if self.state.options.strict and (unknown := route.unknown(params)):
            return self._complain(f"unknown parameters of {route.method} {route.pattern}: {', '.join(unknown)}")
        with self.state.lock:
            call = self._admitted(request, route, args, params)
            if route.locked:
                return self._handled(route, call)
        return route.handler(call)

    def _admitted(self, request: Request, route: Route, args: dict[str, str], params: Parameters) -> Call:
        query = dict(parse_qsl(request.query))
        caller = identify(request.headers, self.state.users.values(), self.state.now(), query.get("private_token", ""))
        project = self._project(request, args["id"]) if "id" in args else None
        call = Call(self.state, request, args, params, caller, project)
        admit(route, call)
        return call

    def _handled(self, route: Route, call: Call) -> Answer:
        """Webhooks that this request causes belong to the chain it names."""
        self.state.cause = call.request.headers.get("x-gitlab-event-uuid")
        try:
            return route.handler(call)
        finally:
            self.state.cause = None

    def _project(self, request: Request, key: str) -> Project:
        project = self.state.find_project(key)
        if project is not None:
            return project
        moved = self.state.moved_project(key)
        if moved is None:
            raise not_found("Project")
        old = request.path.removeprefix(f"{API}/projects/").partition("/")[0]
        where = request.path.replace(f"/projects/{old}", f"/projects/{moved.id}", 1)
        raise Moved(self.state.url + where + (f"?{request.query}" if request.query else ""))

    def _complain(self, text: str) -> Answer:
        """As GitLab: a 404. Strictly: a 500 that no test can overlook."""
        if not self.state.options.strict:
            return as_json({"error": "404 Not Found"}, 404)
        self.state.complaints.append(text)
        return as_json({"message": f"the stand-in does not know this: {text}"}, 500)


async def _hang_up(send: Send) -> None:
    """ASGI knows no way to answer nothing, so this takes uvicorn's transport and cuts the line."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if isinstance(transport, asyncio.Transport):
        transport.abort()
    await asyncio.sleep(0.01)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{kind}.complete"})
        if kind == "shutdown":
            return


async def _read(scope: Message, receive: Receive) -> Request:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
    raw = scope.get("raw_path") or scope["path"].encode()
    path, query = raw.decode("ascii", "replace").partition("?")[0], scope["query_string"].decode("ascii", "replace")
    client = scope["client"][0] if scope.get("client") else ""
    return Request(scope["method"], path, query, headers, bytes(body), client)


async def _write(send: Send, request: Request, answer: Answer, seconds: float) -> None:
    headers = {
        "content-type": answer.content_type,
        "content-length": str(len(answer.body)),
        "x-request-id": str(uuid.uuid4()),
        "x-runtime": f"{seconds:.6f}",
        "ratelimit-limit": "2000",
        "ratelimit-observed": "1",
        "ratelimit-remaining": "1999",
        "ratelimit-reset": str(int(time.time()) // 60 * 60 + 60),
        **{key.lower(): value for key, value in answer.headers.items()},
    }
    raw = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})
