"""Secrets out of everything that is kept: known ones by their text, others by their shape."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import SecretStr

_MASK = "[secret]"
_SHAPES = re.compile(
    r"\b(?:sk-ant-[\w-]{8,}|glpat-[\w.-]{16,}|gl(?:dt|rt|ptt|cbt|oas|soat)-[\w.-]{16,}|whsec_[\w+/=]{16,}|gh[pousr]_\w{20,}|AKIA[A-Z0-9]{16})"
    r"|(?<=Bearer )[\w.~+/=-]{12,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)
_SHORTEST = 6  # a "secret" shorter than this would mask half of a text


class Mask:
    """Replaces secrets in texts and in JSON values of any depth."""

    def __init__(self, secrets: Iterable[SecretStr] = ()) -> None:
        known = sorted({secret.get_secret_value() for secret in secrets}, key=len, reverse=True)
        self._known = [text for text in known if len(text) >= _SHORTEST]

    def text(self, text: str) -> str:
        """`text` without secrets, and without half characters, which no database would take."""
        for secret in self._known:
            text = text.replace(secret, _MASK)
        return _SHAPES.sub(_MASK, text.encode("utf-8", "replace").decode("utf-8"))

    def value(self, value: Any) -> Any:
        """A JSON value without secrets, neither in values nor in keys."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(each) for each in value]
        return value
