"""What a tool gives back to the model, and the budget that stands under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.agents.foreign import sendable
from bot.editor.forms import Form


@dataclass(frozen=True, slots=True)
class Submission:
    """The model's own account of its change."""

    title: str
    rationale: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A tool's answer. `failed` becomes `is_error`; `diff` is set when files changed; `submission` ends the attempt."""

    text: str
    failed: bool = False
    diff: str = ""
    submission: Submission | None = None
    form: Form | None = None  # of an edit
    refusals: tuple[str, ...] = ()  # codes why an edit was not made

    def block(self, call: str) -> Mapping[str, Any]:
        """The tool result of the API."""
        return {
            "type": "tool_result",
            "tool_use_id": call,
            "content": sendable(self.text) or "(no output)",
            "is_error": self.failed,
        }


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an attempt's limits; None: not bounded, or not known."""

    steps: int
    seconds: float
    tokens: int | None
    usd: float | None

    def __str__(self) -> str:
        parts = [f"{self.steps} steps", f"{max(0.0, self.seconds):.0f} s"]
        if self.tokens is not None:
            parts.append(f"{max(0, self.tokens)} tokens")
        if self.usd is not None:
            parts.append(f"${max(0.0, self.usd):.2f}")
        return f"[left: {', '.join(parts)}]"
