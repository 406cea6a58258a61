"""Requests and answers as plain values, so that a route is a function and needs no web framework."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file of a multipart form."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `path` is still percent-encoded, because an encoded slash is not a slash."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    client: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: bytes with a status and headers."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers=dict(headers or {}))


def created(value: Any) -> Answer:
    return as_json(value, 201)


def gone() -> Answer:
    """DELETE succeeded: 204 carries no body."""
    return Answer(204)


def fields(request: Request) -> dict[str, Any]:
    """Parameters from query and body as one nested mapping; the body wins."""
    found = nest(parse_qsl(request.query, keep_blank_values=True))
    found.update(_body_fields(request))
    return found


def _body_fields(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not request.body:
        return {}
    if kind == "application/x-www-form-urlencoded":
        return nest(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if kind == "multipart/form-data":
        return nest(_multipart(request))
    return _json_fields(request.body)


def _json_fields(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _multipart(request: Request) -> list[tuple[str, Any]]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    return [_part(part) for part in message.iter_parts()]


def _part(part: Message) -> tuple[str, Any]:
    name = str(part.get_param("name", "", header="content-disposition"))
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    filename = part.get_filename()
    if filename is None:
        return name, data.decode("utf-8", "replace")
    return name, UploadedFile(filename, part.get_content_type(), data)


def nest(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Read Rails' bracket notation: `position[new_line]=3`, `labels[]=a`."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        _place(found, [part.rstrip("]") for part in key.split("[")], value)
    return found


def _place(into: dict[str, Any], path: list[str], value: Any) -> None:
    head, *rest = path
    if not rest:
        into[head] = value
    elif rest == [""]:
        held = into.setdefault(head, [])
        if isinstance(held, list):
            held.append(value)
    else:
        held = into.setdefault(head, {})
        if isinstance(held, dict):
            _place(held, rest, value)
