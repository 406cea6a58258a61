"""REST bodies of issues, merge requests, their versions and diffs."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import Any

from pilot.gitlab import links
from pilot.gitlab.access import Right, allowed
from pilot.gitlab.diffs import FileDiff
from pilot.gitlab.entities import person
from pilot.gitlab.issues import Issue
from pilot.gitlab.merge_requests import MergeRequest, Version
from pilot.gitlab.moments import iso
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.pipelines import Pipeline, Status
from pilot.gitlab.projects import Project
from pilot.gitlab.state import State
from pilot.gitlab.users import User

Json = dict[str, Any]

TASK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s", re.MULTILINE)
DIFF_LIMIT = 200 * 1024
NO_TIME = {"time_estimate": 0, "total_time_spent": 0, "human_time_estimate": None, "human_total_time_spent": None}


def _common(state: State, item: Noteable) -> Json:
    tasks = TASK.findall(item.description or "")
    short = f"{item.mark}{item.iid}"
    assignees = [person(state, user) for user in item.assignees]
    done = sum(mark in "xX" for mark in tasks)
    return {
        "id": item.id,
        "iid": item.iid,
        "project_id": item.project.id,
        "title": item.title,
        "description": item.description,
        "state": item.state,
        "imported": False,
        "imported_from": "none",
        "created_at": iso(item.created_at),
        "updated_at": iso(item.updated_at),
        "closed_at": iso(item.closed_at),
        "closed_by": person(state, item.closed_by) if item.closed_by else None,
        "labels": list(item.labels),
        "milestone": None,
        "assignees": assignees,
        "assignee": assignees[0] if assignees else None,
        "author": person(state, item.author),
        "user_notes_count": sum(not note.system for note in item.notes),
        "upvotes": sum(award.name == "thumbsup" for award in item.awards),
        "downvotes": sum(award.name == "thumbsdown" for award in item.awards),
        "web_url": links.of_noteable(state.url, item),
        "time_stats": dict(NO_TIME),
        "task_completion_status": {"count": len(tasks), "completed_count": done},
        "references": {"short": short, "relative": short, "full": f"{item.project.path}{short}"},
        "discussion_locked": item.locked or None,
    }


def issue(state: State, item: Issue) -> Json:
    tasks = len(TASK.findall(item.description or ""))
    api = f"{state.url}/api/v4/projects/{item.project.id}"
    return _common(state, item) | {
        "type": "ISSUE",
        "issue_type": "issue",
        "confidential": item.confidential,
        "due_date": None,
        "has_tasks": tasks > 0,
        "task_status": f"0 of {tasks} checklist items completed",
        "merge_requests_count": 0,
        "severity": "UNKNOWN",
        "subscribed": False,
        "moved_to_id": None,
        "service_desk_reply_to": None,
        "weight": None,
        "health_status": None,
        "epic": None,
        "epic_iid": None,
        "iteration": None,
        "_links": {
            "self": f"{api}/issues/{item.iid}",
            "notes": f"{api}/issues/{item.iid}/notes",
            "award_emoji": f"{api}/issues/{item.iid}/award_emoji",
            "project": api,
        },
    }


def merge_request(state: State, item: MergeRequest) -> Json:
    """As in lists; the single view adds what is computed in the background."""
    ready = item.ready(state.now())
    return _common(state, item) | {
        "merged_by": person(state, item.merged_by) if item.merged_by else None,
        "merge_user": person(state, item.merged_by) if item.merged_by else None,
        "merged_at": iso(item.merged_at),
        "merge_after": None,
        "prepared_at": iso(item.ready_at) if ready else None,
        "target_branch": item.target_branch,
        "source_branch": item.source_branch,
        "reviewers": [person(state, user) for user in item.reviewers],
        "source_project_id": item.project.id,
        "target_project_id": item.project.id,
        "draft": item.draft,
        "work_in_progress": item.draft,
        "merge_when_pipeline_succeeds": False,
        "merge_status": "can_be_merged" if ready else "checking",
        "detailed_merge_status": _detailed(item) if ready else "preparing",
        "sha": item.newest.head,
        "merge_commit_sha": item.merge_commit,
        "squash_commit_sha": None,
        "should_remove_source_branch": None,
        "force_remove_source_branch": item.remove_source_branch,
        "reference": f"!{item.iid}",
        "squash": item.squash,
        "squash_on_merge": item.squash,
        "has_conflicts": False,
        "blocking_discussions_resolved": all(t.resolved for t in item.discussions if t.resolvable),
        "approvals_before_merge": None,
        "allow_collaboration": False,
        "allow_maintainer_to_push": False,
    }


def merge_request_in_full(state: State, item: MergeRequest, viewer: User | None) -> Json:
    ready = item.ready(state.now())
    newest = item.newest
    refs = {"base_sha": newest.base, "head_sha": newest.head, "start_sha": newest.start}
    ours = [pipe for pipe in item.project.pipelines if pipe.sha == newest.head]
    head = pipeline(state, item.project, ours[-1]) if ours else None
    return merge_request(state, item) | {
        "subscribed": False,
        "changes_count": str(len(item.project.repository.diffs(newest.base, newest.head))) if ready else None,
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "pipeline": pipeline_in_short(state, item.project, ours[-1]) if ours else None,
        "head_pipeline": head,
        "diff_refs": refs if ready else None,
        "merge_error": None,
        "first_contribution": False,
        "diverged_commits_count": None,
        "rebase_in_progress": False,
        "user": {"can_merge": allowed(item.project, viewer, Right.DEVELOP)},
    }


def _detailed(item: MergeRequest) -> str:
    if item.state != "opened":
        return "not_open"
    return "draft_status" if item.draft else "mergeable"


def version(item: MergeRequest, entry: Version) -> Json:
    diffs = item.project.repository.diffs(entry.base, entry.head)
    text = "".join(diff.text for diff in diffs)
    return {
        "id": entry.id,
        "head_commit_sha": entry.head,
        "base_commit_sha": entry.base,
        "start_commit_sha": entry.start,
        "created_at": iso(entry.created_at),
        "merge_request_id": item.id,
        "state": "collected",
        "real_size": str(len(diffs)),
        "patch_id_sha": sha1(text.encode(), usedforsecurity=False).hexdigest(),
    }


def diff(file: FileDiff) -> Json:
    """No file header; a huge one comes empty and says so."""
    large = len(file.text) > DIFF_LIMIT
    return {
        "old_path": file.old_path,
        "new_path": file.new_path,
        "a_mode": file.old_mode,
        "b_mode": file.new_mode,
        "diff": "" if large else file.text,
        "collapsed": False,
        "too_large": large,
        "new_file": file.status == "A",
        "renamed_file": file.status == "R",
        "deleted_file": file.status == "D",
        "generated_file": False,
    }


def pipeline_in_short(state: State, project: Project, item: Pipeline) -> Json:
    """As lists show it."""
    return {
        "id": item.id,
        "iid": item.iid,
        "project_id": project.id,
        "sha": item.sha,
        "ref": item.ref,
        "status": item.status,
        "source": "external",
        "created_at": iso(item.created_at),
        "updated_at": iso(item.updated_at),
        "web_url": f"{links.of_project(state.url, project)}/-/pipelines/{item.id}",
    }


def pipeline(state: State, project: Project, item: Pipeline) -> Json:
    return pipeline_in_short(state, project, item) | {
        "name": None,
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": person(state, item.user),
        "started_at": None,
        "finished_at": None,
        "committed_at": None,
        "duration": None,
        "queued_duration": None,
        "coverage": None,
        "detailed_status": {
            "icon": f"status_{item.status}",
            "text": item.status,
            "label": item.status,
            "group": item.status,
            "tooltip": item.status,
            "has_details": False,
            "details_path": None,
            "illustration": None,
            "favicon": None,
        },
    }


def status(state: State, item: Status) -> Json:
    return {
        "id": item.id,
        "sha": item.sha,
        "ref": item.ref,
        "status": item.state,
        "name": item.name,
        "target_url": item.target_url,
        "description": item.description,
        "created_at": iso(item.created_at),
        "started_at": iso(item.started_at),
        "finished_at": iso(item.finished_at),
        "allow_failure": False,
        "coverage": item.coverage,
        "pipeline_id": item.pipeline.id,
        "author": person(state, item.author),
    }
