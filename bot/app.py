"""The web edge: authenticate, enqueue, commit, answer. Nothing slow happens here and nothing is decided here."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from handlers import events, signatures
from handlers.keys import event_key

log = structlog.get_logger()

Enqueue = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Edge:
    """What the web edge needs: the hook's secrets, and where an authenticated delivery goes."""

    secret: str | None
    signing_token: str | None
    enqueue: Enqueue  # (delivery key, {"headers": ..., "body": ...}); committed when it returns
    healthy: Callable[[], bool]


def create(edge: Edge, *, life: Callable[[], AbstractAsyncContextManager[None]] = nullcontext) -> FastAPI:
    """The web application. `life` is entered at start and left at shutdown."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with life():
            yield

    app = FastAPI(title="Hasten", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @app.post("/webhook/gitlab")
    async def webhook(request: Request) -> Response:
        return await _receive(edge, request)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz() -> Response:
        ready = await run_in_threadpool(edge.healthy)
        return Response(status_code=200 if ready else 503)

    return app


async def _receive(edge: Edge, request: Request) -> Response:
    """2xx for everything that is well signed: an answer of 4xx or 5xx would make GitLab mute the hook."""
    body = await _bounded(request)
    if body is None:
        return Response(status_code=413)
    try:
        delivery = signatures.verify(request.headers, body, secret=edge.secret, signing_token=edge.signing_token, now=time.time())
    except signatures.Unauthenticated as refusal:
        log.warning("webhook.refused", why=str(refusal))
        return Response(status_code=401)
    try:
        event = events.parse(request.headers, body)
    except events.Malformed as error:
        log.warning("webhook.malformed", why=str(error))
        return Response(status_code=200)
    key = delivery.key or event_key(event)
    if key is None or isinstance(event, events.Other):
        return Response(status_code=200)
    kept = {"x-gitlab-event": delivery.event}
    await run_in_threadpool(edge.enqueue, f"inbox-{key}", {"headers": kept, "body": body.decode(errors="replace")})
    return Response(status_code=202)


async def _bounded(request: Request) -> bytes | None:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > events.MOST_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
