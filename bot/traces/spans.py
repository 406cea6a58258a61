"""A run as OpenTelemetry spans in the conventions for generative AI: the run, each agent in it, each call of a model.

Written as OTLP/JSON by hand: spans are made once, after the fact, from what is stored, with ids derived from it, so that sending
twice is sending once. The SDK is made for the opposite (live spans, random ids); see docs/decisions/0006. No text of a
conversation is in a span.
"""

import hashlib
import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from bot.traces.record import Pass, Recorded, Stretch, Talk

INTERNAL, CLIENT = 1, 3  # kinds of spans
FAILED = {"code": 2}
TIMEOUT_S = 10.0
Json = dict[str, Any]


def payload(recorded: Recorded, version: str) -> Json:
    """The body of an OTLP request."""
    spans = [span for each in recorded.passes for span in _of_pass(recorded, each)]
    resource = {"attributes": _attributes({"service.name": "hasten", "service.version": version})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "hasten"}, "spans": spans}]}]}


def send(endpoint: str, body: Json) -> None:
    """Post spans to a collector. Raises OSError or HTTPException where it does not take them."""
    address = f"{endpoint.rstrip('/')}/v1/traces"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        answer.read()


def _of_pass(recorded: Recorded, each: Pass) -> list[Json]:
    trace, root = _id(each.row.id, 16), _id(f"{each.row.id}/root", 8)
    end = each.row.ended or max([each.row.created, *(stretch.at for stretch in each.stretches)])
    told = {"gen_ai.operation.name": "invoke_workflow", "hasten.run": recorded.run.id, "hasten.target": recorded.run.target or ""}
    first = _span(trace, root, "", "invoke_workflow hasten", INTERNAL, each.row.created, end, told)
    return [first, *(span for stretch in each.stretches if stretch.agent for span in _of_stretch(trace, root, stretch))]


def _of_stretch(trace: str, root: str, stretch: Stretch) -> list[Json]:
    name = f"{stretch.iteration}/{stretch.step}"
    begin = min([stretch.at, *(_began(talk) for talk in stretch.talks)])
    told: Json = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": stretch.agent, "gen_ai.conversation.id": name}
    told["hasten.candidates"] = len(stretch.candidates)
    own = _id(name, 8)
    agent = _span(trace, own, root, f"invoke_agent {stretch.agent}", INTERNAL, begin, stretch.at, told)
    return [agent, *(_chat(trace, own, name, talk) for talk in stretch.talks)]


def _chat(trace: str, parent: str, name: str, talk: Talk) -> Json:
    exchange, model = talk.exchange, str(talk.request.get("model", ""))
    told: Json = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": int(talk.request.get("max_tokens") or 0),
        "gen_ai.usage.input_tokens": exchange.usage.prompt,
        "gen_ai.usage.output_tokens": exchange.usage.output,
        "gen_ai.usage.cache_read.input_tokens": exchange.usage.cache_read,
        "gen_ai.usage.cache_creation.input_tokens": exchange.usage.cache_write,
    }
    for key, field in (("gen_ai.response.model", "model"), ("gen_ai.response.id", "request_id")):
        told |= {key: str(talk.response[field])} if talk.response.get(field) else {}
    if reason := talk.response.get("stop_reason"):
        told["gen_ai.response.finish_reasons"] = [str(reason)]
    if exchange.error:
        told["error.type"] = "model_error"
    own = _id(f"{name}/{exchange.number}", 8)
    span = _span(trace, own, parent, f"chat {model}", CLIENT, _began(talk), exchange.at, told)
    return span | ({"status": FAILED} if exchange.error else {})


def _span(trace: str, own: str, parent: str, name: str, kind: int, begin: float, end: float, told: Mapping[str, Any]) -> Json:
    span = {
        "traceId": trace,
        "spanId": own,
        "name": name,
        "kind": kind,
        "startTimeUnixNano": str(int(begin * 1e9)),
        "endTimeUnixNano": str(int(max(begin, end) * 1e9)),
        "attributes": _attributes(told),
    }
    return span | ({"parentSpanId": parent} if parent else {})


def _began(talk: Talk) -> float:
    return talk.exchange.at - talk.exchange.seconds


def _attributes(told: Mapping[str, Any]) -> list[Json]:
    return [{"key": key, "value": _value(value)} for key, value in told.items()]


def _value(value: str | int | Sequence[str]) -> Json:
    match value:
        case str():
            return {"stringValue": value}
        case int():
            return {"intValue": str(value)}
    return {"arrayValue": {"values": [_value(each) for each in value]}}


def _id(text: str, size: int) -> str:
    """A hexadecimal id of so many bytes, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[: 2 * size]
