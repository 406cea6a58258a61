"""A scripted Messages API on loopback: answers in order, over SSE or as JSON, with every fault a real endpoint has.

    with MessagesServer([tool("view", path="a.py"), text("done")]) as server:
        client = Client(Endpoint(SecretStr("key"), base_url=server.url))

Leaving the block fails when a request was not well-formed. A step of the script may be a function of the request.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """One request as the server saw it."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def key(self) -> str:
        """The credential, from whichever header it came in."""
        return self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def last(self) -> list[Mapping[str, Any]]:
        """The blocks of the last message."""
        return _blocks(self.body["messages"][-1])

    @property
    def results(self) -> list[Mapping[str, Any]]:
        """The tool results in the last message."""
        return [block for block in self.last if block["type"] == "tool_result"]

    @property
    def text(self) -> str:
        """Everything that the model would read, as one string."""
        return json.dumps(self.body, ensure_ascii=False)


@dataclass(frozen=True)
class Reply:
    """An answer: its blocks, why it stopped, what it used."""

    content: tuple[Mapping[str, Any], ...]
    stop_reason: str = "end_turn"
    usage: Mapping[str, int] = field(default_factory=lambda: {"input_tokens": 100, "output_tokens": 20})
    stop_details: Mapping[str, Any] | None = None
    cut_after: int | None = None  # events, then the stream ends early
    reset: bool = False  # ... by a connection reset instead of a clean end
    pause_s: float = 0.0  # between two events

    def but(self, **changes: Any) -> "Reply":
        """The same with changes."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Fault:
    """An error instead of an answer: a status, or `raw` bytes sent with status 200 as they are."""

    status: int = 500
    kind: str = "api_error"
    message: str = "scripted fault"
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    in_stream: bool = False  # sent as an SSE error event in a stream that had begun


Step = Reply | Fault | Callable[[Request], "Reply | Fault"]


def text(words: str) -> Reply:
    """A final answer."""
    return Reply(({"type": "text", "text": words},))


def tool(name: str, /, **arguments: Any) -> Reply:
    """One tool call."""
    return tools((name, arguments))


def tools(*calls: tuple[str, Mapping[str, Any]]) -> Reply:
    """Several tool calls in one answer."""
    blocks = ({"type": "tool_use", "id": "", "name": name, "input": dict(arguments)} for name, arguments in calls)
    return Reply(tuple(blocks), "tool_use")


def thinking(words: str, then: Reply) -> Reply:
    """`then`, after some (summarised) thoughts."""
    return then.but(content=({"type": "thinking", "thinking": words, "signature": "c2lnbmVk"}, *then.content))


def refusal(category: str = "cyber", explanation: str = "not allowed") -> Reply:
    """The classifiers' refusal."""
    details = {"type": "refusal", "category": category, "explanation": explanation}
    return Reply((), "refusal", stop_details=details)


RATE_LIMITED = Fault(429, "rate_limit_error", "slow down", {"retry-after": "0.01"})
OVERLOADED = Fault(529, "overloaded_error", "overloaded", {"retry-after": "0.01"})
BAD_REQUEST = Fault(400, "invalid_request_error", "no such parameter")
GARBAGE = Fault(raw=b'event: message_start\ndata: {"type": "message_start", "message": 7}\n\nevent: x\ndata: {{{\n\n')


