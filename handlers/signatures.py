"""Is it really our GitLab that speaks? Standard-Webhooks HMAC first, the legacy token where no signature came along."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

WINDOW_SECONDS = 300
_MOST_SIGNATURES = 8
_LONGEST_KEY = 200


class Unauthenticated(Exception):
    """The delivery is not proven to be GitLab's; `str(error)` is for our log and holds no secret."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One authenticated delivery. `key` stays the same when GitLab repeats an event; `uuid` does not and is only for logs."""

    key: str | None
    method: Literal["hmac", "token"]
    event: str = ""
    uuid: str = ""
    instance: str = ""


def verify(headers: Mapping[str, str], body: bytes, *, secret: str | None, signing_token: str | None, now: float) -> Delivery:
    """Authenticate one delivery, or raise Unauthenticated. A signature that is present and wrong is never outvoted by a token."""
    if not secret and not signing_token:
        raise Unauthenticated("neither a signing token nor a secret is configured, so every delivery is refused")
    got = {name.lower(): value for name, value in headers.items()}
    if signing_token and got.get("webhook-signature"):
        _check_signature(got, body, signing_token, now)
        return _delivery(got, "hmac", got["webhook-id"])
    if secret:
        _check_token(got, secret)
        return _delivery(got, "token", got.get("idempotency-key") or got.get("webhook-id"))
    raise Unauthenticated("the delivery carries no signature; set the hook's signing token in GitLab")


def signing_key(signing_token: str) -> bytes:
    """The raw key in a `whsec_...` token; raises ValueError where it is none."""
    encoded = signing_token.strip().removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("a signing token is whsec_ followed by base64") from error
    if not key:
        raise ValueError("the signing token is empty")
    return key


def sign(key: bytes, *, delivery: str, timestamp: str, body: bytes) -> str:
    """The `v1,...` signature of one delivery, as GitLab computes it."""
    digest = hmac.new(key, f"{delivery}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _check_signature(got: Mapping[str, str], body: bytes, signing_token: str, now: float) -> None:
    try:
        key = signing_key(signing_token)
    except ValueError as error:
        raise Unauthenticated(f"the configured signing token cannot be used: {error}") from error
    delivery, timestamp = got.get("webhook-id", ""), got.get("webhook-timestamp", "")
    expected = sign(key, delivery=delivery, timestamp=timestamp, body=body)
    offered = got["webhook-signature"].split()[:_MOST_SIGNATURES]
    fits = [_same(candidate, expected) for candidate in offered]  # a list, so that all are compared
    if not any(fits) or not delivery:
        raise Unauthenticated("the signature does not fit the body")
    if not _fresh(timestamp, now):
        raise Unauthenticated("the signature's timestamp is outside the window of 5 minutes; are both clocks right?")


def _check_token(got: Mapping[str, str], secret: str) -> None:
    # GitLab removes line breaks from the secret before it sends it.
    expected = secret.replace("\r", "").replace("\n", "")
    if not expected or not _same(got.get("x-gitlab-token", ""), expected):
        raise Unauthenticated("the token is missing or wrong")


def _fresh(timestamp: str, now: float) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now - int(timestamp)) <= WINDOW_SECONDS


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass"))


def _delivery(got: Mapping[str, str], method: Literal["hmac", "token"], key: str | None) -> Delivery:
    usable = key is not None and 0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()
    return Delivery(
        key=key if usable else None,
        method=method,
        event=got.get("x-gitlab-event", "")[:_LONGEST_KEY],
        uuid=got.get("x-gitlab-webhook-uuid", "")[:_LONGEST_KEY],
        instance=got.get("x-gitlab-instance", "")[:_LONGEST_KEY],
    )
