"""A project's webhooks: kept, shown without their secrets, tested, and their deliveries repeated."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from urllib.parse import urlsplit

from pilot.gitlab import blocks, hook_entities, payloads
from pilot.gitlab.access import Right
from pilot.gitlab.errors import ApiError, grape, invalid, not_found, too_many
from pilot.gitlab.events import ZERO
from pilot.gitlab.hooks import FLAGS, Delivery, Hook, Trigger
from pilot.gitlab.pagination import page
from pilot.gitlab.parameters import Parameters
from pilot.gitlab.routing import Call, Route
from pilot.gitlab.wire import Answer, as_json, created, gone

TESTABLE = {
    "push_events": Trigger.PUSH,
    "note_events": Trigger.NOTE,
    "issues_events": Trigger.ISSUE,
    "confidential_issues_events": Trigger.CONFIDENTIAL_ISSUE,
    "merge_requests_events": Trigger.MERGE_REQUEST,
    "tag_push_events": Trigger.TAG_PUSH,
    "emoji_events": Trigger.EMOJI,
    "pipeline_events": Trigger.PIPELINE,
    "resource_access_token_events": Trigger.ACCESS_TOKEN,
}
DEFAULT_ON = ("push_events",)


def _hook(call: Call) -> Hook:
    hook = call.project.hooks.get(call.number("hook_id"))
    if hook is None:
        raise not_found()
    return hook


def hooks(call: Call) -> Answer:
    return page(call, list(call.project.hooks.values()), lambda item: hook_entities.hook(call.state, item))


def hook(call: Call) -> Answer:
    return as_json(hook_entities.hook(call.state, _hook(call)))


def create_hook(call: Call) -> Answer:
    call.params.need("url")
    made = Hook(call.state.next_id("hook"), call.project.id, "", call.state.now())
    made.events = {flag: flag in DEFAULT_ON for flag in FLAGS}
    apply(made, call.params)
    call.project.hooks[made.id] = made
    return created(hook_entities.hook(call.state, made))


def update_hook(call: Call) -> Answer:
    apply(_hook(call), call.params)
    return hook(call)


def apply(item: Hook, params: Parameters) -> None:
    """Take what was given, after checking it."""
    if "url" in params:
        item.url = _url(params.text("url"))
    if "signing_token" in params:
        item.signing_token = _signing_token(params.text("signing_token"))
    if "token" in params:
        item.secret = params.text("token") or None
    item.name = params.optional("name") or item.name
    item.description = params.optional("description") or item.description
    item.branch_filter = params.text("push_events_branch_filter", item.branch_filter)
    item.branch_strategy = params.text("branch_filter_strategy", item.branch_strategy)
    item.verify_tls = params.flag("enable_ssl_verification", item.verify_tls)
    item.events |= {flag: params.flag(flag) for flag in FLAGS if params.raw(flag) is not None}
    if "custom_headers" in params:
        item.custom_headers = _custom(params.raw("custom_headers"))


def _url(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise invalid("url", "is blocked: Only allowed schemes are http, https")
    return url


def _signing_token(token: str) -> str | None:
    """`whsec_` and the Base64 of 32 bytes; an empty one takes it away."""
    if not token:
        return None
    try:
        key = base64.b64decode(token.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not token.startswith("whsec_") or len(key) != 32:
        raise invalid("signing_token", "is invalid")
    return token


def _custom(value: object) -> dict[str, str]:
    if not isinstance(value, list) or not all(isinstance(item, dict) and item.get("key") for item in value):
        raise grape("custom_headers is invalid")
    return {str(item["key"]): str(item.get("value", "")) for item in value}


def delete_hook(call: Call) -> Answer:
    del call.project.hooks[_hook(call).id]
    return gone()


def events(call: Call) -> Answer:
    """Deliveries that were tried, newest first; what was dropped leaves no trace here."""
    wanted = call.params.words("status")
    found = [item for item in _hook(call).deliveries if item.response_status]
    found = [item for item in found if not wanted or item.response_status in wanted]
    return page(call, found[::-1], hook_entities.delivery)


def resend(call: Call) -> Answer:
    with call.state.lock:
        original = _original(call, _hook(call))
    return created({"response_status": _code(call.state.resend(original))})


def _original(call: Call, item: Hook) -> Delivery:
    """The delivery to repeat, counted against the limit of a minute."""
    number, now = call.number("hook_event_id"), call.state.now()
    original = next((delivery for delivery in item.deliveries if delivery.id == number), None)
    if original is None:
        raise not_found()
    item.resends = [moment for moment in item.resends if now - moment < timedelta(minutes=1)]
    if len(item.resends) >= call.state.options.resends_per_minute:
        raise too_many()
    item.resends.append(now)
    return original


def _code(delivery: Delivery) -> int | str:
    return int(delivery.response_status) if delivery.response_status.isdigit() else delivery.response_status


def test(call: Call) -> Answer:
    """A sample event, delivered at once; success re-enables a disabled hook."""
    trigger = TESTABLE.get(call.args["trigger"])
    if trigger is None:
        raise grape("trigger does not have a valid value")
    with call.state.lock:
        item, sample = _hook(call), _sample(call)
    sent = call.state.send_now(item, trigger, sample)
    if not sent.succeeded:
        raise ApiError(422, {"message": sent.response_body or "Hook execution failed"})
    return created({"message": "201 Created"})


def _sample(call: Call) -> dict[str, object]:
    project = call.project
    head = project.repository.branch(project.default_branch)
    if head is None:
        raise ApiError(422, {"message": "Ensure the project has at least one commit."})
    change = {"before": ZERO, "after": head, "ref": f"refs/heads/{project.default_branch}"}
    commit = blocks.commit_block(call.state.url, project, project.repository.commit(head))
    return payloads.push(call.state.url, call.user, project, change, [commit], 1)


H = "/projects/:id/hooks"
FIELDS = " ".join((*FLAGS, "url token signing_token name description push_events_branch_filter"))
FIELDS += " enable_ssl_verification custom_headers branch_filter_strategy"
ROUTES = (
    Route("GET", H, hooks, Right.MAINTAIN),
    Route("POST", H, create_hook, Right.MAINTAIN, FIELDS),
    Route("GET", f"{H}/:hook_id", hook, Right.MAINTAIN),
    Route("PUT", f"{H}/:hook_id", update_hook, Right.MAINTAIN, FIELDS),
    Route("DELETE", f"{H}/:hook_id", delete_hook, Right.MAINTAIN),
    Route("POST", f"{H}/:hook_id/test/:trigger", test, Right.MAINTAIN, locked=False),
    Route("GET", f"{H}/:hook_id/events", events, Right.MAINTAIN, "status"),
    Route("POST", f"{H}/:hook_id/events/:hook_event_id/resend", resend, Right.MAINTAIN, locked=False),
)
