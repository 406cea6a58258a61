"""The line to one GitLab: a session for each act, one pace for all of them, and its refusals as exceptions of ours."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gitlab
import requests

from bot.ending import Transient
from bot.limiter import Limiter, Paced, Throttled

TIMEOUT = 30.0


class ForgeError(Exception):
    """GitLab could not be asked or refused; `status` is its HTTP status where there was one."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class Unreachable(ForgeError, Transient):
    """GitLab is down, slow or asks for patience; trying again later usually helps."""


class Refused(ForgeError):
    """Our token is no good (any more): nothing helps but a new one."""


class Gone(ForgeError):
    """The thing we wanted to talk to is not there (any more), or we may not see it."""


class Connection:
    """Sessions for one bot user, usable from several threads."""

    def __init__(self, url: str, token: str, *, ca: Path | None = None, limiter: Limiter | None = None) -> None:
        self.url, self._token = url.rstrip("/"), token
        self._paced = Paced(limiter or Limiter())
        self._verify: bool | str = str(ca) if ca else True
        self.refused = False  # whether GitLab turned our token down when we last asked

    def close(self) -> None:
        """Give all connections back."""
        self._paced.close()

    @contextmanager
    def session(self) -> Iterator[gitlab.Gitlab]:
        """A client for one act. POSTs are not repeated on a 5xx: whoever repeats the act looks first."""
        pooled = requests.Session()
        for scheme in ("http://", "https://"):
            pooled.mount(scheme, self._paced)  # never closed: its connections serve the next act
        session = gitlab.Gitlab(
            self.url,
            private_token=self._token,
            ssl_verify=self._verify,
            timeout=TIMEOUT,
            keep_base_url=True,
            user_agent="hasten",
            session=pooled,
        )
        try:
            yield session
            self.refused = False
        except gitlab.GitlabError as error:
            self.refused = error.response_code == 401
            raise _failure(error.response_code)(_said(error), error.response_code) from error
        except Throttled as error:
            raise Unreachable(str(error), 429) from error
        except requests.RequestException as error:
            raise Unreachable(f"GitLab cannot be reached at {self.url}: {type(error).__name__}") from error


def _failure(status: int | None) -> type[ForgeError]:
    if status in (401, 404):
        return Refused if status == 401 else Gone
    return Unreachable if status == 429 or (status or 0) >= 500 else ForgeError


def _said(error: gitlab.GitlabError) -> str:
    """GitLab's own words: `message` may be a string, a list or a dict."""
    message: Any = error.error_message
    if isinstance(message, Mapping):
        message = "; ".join(f"{key} {value}" for key, value in message.items())
    elif isinstance(message, list):
        message = "; ".join(map(str, message))
    return f"GitLab answered {error.response_code}: {message}"[:500]
