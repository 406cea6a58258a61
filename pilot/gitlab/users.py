"""People, bots and the tokens they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(eq=False, slots=True)
class Token:
    """A personal or project access token."""

    id: int
    value: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: date | None = None
    revoked: bool = False
    last_used_at: datetime | None = None

    def expired(self, today: date) -> bool:
        return self.expires_at is not None and self.expires_at <= today


@dataclass(eq=False, slots=True)
class User:
    """An account; `bot` is what GitLab shows for token bots and service accounts."""

    id: int
    username: str
    name: str
    created_at: datetime
    bot: bool = False
    admin: bool = False
    state: str = "active"
    tokens: list[Token] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"{self.username}@users.example.com"

    @property
    def token(self) -> str:
        """The secret of the first token, which is all that most tests need."""
        return self.tokens[0].value
