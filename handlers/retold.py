"""What GitLab answers when it is asked, in the words of the webhook that it would have sent: one reader serves both."""

from collections.abc import Mapping
from typing import Any, Literal

Json = Mapping[str, Any]
Kind = Literal["issue", "merge_request"]


def note(project: Json, kind: Kind, item: Json, said: Json) -> dict[str, Any]:
    """The Note Hook of a comment. The REST API does not tell who edited it, so its author answers for it."""
    edited = said["updated_at"] != said["created_at"]
    attributes = {**said, "note": said["body"], "action": "update" if edited else "create", "project_id": project["id"]}
    return _body(project, "note", said["author"], attributes) | {kind: _item(kind, item)}


def item(project: Json, kind: Kind, found: Json, actor: Json | None, action: str, added: str = "") -> dict[str, Any]:
    """The Issue Hook or Merge Request Hook of what `actor` did to it; `added` is a label that it got."""
    told = _item(kind, found) | {"action": action}
    body = _body(project, kind, actor, told) | {"labels": told["labels"], "reviewers": found.get("reviewers")}
    return body | ({"changes": {"labels": {"previous": [], "current": [{"title": added}]}}} if added else {})


def _body(project: Json, kind: str, actor: Json | None, attributes: Json) -> dict[str, Any]:
    return {"object_kind": kind, "project": dict(project), "user": dict(actor or {}), "object_attributes": dict(attributes)}


def _item(kind: Kind, found: Json) -> dict[str, Any]:
    told = {**found, "labels": [{"title": name} for name in found["labels"]], "url": found["web_url"]}
    told["author_id"] = (found["author"] or {}).get("id")  # an account that was deleted is nobody
    told["assignee_ids"] = [user["id"] for user in found.get("assignees") or ()]
    if kind == "merge_request":
        told["last_commit"] = {"id": found.get("sha")}
    return told
