"""The lines of a note that GitLab takes for itself; `/optimize` is not among them and stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMANDS = (
    "label unlabel relabel close reopen assign unassign reassign assign_reviewer unassign_reviewer request_review draft ready "
    "title todo done subscribe unsubscribe due milestone estimate spend lock unlock react award confidential approve merge "
    "rebase shrug tableflip"
)
KNOWN = frozenset(COMMANDS.split())
LINE = re.compile(r"^/(\w+)(?:[ \t]+(.*))?$")
FENCE = re.compile(r"^\s*```")
QUOTE = re.compile(r"^>>>\s*$")


@dataclass(frozen=True, slots=True)
class QuickAction:
    """One known command and the rest of its line."""

    name: str
    text: str

    def labels(self) -> list[str]:
        """`~name` or `~"name with spaces"`."""
        return [quoted or plain for quoted, plain in re.findall(r'~(?:"([^"]+)"|(\S+))', self.text)]

    def usernames(self) -> list[str]:
        return re.findall(r"@([\w.-]+)", self.text)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text without its quick actions, and those."""

    text: str
    actions: tuple[QuickAction, ...]


def extract(text: str) -> Extracted:
    """Cut known commands that start a line outside fences and quote blocks; keep everything else."""
    kept: list[str] = []
    actions: list[QuickAction] = []
    fenced = quoted = False
    for line in text.replace("\r", "").split("\n"):
        fenced ^= bool(FENCE.match(line))
        quoted ^= bool(QUOTE.match(line))
        found = None if fenced or quoted else LINE.match(line)
        if found and found[1].lower() in KNOWN:
            actions.append(QuickAction(found[1].lower(), (found[2] or "").strip()))
        else:
            kept.append(line)
    return Extracted("\n".join(kept).rstrip() if actions else text.replace("\r", ""), tuple(actions))
