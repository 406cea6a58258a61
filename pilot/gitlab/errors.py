"""GitLab's ways of saying no, with the bodies its clients have learnt to expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ApiError(Exception):
    """A request that ends here: `status` and `body` are what the client sees."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def bad_request(text: str) -> ApiError:
    return ApiError(400, {"message": text})


def invalid(field: str, *problems: str) -> ApiError:
    """A model that refused to be saved."""
    return ApiError(400, {"message": {field: list(problems)}})


def grape(*problems: str) -> ApiError:
    """Parameters that did not pass the endpoint's own check."""
    return ApiError(400, {"error": ", ".join(problems)})


def missing(names: Sequence[str]) -> ApiError:
    return grape(*(f"{name} is missing" for name in names))


def unauthorized() -> ApiError:
    return ApiError(401, {"message": "401 Unauthorized"})


def invalid_token(reason: str) -> ApiError:
    return ApiError(401, {"error": "invalid_token", "error_description": reason})


def forbidden(text: str = "403 Forbidden") -> ApiError:
    return ApiError(403, {"message": text})


def insufficient_scope(wanted: Sequence[str]) -> ApiError:
    description = "The request requires higher privileges than provided by the access token."
    return ApiError(403, {"error": "insufficient_scope", "error_description": description, "scope": " ".join(wanted)})


def not_found(what: str = "") -> ApiError:
    return ApiError(404, {"message": f"404 {what} Not Found" if what else "404 Not Found"})


def not_allowed() -> ApiError:
    return ApiError(405, {"message": "405 Method Not Allowed"})


def conflict(message: str | Sequence[str]) -> ApiError:
    """GitLab answers some conflicts with a text and some with a list of texts."""
    return ApiError(409, {"message": message if isinstance(message, str) else list(message)})


def too_many() -> ApiError:
    return ApiError(429, {"message": {"error": "This endpoint has been requested too many times. Try again later."}})
