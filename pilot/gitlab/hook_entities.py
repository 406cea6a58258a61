"""REST bodies of webhooks and their deliveries."""

from __future__ import annotations

import json
from typing import Any

from pilot.gitlab.hooks import FLAGS, Delivery, Hook
from pilot.gitlab.moments import iso
from pilot.gitlab.state import State

Json = dict[str, Any]


def hook(state: State, item: Hook) -> Json:
    """The secrets stay here; only whether there are any is told."""
    return {
        "id": item.id,
        "url": item.url,
        "name": item.name,
        "description": item.description,
        "project_id": item.project_id,
        "push_events_branch_filter": item.branch_filter,
        "branch_filter_strategy": item.branch_strategy,
        "enable_ssl_verification": item.verify_tls,
        "alert_status": item.alert_status(state.now()),
        "disabled_until": iso(item.disabled_until),
        "url_variables": [],
        "created_at": iso(item.created_at),
        "custom_webhook_template": None,
        "custom_headers": [{"key": key} for key in item.custom_headers],
        "token_present": bool(item.secret),
        "signing_token_present": bool(item.signing_token),
        **{flag: item.events.get(flag, False) for flag in FLAGS},
    }


def delivery(item: Delivery) -> Json:
    hidden = {"X-Gitlab-Token": "[REDACTED]"} if "X-Gitlab-Token" in item.request_headers else {}
    return {
        "id": item.id,
        "url": item.hook.url,
        "trigger": item.trigger.log_name,
        "request_headers": item.request_headers | hidden,
        "request_data": json.loads(item.body),
        "response_headers": item.response_headers,
        "response_body": item.response_body,
        "execution_duration": item.seconds,
        "response_status": item.response_status,
    }
