"""Who may do what: tokens and their scopes, roles and what they allow."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from pilot.gitlab.errors import forbidden, insufficient_scope, invalid_token, not_found, unauthorized
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.projects import Project
from pilot.gitlab.users import Token, User


class Level(IntEnum):
    """GitLab's roles."""

    NONE = 0
    GUEST = 10
    PLANNER = 15
    REPORTER = 20
    DEVELOPER = 30
    MAINTAINER = 40
    OWNER = 50


class Right(Enum):
    """What a route asks for."""

    READ = "read"
    COMMENT = "comment"
    DOWNLOAD = "download"
    LABEL = "label"
    DEVELOP = "develop"
    MAINTAIN = "maintain"


CARRIED_BY = {
    Right.READ: Level.GUEST,
    Right.COMMENT: Level.GUEST,
    Right.DOWNLOAD: Level.REPORTER,
    Right.LABEL: Level.REPORTER,
    Right.DEVELOP: Level.DEVELOPER,
    Right.MAINTAIN: Level.MAINTAINER,
}
OPEN_TO_READERS = frozenset({Right.READ, Right.DOWNLOAD})


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent the request; nobody is an anonymous one."""

    user: User | None = None
    token: Token | None = None

    def require(self, scopes: Iterable[str]) -> None:
        """Refuse a token without any of the scopes, or with the account blocked."""
        wanted = list(scopes)
        if self.user is not None and self.user.state != "active":
            raise forbidden("403 Forbidden - Your account has been blocked.")
        if self.token is not None and wanted and not self.token.scopes.intersection(wanted):
            raise insufficient_scope(wanted)


def level_of(project: Project, user: User | None) -> int:
    """The effective role; an administrator is owner everywhere."""
    if user is None:
        return Level.NONE
    if user.admin:
        return Level.OWNER
    member = project.members.get(user.id)
    return member.level if member else Level.NONE


def visible(project: Project, user: User | None) -> bool:
    if project.visibility == "public" or level_of(project, user) >= Level.GUEST:
        return True
    return project.visibility == "internal" and user is not None


def allowed(project: Project, user: User | None, right: Right) -> bool:
    """Outsiders read a public project, and with an account comment there."""
    if level_of(project, user) >= CARRIED_BY[right]:
        return True
    if project.visibility == "private" or not visible(project, user):
        return False
    return right in OPEN_TO_READERS or (right is Right.COMMENT and user is not None)


def demand(project: Project, user: User | None, right: Right) -> None:
    """404 hides what one may not see, 401 asks who it is, 403 says no."""
    if not visible(project, user):
        raise not_found("Project")
    if allowed(project, user, right):
        return
    raise unauthorized() if user is None else forbidden()


def sees(noteable: Noteable, user: User | None) -> bool:
    """Confidential issues are for Reporters and above, the author and the assignees."""
    if not noteable.confidential:
        return True
    return user in (noteable.author, *noteable.assignees) or sees_internal(noteable.project, user)


def sees_internal(project: Project, user: User | None) -> bool:
    return level_of(project, user) >= Level.REPORTER


def identify(headers: Mapping[str, str], users: Iterable[User], now: datetime, query_token: str = "") -> Caller:
    """Read PRIVATE-TOKEN or Bearer; a bad token is refused even where none was needed."""
    value = headers.get("private-token") or query_token or _bearer(headers.get("authorization", ""))
    return of_token(value, users, now) if value else Caller()


def of_token(value: str, users: Iterable[User], now: datetime) -> Caller:
    for user in users:
        for token in user.tokens:
            if token.value == value:
                return _usable(user, token, now)
    raise unauthorized()


def basic_password(header: str) -> str | None:
    """git sends the token as the password; any user name will do."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        return base64.b64decode(value).decode().partition(":")[2]
    except ValueError:
        return None


def _bearer(header: str) -> str:
    kind, _, value = header.partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def _usable(user: User, token: Token, now: datetime) -> Caller:
    if token.revoked:
        raise invalid_token("Token was revoked. You have to re-authorize from the user.")
    if token.expired(now.date()):
        raise invalid_token("Token is expired. You can either do re-authorization or token refresh.")
    token.last_used_at = now
    return Caller(user, token)
