"""Webhook bodies: note, emoji, access token, pipeline and push events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pilot.gitlab import links
from pilot.gitlab.blocks import commit_block, note_attributes, project_block, repository_block, subject, user_block
from pilot.gitlab.moments import hook_time
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Award, Note
from pilot.gitlab.pipelines import FINISHED, Pipeline
from pilot.gitlab.projects import Project
from pilot.gitlab.users import Token, User

Json = dict[str, Any]


def note(url: str, actor: User, noteable: Noteable, item: Note, action: str, empty_change: bool) -> Json:
    confidential = noteable.confidential or item.internal
    return {
        "object_kind": "note",
        "event_type": "confidential_note" if confidential else "note",
        "user": user_block(actor),
        "project_id": noteable.project.id,
        "project": project_block(url, noteable.project),
        "repository": repository_block(url, noteable.project),
        "object_attributes": note_attributes(url, noteable, item, empty_change) | {"action": action},
        **subject(url, noteable),
    }


def emoji(url: str, actor: User, noteable: Noteable, item: Note | None, award: Award, action: str) -> Json:
    where = links.of_note(url, noteable, item) if item else links.of_noteable(url, noteable)
    beside = {"note": note_attributes(url, noteable, item, empty_change=False)} if item else {}
    return {
        "object_kind": "emoji",
        "event_type": action,
        "user": user_block(actor),
        "project_id": noteable.project.id,
        "project": project_block(url, noteable.project),
        "object_attributes": {
            "user_id": award.user.id,
            "created_at": hook_time(award.created_at),
            "id": award.id,
            "name": award.name,
            "awardable_type": "Note" if item else noteable.kind,
            "awardable_id": item.id if item else noteable.id,
            "updated_at": hook_time(award.created_at),
            "action": action,
            "awarded_on_url": where,
        },
        **beside,
        **subject(url, noteable),
    }


def access_token(url: str, project: Project, user: User, token: Token) -> Json:
    return {
        "object_kind": "access_token",
        "project": project_block(url, project),
        "object_attributes": {
            "user_id": user.id,
            "created_at": hook_time(token.created_at),
            "id": token.id,
            "name": token.name,
            "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        },
        "event_name": "expiring_access_token",
    }


def pipeline(url: str, item: Pipeline, project: Project) -> Json:
    commit = project.repository.commit(item.sha)
    done = item.status in FINISHED
    return {
        "object_kind": "pipeline",
        "object_attributes": {
            "id": item.id,
            "iid": item.iid,
            "name": None,
            "ref": item.ref,
            "tag": False,
            "sha": item.sha,
            "before_sha": "0" * 40,
            "source": "external",
            "status": item.status,
            "stages": ["external"],
            "created_at": hook_time(item.created_at),
            "finished_at": hook_time(item.updated_at) if done else None,
            "duration": None,
            "variables": [],
            "url": f"{links.of_project(url, project)}/-/pipelines/{item.id}",
        },
        "merge_request": None,
        "user": user_block(item.user),
        "project": project_block(url, project),
        "commit": commit_block(url, project, commit),
        "builds": [],
    }


def push(url: str, actor: User, project: Project, change: Mapping[str, Any], commits: Sequence[Json], total: int) -> Json:
    """`change` holds before, after and ref."""
    block = project_block(url, project)
    clones = {key: block[key] for key in ("git_http_url", "git_ssh_url", "visibility_level")}
    branch = str(change["ref"]).removeprefix("refs/heads/")
    after = change["after"]
    return {
        "object_kind": "tag_push" if str(change["ref"]).startswith("refs/tags/") else "push",
        "event_name": "tag_push" if str(change["ref"]).startswith("refs/tags/") else "push",
        **change,
        "ref_protected": project.is_protected(branch),
        "checkout_sha": None if set(after) == {"0"} else after,
        "message": None,
        "user_id": actor.id,
        "user_name": actor.name,
        "user_username": actor.username,
        "user_email": None,
        "user_avatar": None,
        "project_id": project.id,
        "project": block,
        "repository": repository_block(url, project) | clones,
        "commits": list(commits),
        "total_commits_count": total,
        "push_options": {},
    }
