"""What a reviewer's free text means, as a typed value. The model that reads it has one tool, and that tool does nothing.

Whatever the text says, the outcome is a `Remark`: known rules to avoid or prefer, a wish, an answer. A wish becomes a remark in
the next brief, fenced as untrusted; an answer is quoted as foreign text. There is nothing else that it could turn into.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.agents.foreign import fenced, shortened
from bot.agents.native.prompt import render
from bot.gateway.client import Client
from bot.gateway.exchange import Reply
from bot.gateway.lease import Lease

Kind = Literal["order", "question", "praise", "unclear"]

_TOOL = "understood"
_ANSWER = 4000  # tokens
_TRIES = 2
_REMARK = 8000  # characters of it that are read
_CONTEXT = 12_000
_AGAIN = "Answer by calling `understood`, once, with arguments that fit its schema."


@dataclass(frozen=True, slots=True)
class Remark:
    """A review comment, understood. "unclear" calls for a question back."""

    kind: Kind
    avoid: tuple[str, ...] = ()  # names of known rules, nothing else
    prefer: tuple[str, ...] = ()
    wish: str = ""  # what else is asked of the code, in one or two sentences
    answer: str = ""  # to a question, from the context given


class _Understood(BaseModel):
    """Say what the reviewer's remark means for the proposed change."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Field(description="order: change it; question: wants to know; praise: nothing to do; unclear: ask back.")
    avoid: list[str] = Field(default_factory=list, max_length=20, description="Known rules that must not be used.")
    prefer: list[str] = Field(default_factory=list, max_length=20, description="Known rules that should be used.")
    wish: str = Field("", max_length=1000, description="For an order: what else is asked of the code, in one or two sentences.")
    answer: str = Field("", max_length=2000, description="For a question: the answer, from the context alone.")


def understand(client: Client, lease: Lease, remark: str, context: str, known_rules: Sequence[str], *, model: str) -> Remark:
    """The meaning of `remark`; "unclear" where the model can't say it in form. Raises what `Client.ask` raises."""
    prompt = render(
        "remark",
        remark=fenced(shortened(remark, _REMARK), "reviewer"),
        context=fenced(shortened(context, _CONTEXT), "context"),
        rules=sorted(known_rules),
    )
    for attempt in range(_TRIES):
        reply = client.ask(_request(model, prompt if attempt == 0 else f"{prompt}\n\n{_AGAIN}"), lease)
        understood = _read(reply)
        if understood is not None:
            return _limited(understood, frozenset(known_rules))
        if reply.stop_reason == "refusal":
            break
    return Remark("unclear")


def _request(model: str, prompt: str) -> Mapping[str, Any]:
    """No forced tool: current models refuse that, so the answer is asked for and checked instead."""
    schema = _Understood.model_json_schema()
    tool = {"name": _TOOL, "description": _Understood.__doc__, "input_schema": schema}
    return {
        "model": model,
        "max_tokens": _ANSWER,
        "thinking": {"type": "adaptive", "display": "summarized"},
        "tools": [tool],
        "messages": [{"role": "user", "content": prompt}],
    }


def _read(reply: Reply) -> _Understood | None:
    """The one call that counts, if there is exactly one and it is whole."""
    calls = [block for block in reply.blocks("tool_use") if block.get("name") == _TOOL]
    if len(calls) != 1 or reply.stop_reason != "tool_use":
        return None
    try:
        return _Understood.model_validate(calls[0].get("input"))
    except ValidationError:
        return None


def _limited(understood: _Understood, known: frozenset[str]) -> Remark:
    """Never more rights than the kind has: only an order changes anything, only a question is answered."""
    order, question = understood.kind == "order", understood.kind == "question"
    avoid = tuple(dict.fromkeys(rule for rule in understood.avoid if rule in known)) if order else ()
    prefer = tuple(dict.fromkeys(rule for rule in understood.prefer if rule in known and rule not in avoid)) if order else ()
    wish, answer = understood.wish.strip() if order else "", understood.answer.strip() if question else ""
    if (order and not (avoid or prefer or wish)) or (question and not answer):
        return Remark("unclear")
    return Remark(understood.kind, avoid, prefer, wish, answer)
