"""REST bodies of branches, commits, trees and files."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from pilot.gitlab import links
from pilot.gitlab.access import Level, level_of
from pilot.gitlab.projects import Project
from pilot.gitlab.repository import Commit, Entry
from pilot.gitlab.state import State
from pilot.gitlab.users import User

Json = dict[str, Any]


def commit(state: State, project: Project, item: Commit) -> Json:
    return {
        "id": item.sha,
        "short_id": item.sha[:8],
        "created_at": item.committed.isoformat(),
        "parent_ids": list(item.parents),
        "title": item.title,
        "message": item.message,
        "author_name": item.author_name,
        "author_email": item.author_email,
        "authored_date": item.authored.isoformat(),
        "committer_name": item.committer_name,
        "committer_email": item.committer_email,
        "committed_date": item.committed.isoformat(),
        "trailers": {},
        "extended_trailers": {},
        "web_url": links.of_commit(state.url, project, item.sha),
    }


def protected_branch(number: int, name: str) -> Json:
    """Maintainers may push and merge, as the stand-in's git says, too."""
    maintainers = {"id": number, "access_level": 40, "access_level_description": "Maintainers"}
    return {
        "id": number,
        "name": name,
        "push_access_levels": [maintainers],
        "merge_access_levels": [maintainers],
        "allow_force_push": False,
        "unprotect_access_levels": [],
        "code_owner_approval_required": False,
        "inherited": False,
    }


def commit_in_full(state: State, project: Project, item: Commit) -> Json:
    added, removed = project.repository.line_counts(item.sha)
    pipes = [pipe for pipe in project.pipelines if pipe.sha == item.sha]
    last = {key: getattr(pipes[-1], key) for key in ("id", "iid", "sha", "ref", "status")} if pipes else None
    return commit(state, project, item) | {
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "status": pipes[-1].status if pipes else None,
        "project_id": project.id,
        "last_pipeline": last,
    }


def branch(state: State, project: Project, name: str, sha: str, viewer: User | None) -> Json:
    protected = project.is_protected(name)
    needed = Level.MAINTAINER if protected else Level.DEVELOPER
    return {
        "name": name,
        "commit": commit(state, project, project.repository.commit(sha)),
        "merged": False,
        "protected": protected,
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": level_of(project, viewer) >= needed,
        "default": name == project.default_branch,
        "web_url": f"{links.of_project(state.url, project)}/-/tree/{name}",
    }


def entry(item: Entry) -> Json:
    return {"id": item.sha, "name": item.name, "type": item.type, "path": item.path, "mode": item.mode}


def file_facts(project: Project, item: Entry, ref: str, sha: str) -> Json:
    """What both forms of a file tell: in the body, or in `X-Gitlab-*` headers."""
    content = project.repository.blob(item.sha)
    return {
        "file_name": item.name,
        "file_path": item.path,
        "size": len(content),
        "encoding": "base64",
        "content_sha256": sha256(content).hexdigest(),
        "ref": ref,
        "blob_id": item.sha,
        "commit_id": sha,
        "last_commit_id": project.repository.log(sha, item.path, limit=1)[0].sha,
        "execute_filemode": item.mode == "100755",
    }


def file(project: Project, item: Entry, ref: str, sha: str) -> Json:
    content = base64.b64encode(project.repository.blob(item.sha)).decode()
    return file_facts(project, item, ref, sha) | {"content": content}
