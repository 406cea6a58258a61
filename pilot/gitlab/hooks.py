"""Webhooks: what they listen to, how their requests are signed, and when they are switched off."""

from __future__ import annotations

import base64
import hmac
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

FREE_FAILURES = 3
FATAL_FAILURES = 40
LONGEST_PAUSE = timedelta(days=1)


class Trigger(Enum):
    """The events we send: the hook's flag, the header, and the name in the delivery log."""

    PUSH = ("push_events", "Push Hook", "push_hooks")
    TAG_PUSH = ("tag_push_events", "Tag Push Hook", "tag_push_hooks")
    ISSUE = ("issues_events", "Issue Hook", "issue_hooks")
    CONFIDENTIAL_ISSUE = ("confidential_issues_events", "Confidential Issue Hook", "confidential_issue_hooks")
    NOTE = ("note_events", "Note Hook", "note_hooks")
    CONFIDENTIAL_NOTE = ("confidential_note_events", "Confidential Note Hook", "confidential_note_hooks")
    MERGE_REQUEST = ("merge_requests_events", "Merge Request Hook", "merge_request_hooks")
    PIPELINE = ("pipeline_events", "Pipeline Hook", "pipeline_hooks")
    EMOJI = ("emoji_events", "Emoji Hook", "emoji_hooks")
    ACCESS_TOKEN = ("resource_access_token_events", "Resource Access Token Hook", "resource_access_token_hooks")

    @property
    def flag(self) -> str:
        return self.value[0]

    @property
    def header(self) -> str:
        return self.value[1]

    @property
    def log_name(self) -> str:
        return self.value[2]


# Documented hook flags whose events this stand-in never produces.
SILENT_FLAGS = (
    "job_events",
    "wiki_page_events",
    "deployment_events",
    "releases_events",
    "milestone_events",
    "feature_flag_events",
    "repository_update_events",
)
FLAGS = tuple(trigger.flag for trigger in Trigger) + SILENT_FLAGS


@dataclass(eq=False, slots=True)
class Delivery:
    """One event on its way to one hook; a resend is a new delivery with the same key."""

    id: int
    hook: Hook
    trigger: Trigger
    key: str
    event_uuid: str
    body: bytes
    created_at: datetime
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""
    response_status: str = ""
    seconds: float = 0.0
    dropped: str = ""

    @property
    def succeeded(self) -> bool:
        return self.response_status[:1] in ("2", "3")


@dataclass(eq=False, slots=True)
class Hook:
    """A project's webhook; its secrets go out with deliveries and are never shown."""

    id: int
    project_id: int
    url: str
    created_at: datetime
    secret: str | None = None
    signing_token: str | None = None
    name: str | None = None
    description: str | None = None
    branch_filter: str = ""
    branch_strategy: str = "wildcard"
    verify_tls: bool = True
    events: dict[str, bool] = field(default_factory=dict)
    custom_headers: dict[str, str] = field(default_factory=dict)
    failures: int = 0
    disabled_until: datetime | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    resends: list[datetime] = field(default_factory=list)

    @property
    def disabled_for_good(self) -> bool:
        return self.failures >= FATAL_FAILURES

    def alert_status(self, now: datetime) -> str:
        if self.disabled_for_good:
            return "disabled"
        return "temporarily_disabled" if self.disabled_until and self.disabled_until > now else "executable"

    def succeeded(self) -> None:
        self.failures, self.disabled_until = 0, None

    def failed(self, now: datetime) -> None:
        """Three failures are free; then one minute, doubling up to a day."""
        self.failures += 1
        over = self.failures - FREE_FAILURES
        if over > 0:
            self.disabled_until = now + min(timedelta(minutes=2 ** min(over - 1, 20)), LONGEST_PAUSE)


def headers(delivery: Delivery, *, instance: str, version: str, now: datetime) -> dict[str, str]:
    """All headers of one request; the webhook UUID is fresh for every delivery, the key is not."""
    hook = delivery.hook
    found = {
        "Content-Type": "application/json",
        "User-Agent": f"GitLab/{version}",
        "Idempotency-Key": delivery.key,
        "X-Gitlab-Event": delivery.trigger.header,
        "X-Gitlab-Webhook-UUID": str(uuid.uuid4()),
        "X-Gitlab-Instance": instance,
        "X-Gitlab-Event-UUID": delivery.event_uuid,
        **hook.custom_headers,
    }
    if hook.secret:
        found["X-Gitlab-Token"] = hook.secret.replace("\r", "").replace("\n", "")
    if hook.signing_token:
        stamp = str(int(now.timestamp()))
        found |= {"webhook-id": delivery.key, "webhook-timestamp": stamp}
        found["webhook-signature"] = sign(hook.signing_token, delivery.key, stamp, delivery.body)
    return found


def sign(token: str, key: str, stamp: str, body: bytes) -> str:
    """Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`."""
    secret = base64.b64decode(token.removeprefix("whsec_"))
    digest = hmac.digest(secret, f"{key}.{stamp}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"
