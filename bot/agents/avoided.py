"""Whether a change uses what reviewers asked to avoid. A prompt asks for it; this makes sure."""

import re
from collections.abc import Mapping, Sequence

Files = Mapping[str, bytes | None]


def avoided(before: Files, after: Files, words: Sequence[str]) -> str | None:
    """The first of `words` that stands in a line which the change adds, and where; None when there is none."""
    for word in words:
        sought = re.compile(rf"(?<![\w-]){re.escape(word.strip())}(?![\w-])", re.IGNORECASE) if word.strip() else None
        for path, content in after.items():
            known = frozenset(_lines(before.get(path)))
            for number, line in enumerate(_lines(content), 1):
                if sought and line not in known and sought.search(line):
                    return f"reviewers asked to avoid `{word.strip()}`, which {path} uses on line {number}"
    return None


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").split("\n")
