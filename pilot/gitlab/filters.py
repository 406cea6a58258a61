"""The filters and orders that lists of issues and merge requests share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pilot.gitlab.errors import grape
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.parameters import Parameters
from pilot.gitlab.routing import Call
from pilot.gitlab.users import User

FILTERS = "state labels iids author_id author_username assignee_id search created_after updated_after scope"
SCOPES = ("all", "created_by_me", "assigned_to_me")

Item = TypeVar("Item", bound=Noteable)


def filtered(call: Call, items: Iterable[Item]) -> list[Item]:
    """What the parameters ask for, newest first unless they say otherwise."""
    params = call.params
    found = [item for item in items if _about(params, item) and _by(params, item) and _scoped(call, item)]
    key = "updated_at" if params.text("order_by") == "updated_at" else "created_at"
    return sorted(found, key=lambda item: (getattr(item, key), item.id), reverse=params.text("sort", "desc") != "asc")


def _about(params: Parameters, item: Noteable) -> bool:
    state, words, iids = params.text("state", "all"), params.text("search").lower(), params.integers("iids")
    created, updated = params.moment("created_after"), params.moment("updated_after")
    return (
        state in ("all", item.state)
        and all(label in item.labels for label in params.words("labels"))
        and (not iids or item.iid in iids)
        and words in f"{item.title}\n{item.description or ''}".lower()
        and (created is None or item.created_at >= created)
        and (updated is None or item.updated_at >= updated)
    )


def _by(params: Parameters, item: Noteable) -> bool:
    name, reviewer = params.optional("author_username"), params.integer("reviewer_id")
    return (
        name in (None, item.author.username)
        and params.integer("author_id") in (None, item.author.id)
        and params.integer("assignee_id") in (None, *_ids(item.assignees))
        and (reviewer is None or (isinstance(item, MergeRequest) and reviewer in _ids(item.reviewers)))
    )


def _scoped(call: Call, item: Noteable) -> bool:
    scope, user = call.params.text("scope", "all"), call.caller.user
    if scope not in SCOPES:
        raise grape("scope does not have a valid value")
    return scope == "all" or user in ([item.author] if scope == "created_by_me" else item.assignees)


def _ids(users: Iterable[User]) -> list[int]:
    return [user.id for user in users]
