"""REST bodies of users, projects, labels, notes, threads and reactions."""

from __future__ import annotations

from typing import Any

from pilot.gitlab import links, suggestions
from pilot.gitlab.access import level_of
from pilot.gitlab.moments import iso
from pilot.gitlab.noteables import LabelEvent, Noteable
from pilot.gitlab.notes import Award, Discussion, Note
from pilot.gitlab.projects import Label, Member, Project
from pilot.gitlab.state import State
from pilot.gitlab.users import Token, User

Json = dict[str, Any]


def person(state: State, user: User) -> Json:
    """The short form that stands for a user everywhere."""
    return {
        "id": user.id,
        "username": user.username,
        "public_email": None,
        "name": user.name,
        "state": user.state,
        "locked": False,
        "avatar_url": None,
        "web_url": links.of_user(state.url, user),
    }


def profile(state: State, user: User) -> Json:
    """The single view, the only one that says `bot`."""
    blank = dict.fromkeys(("bio", "location", "skype", "linkedin", "twitter", "website_url", "organization", "job_title"), "")
    return person(state, user) | blank | {"created_at": iso(user.created_at), "bot": user.bot, "followers": 0, "following": 0}


def myself(state: State, user: User) -> Json:
    """What a user sees of themselves."""
    return profile(state, user) | {
        "email": user.email,
        "is_admin": user.admin,
        "last_sign_in_at": None,
        "confirmed_at": iso(user.created_at),
        "last_activity_on": None,
        "theme_id": 1,
        "color_scheme_id": 1,
        "projects_limit": 100,
        "current_sign_in_at": None,
        "identities": [],
        "can_create_group": False,
        "can_create_project": False,
        "two_factor_enabled": False,
        "external": False,
        "private_profile": False,
        "shared_runners_minutes_limit": None,
        "extra_shared_runners_minutes_limit": None,
        "namespace_id": user.id,
        "commit_email": user.email,
    }


def token(user: User, item: Token) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "description": None,
        "revoked": item.revoked,
        "created_at": iso(item.created_at),
        "scopes": sorted(item.scopes),
        "user_id": user.id,
        "last_used_at": iso(item.last_used_at),
        "active": not item.revoked,
        "expires_at": item.expires_at.isoformat() if item.expires_at else None,
    }


def member(state: State, item: Member) -> Json:
    return person(state, item.user) | {
        "access_level": int(item.level),
        "created_at": iso(item.created_at),
        "created_by": None,
        "expires_at": None,
        "membership_state": "active",
    }


SIMPLE = (
    "id",
    "description",
    "name",
    "name_with_namespace",
    "path",
    "path_with_namespace",
    "created_at",
    "default_branch",
    "tag_list",
    "topics",
    "ssh_url_to_repo",
    "http_url_to_repo",
    "web_url",
    "readme_url",
    "forks_count",
    "avatar_url",
    "star_count",
    "last_activity_at",
    "namespace",
    "visibility",
)


def project_in_short(state: State, item: Project) -> Json:
    """As lists show it to who asks for `simple`."""
    whole = project(state, item, None)
    return {name: whole[name] for name in SIMPLE}


