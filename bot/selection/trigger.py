"""When an agent's work is judged while it is still at it: when it asks, on every change, or every few steps. Pure.

Whatever the trigger, a tree is judged once: the same files have the same hash, whether an editor or a shell command made them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

_FORM = re.compile(r"agent|change|every:([1-9]\d{0,3})")
READS = frozenset({"view", "search", "profile", "evaluate", "submit"})  # tools that change no file


@dataclass(frozen=True, slots=True)
class Trigger:
    """One of the three, as `.hasten.yml` writes it: `agent`, `change` or `every:N`."""

    kind: Literal["agent", "change", "every"] = "change"
    steps: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for anything else."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"`{text}` is no trigger; write agent, change or every:3")
        return cls("every", int(match[1])) if match[1] else cls("agent" if text == "agent" else "change")


@dataclass(slots=True)
class Watch:
    """Follows one agent's events; remembers which trees were seen, the first one included."""

    trigger: Trigger
    seen: set[str] = field(default_factory=set)
    steps: int = 0

    def due(self, kind: str, tool: str, tree: Callable[[], str]) -> bool:
        """Whether the tree has to be judged after this event. `tree` gives its hash, asked for only when it matters."""
        if not self._time(kind, tool):
            return False
        now = tree()
        if now in self.seen:
            return False
        self.seen.add(now)
        return True

    def _time(self, kind: str, tool: str) -> bool:
        match self.trigger.kind:
            case "change":
                return kind == "file_changed" or (kind == "tool_result" and tool not in READS)
            case "every" if kind == "step":
                self.steps += 1  # told at a step's beginning: the steps before it are done
                return self.steps > 1 and (self.steps - 1) % self.trigger.steps == 0
        return False
