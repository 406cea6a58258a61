"""Which files an agent may change: by pattern, lexically. `*` stays within a folder, `**` does not."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.editor.refusal import Refusal

_FORBIDDEN = re.compile(r"[\\\x00-\x1f\x7f\ud800-\udfff]")
_ALWAYS_FENCED = (".git", ".git/**", "**/.git", "**/.git/**", ".hasten.yml")


@dataclass(frozen=True, slots=True)
class Scope:
    """Editable patterns, minus the fenced ones."""

    editable: tuple[str, ...] = ("**",)
    fenced: tuple[str, ...] = ()

    def refusal(self, path: str) -> Refusal | None:
        """Why `path` may not be changed; None when it may."""
        if not inside(path):
            return Refusal("path", path, "this is no path inside the project; write it relative to the project's root, with `/`")
        if any(matches(pattern, path) for pattern in (*_ALWAYS_FENCED, *self.fenced)):
            return Refusal("fenced", path, "this file is fenced: it belongs to what judges the change, so it stays as it is")
        if not any(matches(pattern, path) for pattern in self.editable):
            return Refusal("fenced", path, f"only files that match {', '.join(self.editable) or 'nothing'} may be changed")
        return None


def inside(path: str) -> bool:
    """Whether `path` is a plain relative path that stays below the root."""
    parts = path.split("/")
    return not ({"", ".", ".."} & set(parts)) and _FORBIDDEN.search(path) is None and len(path) < 1000


def matches(pattern: str, path: str) -> bool:
    """Whether a project's pattern names `path`; a folder's name (`src/`) names everything in it."""
    return _expression(pattern + "**" if pattern.endswith("/") else pattern).fullmatch(path) is not None


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str]:
    tokens = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("./"))
    return re.compile("".join(tokens.get(piece) or re.escape(piece) for piece in pieces), re.DOTALL)
