"""The blocks that webhook bodies are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pilot.gitlab import links
from pilot.gitlab.issues import Issue
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.moments import hook_time, iso
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Note
from pilot.gitlab.projects import VISIBILITY_LEVELS, Project
from pilot.gitlab.repository import Commit
from pilot.gitlab.users import User

Json = dict[str, Any]

STATE_IDS = {"opened": 1, "closed": 2, "merged": 3, "locked": 4}
EMPTY_POSITION: Json = {
    "base_sha": None,
    "start_sha": None,
    "head_sha": None,
    "old_path": None,
    "new_path": None,
    "position_type": "text",
    "old_line": None,
    "new_line": None,
    "line_range": None,
}


def project_block(url: str, project: Project) -> Json:
    web, clone, ssh = links.of_project(url, project), links.http_clone(url, project), links.ssh_clone(url, project)
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "web_url": web,
        "avatar_url": None,
        "git_ssh_url": ssh,
        "git_http_url": clone,
        "namespace": project.namespace,
        "visibility_level": VISIBILITY_LEVELS[project.visibility],
        "path_with_namespace": project.path,
        "default_branch": project.default_branch,
        "ci_config_path": None,
        "homepage": web,
        "url": ssh,
        "ssh_url": ssh,
        "http_url": clone,
    }


def user_block(user: User) -> Json:
    return {"id": user.id, "name": user.name, "username": user.username, "avatar_url": None, "email": "[REDACTED]"}


def person_block(user: User) -> Json:
    return {"id": user.id, "name": user.name, "username": user.username, "avatar_url": None}


def repository_block(url: str, project: Project) -> Json:
    return {
        "name": project.name,
        "url": links.ssh_clone(url, project),
        "description": project.description,
        "homepage": links.of_project(url, project),
    }


def label_blocks(project: Project, names: Sequence[str]) -> list[Json]:
    labels = (project.label(name) for name in names)
    return [
        {
            "id": label.id,
            "title": label.name,
            "color": label.color,
            "project_id": project.id,
            "created_at": iso(label.created_at),
            "updated_at": iso(label.created_at),
            "template": False,
            "description": label.description,
            "type": "ProjectLabel",
            "group_id": None,
        }
        for label in labels
        if label is not None
    ]


def commit_block(url: str, project: Project, commit: Commit) -> Json:
    return {
        "id": commit.sha,
        "message": commit.message,
        "title": commit.title,
        "timestamp": commit.committed.isoformat(),
        "url": links.of_commit(url, project, commit.sha),
        "author": {"name": commit.author_name, "email": commit.author_email},
    }


def note_attributes(url: str, noteable: Noteable, note: Note, empty_change: bool) -> Json:
    """The whole list of GitLab's note builder, which the documented samples shorten."""
    change = dict(EMPTY_POSITION) if note.type == "DiffNote" and empty_change else None
    return {
        "attachment": None,
        "author_id": note.author.id,
        "change_position": change,
        "commit_id": None,
        "created_at": hook_time(note.created_at),
        "discussion_id": note.discussion_id,
        "id": note.id,
        "internal": note.internal,
        "line_code": note.line_code,
        "note": note.body,
        "noteable_id": noteable.id,
        "noteable_type": noteable.kind,
        "original_position": note.position,
        "position": note.position,
        "project_id": noteable.project.id,
        "resolved_at": hook_time(note.resolved_at),
        "resolved_by_id": note.resolved_by.id if note.resolved_by else None,
        "resolved_by_push": None,
        "st_diff": None,
        "system": note.system,
        "type": note.type,
        "updated_at": hook_time(note.updated_at),
        "updated_by_id": note.updated_by.id if note.updated_by else None,
        "description": note.body,
        "url": links.of_note(url, noteable, note),
    }


def subject(url: str, noteable: Noteable) -> Json:
    """The issue or merge request beside a note or an emoji."""
    if isinstance(noteable, MergeRequest):
        return {"merge_request": merge_request_block(url, noteable)}
    if not isinstance(noteable, Issue):
        raise TypeError(f"nobody talks in a {type(noteable).__name__}")
    return {"issue": issue_block(url, noteable)}


def issue_block(url: str, issue: Issue) -> Json:
    assignees = [user.id for user in issue.assignees]
    return {
        "author_id": issue.author.id,
        "closed_at": hook_time(issue.closed_at),
        "confidential": issue.confidential,
        "created_at": hook_time(issue.created_at),
        "description": issue.description,
        "discussion_locked": issue.locked or None,
        "due_date": None,
        "id": issue.id,
        "iid": issue.iid,
        "last_edited_at": None,
        "last_edited_by_id": None,
        "milestone_id": None,
        "moved_to_id": None,
        "duplicated_to_id": None,
        "project_id": issue.project.id,
        "relative_position": None,
        "position": 0,
        "branch_name": None,
        "state_id": STATE_IDS[issue.state],
        "time_estimate": 0,
        "title": issue.title,
        "updated_at": hook_time(issue.updated_at),
        "updated_by_id": issue.updated_by.id if issue.updated_by else None,
        "weight": None,
        "health_status": None,
        "type": "Issue",
        "url": links.of_noteable(url, issue),
        "total_time_spent": 0,
        "time_change": 0,
        "human_total_time_spent": None,
        "human_time_change": None,
        "human_time_estimate": None,
        "assignee_ids": assignees,
        "assignee_id": assignees[0] if assignees else None,
        "labels": label_blocks(issue.project, issue.labels),
        "state": issue.state,
        "severity": "unknown",
    }


def merge_request_block(url: str, mr: MergeRequest) -> Json:
    """What note and merge request events tell about a merge request."""
    repository = mr.project.repository
    head = repository.commit(mr.newest.head)
    assignees = [user.id for user in mr.assignees]
    return {
        "assignee_id": assignees[0] if assignees else None,
        "author_id": mr.author.id,
        "created_at": hook_time(mr.created_at),
        "description": mr.description,
        "draft": mr.draft,
        "work_in_progress": mr.draft,
        "head_pipeline_id": None,
        "id": mr.id,
        "iid": mr.iid,
        "last_edited_at": None,
        "last_edited_by_id": None,
        "merge_commit_sha": mr.merge_commit,
        "merge_error": None,
        "merge_status": "checking",
        "detailed_merge_status": "checking",
        "merge_user_id": mr.merged_by.id if mr.merged_by else None,
        "milestone_id": None,
        "position": 0,
        "source_branch": mr.source_branch,
        "source_project_id": mr.project.id,
        "state_id": STATE_IDS[mr.state],
        "state": mr.state,
        "target_branch": mr.target_branch,
        "target_project_id": mr.project.id,
        "time_estimate": 0,
        "title": mr.title,
        "updated_at": hook_time(mr.updated_at),
        "updated_by_id": mr.updated_by.id if mr.updated_by else None,
        "prepared_at": None,
        "url": links.of_noteable(url, mr),
        "source": project_block(url, mr.project),
        "target": project_block(url, mr.project),
        "last_commit": commit_block(url, mr.project, head),
        "total_time_spent": 0,
        "time_change": 0,
        "human_total_time_spent": None,
        "human_time_change": None,
        "human_time_estimate": None,
        "assignee_ids": assignees,
        "assignee": person_block(mr.assignees[0]) if mr.assignees else None,
        "reviewer_ids": [user.id for user in mr.reviewers],
        "labels": label_blocks(mr.project, mr.labels),
        "blocking_discussions_resolved": all(t.resolved for t in mr.discussions if t.resolvable),
        "first_contribution": False,
    }
