"""Which function a person's words are about, chosen by a model from a list: the outcome is on the list, or it is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.agents.foreign import fenced, shortened
from bot.agents.native.prompt import render
from bot.gateway.client import Client
from bot.gateway.lease import Lease

_TOOL = "chosen"
_ANSWER = 2_000  # tokens
_WORDS = 4_000  # characters of them that are read


def which(client: Client, lease: Lease, words: str, names: Sequence[str], *, model: str) -> str | None:
    """The name that `words` are about; None where the model can't say. Raises what `Client.ask` raises."""
    numbered = "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))
    prompt = render("which", words=fenced(shortened(words, _WORDS), "person"), names=fenced(numbered, "project"))
    reply = client.ask(_request(model, prompt, len(names)), lease)
    calls = [block.get("input") for block in reply.blocks("tool_use") if block.get("name") == _TOOL]
    number = calls[0].get("number") if len(calls) == 1 and isinstance(calls[0], Mapping) else None
    return names[number - 1] if type(number) is int and 0 < number <= len(names) else None


def _request(model: str, prompt: str, most: int) -> Mapping[str, Any]:
    """No forced tool: current models refuse that; no call means that the model can't say."""
    number = {"type": "integer", "minimum": 0, "maximum": most, "description": "The function's number; 0: none of them."}
    schema = {"type": "object", "properties": {"number": number}, "required": ["number"], "additionalProperties": False}
    tool = {"name": _TOOL, "description": "Say which function is meant.", "input_schema": schema}
    return {
        "model": model,
        "max_tokens": _ANSWER,
        "thinking": {"type": "adaptive", "display": "summarized"},
        "tools": [tool],
        "messages": [{"role": "user", "content": prompt}],
    }