class MessagesServer:
    """Serves a script, keeps the requests, and notes what was wrong with them."""

    def __init__(self, script: Sequence[Step]) -> None:
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self._script = list(script)
        self._lock = threading.Lock()
        self._server = _Listener(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def left(self) -> int:
        """Steps of the script that nobody asked for."""
        return len(self._script)

    def answer(self, request: Request) -> Reply | Fault:
        """The next step of the script, made definite: tool calls have ids."""
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
            self.problems += [f"request {number}: {problem}" for problem in problems(request)]
            step = self._script.pop(0) if self._script else Fault(400, "invalid_request_error", "the script is at its end")
        answer = step(request) if callable(step) else step
        return _with_ids(answer, number) if isinstance(answer, Reply) else answer

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if kind is None:
            assert not self.problems, self.problems


def problems(request: Request) -> Iterator[str]:
    """What the real endpoint would refuse, or a stateless one would misunderstand."""
    body, headers = request.body, request.headers
    if not request.key:
        yield "no credential"
    if headers.get("anthropic-version") not in ("2023-06-01", "2026-10-21"):
        yield f"anthropic-version {headers.get('anthropic-version')}"
    yield from (f"`{name}` is missing" for name in ("model", "max_tokens", "messages") if not body.get(name))
    yield from (f"`{name}` is not accepted" for name in ("temperature", "top_p", "top_k", "thread") if name in body)
    if body.get("tool_choice", {}).get("type") in ("any", "tool"):
        yield "current models refuse a forced tool"
    yield from _order(body.get("messages") or [])


def _order(messages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if messages and messages[0]["role"] != "user":
        yield "the first message is not the user's"
    for before, after in pairwise(messages):
        if before["role"] == after["role"]:
            yield f"two messages of the {after['role']} in a row"
        asked = [block["id"] for block in _blocks(before) if block["type"] == "tool_use"] if before["role"] == "assistant" else []
        given = [block["tool_use_id"] for block in _blocks(after) if block["type"] == "tool_result"]
        if sorted(asked) != sorted(given):
            yield f"tool calls {asked} were answered with {given}"
    if messages and any(block["type"] == "tool_use" for block in _blocks(messages[-1])):
        yield "the last message is a tool call without its result"
    yield from ("a message without content" for message in messages if not message["content"])


def _blocks(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _with_ids(reply: Reply, number: int) -> Reply:
    blocks = tuple(
        {**block, "id": f"toolu_{number}_{place}"} if block["type"] == "tool_use" else block
        for place, block in enumerate(reply.content)
    )
    return reply.but(content=blocks)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: MessagesServer) -> None:
        self.script = script
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # many small events: each would wait for the client's delayed acknowledgement

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        """Answer by the script."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path.partition("?")[0] != "/v1/messages":
            self.server.script.problems.append(f"unknown path {self.path}")
            return self._fault(Fault(404, "not_found_error", self.path))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.script.answer(Request(body, headers))
        if isinstance(answer, Fault):
            return self._fault(answer)
        message = _message(answer, body["model"], len(self.server.script.requests))
        return self._stream(answer, message) if body.get("stream") else self._json(200, message, {})

    def _fault(self, fault: Fault) -> None:
        error = {"type": "error", "error": {"type": fault.kind, "message": fault.message}, "request_id": "req_fault"}
        if fault.in_stream:
            self._begin_stream()
            self._event("error", error)
            self._chunk(b"")
        elif fault.raw is not None:
            self._begin_stream()
            if fault.raw:
                self._chunk(fault.raw)
            self._chunk(b"")
        else:
            self._json(fault.status, error, fault.headers)

    def _json(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, reply: Reply, message: Mapping[str, Any]) -> None:
        self._begin_stream()
        for number, (name, data) in enumerate(events(reply, message)):
            if number == reply.cut_after:
                return self._cut(reset=reply.reset)
            time.sleep(reply.pause_s)
            self._event(name, data)
        return self._chunk(b"")

    def _cut(self, *, reset: bool) -> None:
        if not reset:
            return self._chunk(b"")
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        return self.connection.close()

    def _begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("request-id", "req_scripted")
        self.end_headers()

    def _event(self, name: str, data: Mapping[str, Any]) -> None:
        self._chunk(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()


def _message(reply: Reply, model: str, number: int) -> dict[str, Any]:
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": list(reply.content),
        "stop_reason": reply.stop_reason,
        "stop_sequence": None,
        "stop_details": reply.stop_details,
        "usage": dict(reply.usage),
    }


def events(reply: Reply, message: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The message as server-sent events."""
    start = {**message, "content": [], "stop_reason": None, "stop_details": None, "usage": {**reply.usage, "output_tokens": 1}}
    yield "message_start", {"type": "message_start", "message": start}
    for index, block in enumerate(reply.content):
        empty, deltas = _pieces(block)
        yield "content_block_start", {"type": "content_block_start", "index": index, "content_block": empty}
        for delta in deltas:
            yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
        yield "content_block_stop", {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": reply.stop_reason, "stop_sequence": None, "stop_details": reply.stop_details}
    yield "message_delta", {"type": "message_delta", "delta": delta, "usage": {"output_tokens": reply.usage["output_tokens"]}}
    yield "message_stop", {"type": "message_stop"}


def _pieces(block: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """A block as it starts, and the deltas that fill it."""
    match block["type"]:
        case "text":
            return {**block, "text": ""}, [{"type": "text_delta", "text": piece} for piece in _halves(block["text"])]
        case "thinking":
            thoughts = [{"type": "thinking_delta", "thinking": piece} for piece in _halves(block["thinking"])]
            signed = [{"type": "signature_delta", "signature": block["signature"]}] if block.get("signature") else []
            return {**block, "thinking": "", "signature": ""}, [*thoughts, *signed]
        case "tool_use":
            written = block["input"] if isinstance(block["input"], str) else json.dumps(block["input"])
            return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": piece} for piece in _halves(written)]
        case _:
            return block, []


def _halves(whole: str) -> list[str]:
    middle = len(whole) // 2
    return [whole[:middle], whole[middle:]]