def project(state: State, item: Project, viewer: User | None) -> Json:
    web, api = links.of_project(state.url, item), f"{state.url}/api/v4/projects/{item.id}"
    empty = not item.repository.branches()
    level = level_of(item, viewer)
    access = {"access_level": level, "notification_level": 3} if level else None
    name = item.namespace.replace("/", " / ")
    created = iso(item.created_at)
    return {
        "id": item.id,
        "description": item.description,
        "description_html": f"<p>{item.description}</p>" if item.description else "",
        "name": item.name,
        "name_with_namespace": f"{name} / {item.name}",
        "path": item.name,
        "path_with_namespace": item.path,
        "created_at": created,
        "updated_at": created,
        "last_activity_at": iso(item.last_activity_at),
        "default_branch": None if empty else item.default_branch,
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": links.ssh_clone(state.url, item),
        "http_url_to_repo": links.http_clone(state.url, item),
        "web_url": web,
        "readme_url": f"{web}/-/blob/{item.default_branch}/README.md",
        "forks_count": 0,
        "avatar_url": None,
        "star_count": 0,
        "namespace": _namespace(state, item),
        "_links": {
            "self": api,
            "repo_branches": f"{api}/repository/branches",
            "cluster_agents": f"{api}/cluster_agents",
            **{part: f"{api}/{part}" for part in ("issues", "merge_requests", "labels", "events", "members")},
        },
        "empty_repo": empty,
        "archived": item.archived,
        "visibility": item.visibility,
        "issues_enabled": True,
        "merge_requests_enabled": True,
        "jobs_enabled": True,
        "packages_enabled": False,
        "wiki_enabled": False,
        "snippets_enabled": False,
        "lfs_enabled": False,
        "can_create_merge_request_in": level >= 30,
        "creator_id": 1,
        "import_url": None,
        "import_type": None,
        "import_status": "none",
        "import_error": None,
        "open_issues_count": sum(issue.state == "opened" for issue in item.issues),
        "ci_config_path": None,
        "public_jobs": True,
        "shared_with_groups": [],
        "only_allow_merge_if_pipeline_succeeds": False,
        "only_allow_merge_if_all_discussions_are_resolved": False,
        "request_access_enabled": True,
        "remove_source_branch_after_merge": True,
        "printing_merge_request_link_enabled": True,
        "merge_method": "merge",
        "squash_option": "default_off",
        "resolve_outdated_diff_discussions": False,
        "autoclose_referenced_issues": True,
        "permissions": {"project_access": access, "group_access": None},
    }


def _namespace(state: State, item: Project) -> Json:
    return {
        "id": 1,
        "name": item.namespace.rpartition("/")[2],
        "path": item.namespace.rpartition("/")[2],
        "kind": "group",
        "full_path": item.namespace,
        "parent_id": None,
        "avatar_url": None,
        "web_url": f"{state.url}/groups/{item.namespace}",
    }


def label(owner: Project, item: Label) -> Json:
    issues = [issue.state for issue in owner.issues if item.name in issue.labels]
    return {
        "id": item.id,
        "name": item.name,
        "color": item.color,
        "text_color": "#FFFFFF",
        "description": item.description,
        "description_html": item.description or "",
        "open_issues_count": issues.count("opened"),
        "closed_issues_count": issues.count("closed"),
        "open_merge_requests_count": sum(item.name in mr.labels for mr in owner.merge_requests if mr.state == "opened"),
        "subscribed": False,
        "priority": None,
        "is_project_label": True,
    }


def label_event(state: State, noteable: Noteable, item: LabelEvent) -> Json:
    found = noteable.project.label(item.label)
    held = {"id": found.id, "name": found.name, "color": found.color, "description": found.description} if found else None
    return {
        "id": item.id,
        "user": person(state, item.user),
        "created_at": iso(item.created_at),
        "resource_type": noteable.kind,
        "resource_id": noteable.id,
        "label": held,
        "action": item.action,
    }


def note(state: State, noteable: Noteable, item: Note) -> Json:
    """Resolution only where the note can be resolved, a position only on a diff note."""
    found: Json = {
        "id": item.id,
        "type": item.type,
        "body": item.body,
        "attachment": None,
        "author": person(state, item.author),
        "created_at": iso(item.created_at),
        "updated_at": iso(item.updated_at),
        "system": item.system,
        "noteable_id": noteable.id,
        "noteable_type": noteable.kind,
        "project_id": noteable.project.id,
        "resolvable": item.resolvable,
        "confidential": item.internal,
        "internal": item.internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": noteable.iid,
        "commands_changes": {},
    }
    if noteable.kind == "MergeRequest":
        found["commit_id"] = None
    if item.position is not None:
        found |= {"position": dict(item.position), "suggestions": suggestions.of(item, noteable.project.repository)}
    if item.resolvable:
        by = person(state, item.resolved_by) if item.resolved_by else None
        found |= {"resolved": item.resolved_at is not None, "resolved_by": by, "resolved_at": iso(item.resolved_at)}
    return found


def discussion(state: State, noteable: Noteable, thread: Discussion) -> Json:
    notes = [note(state, noteable, item) for item in thread.notes]
    return {"id": thread.id, "individual_note": thread.individual, "notes": notes}


def award(state: State, noteable: Noteable, under: Note | None, item: Award) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "user": person(state, item.user),
        "created_at": iso(item.created_at),
        "updated_at": iso(item.created_at),
        "awardable_id": under.id if under else noteable.id,
        "awardable_type": "Note" if under else noteable.kind,
        "url": None,
    }
