"""Typed reading of request parameters: text, integers and booleans may all arrive as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pilot.gitlab.errors import grape, missing

TRUE = frozenset({"true", "t", "1", "yes", "on"})
FALSE = frozenset({"false", "f", "0", "no", "off"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the client sent beside the path."""

    values: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def names(self) -> Iterable[str]:
        return self.values.keys()

    def need(self, *names: str) -> None:
        """Refuse as Grape does, naming all that is missing at once."""
        absent = [name for name in names if self.values.get(name) is None]
        if absent:
            raise missing(absent)

    def any_of(self, names: Iterable[str]) -> bool:
        return any(name in self.values for name in names)

    def raw(self, name: str) -> Any:
        return self.values.get(name)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def optional(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)

    def integer(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise grape(f"{name} is invalid") from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = str(self.values.get(name, default)).lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise grape(f"{name} is invalid")

    def words(self, name: str) -> list[str]:
        """A list, or a text with commas; empty entries are dropped."""
        value = self.values.get(name)
        parts = value if isinstance(value, list) else str(value or "").split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def integers(self, name: str) -> list[int]:
        try:
            return [int(word) for word in self.words(name)]
        except ValueError:
            raise grape(f"{name} is invalid") from None

    def moment(self, name: str) -> datetime | None:
        value = self.optional(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise grape(f"{name} is invalid") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def table(self, name: str) -> Mapping[str, Any] | None:
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise grape(f"{name} is invalid")
        return value
