"""What happens when branches move: merge requests get versions, hooks get events; and merging itself."""

from __future__ import annotations

from pilot.gitlab import events, lifecycle, links, remarks
from pilot.gitlab.access import Level, level_of
from pilot.gitlab.edits import Edit
from pilot.gitlab.errors import ApiError, conflict, not_allowed, unauthorized
from pilot.gitlab.events import ZERO
from pilot.gitlab.merge_requests import MergeRequest, Version
from pilot.gitlab.projects import Project
from pilot.gitlab.repository import GitFailed
from pilot.gitlab.state import State
from pilot.gitlab.users import User

Change = tuple[str, str, str]


def moved(state: State, actor: User, project: Project, changes: list[Change]) -> None:
    """Tell everybody who cares that refs moved: (ref, before, after) each."""
    events.pushed(state, actor, project, changes)
    for ref, before, after in changes:
        branch = ref.removeprefix("refs/heads/")
        if ref != branch and ZERO not in (before, after):
            for mr in project.merge_requests:
                if mr.state == "opened" and mr.source_branch == branch and project.repository.branch(mr.target_branch):
                    renew(state, actor, mr, before)


def remove_branch(state: State, actor: User, project: Project, name: str) -> None:
    """Delete a branch that exists, as a push would."""
    sha = project.repository.branches()[name]
    project.repository.delete_branch(name)
    moved(state, actor, project, [(f"refs/heads/{name}", sha, ZERO)])


def renew(state: State, actor: User, mr: MergeRequest, oldrev: str) -> None:
    """A push to the source branch: a new version, prepared anew, a system note, and a hook with `oldrev`."""
    old = mr.newest
    new = lifecycle.version(state, mr.project, mr.source_branch, mr.target_branch)
    mr.versions.append(new)
    mr.updated_at = state.now()
    mr.ready_at = mr.updated_at + state.options.preparation
    remarks.remark(state, actor, mr, _added(state, mr, old, new))
    events.changed(state, actor, mr, "update", {}, oldrev)


def _added(state: State, mr: MergeRequest, old: Version, new: Version) -> str:
    commits = mr.project.repository.log(f"{old.head}..{new.head}")
    lines = "".join(f"<li>{commit.sha[:8]} - {commit.title}</li>" for commit in reversed(commits))
    count = f"{len(commits)} commit{'s' if len(commits) != 1 else ''}"
    compare = f"{links.of_noteable(state.url, mr)}/diffs?diff_id={new.id}&start_sha={old.head}"
    return f"added {count}\n\n<ul>{lines}</ul>\n\n[Compare with previous version]({compare})"


def merge(state: State, actor: User, mr: MergeRequest, sha: str | None, message: str | None) -> None:
    """A merge commit on the target branch, under GitLab's conditions."""
    if level_of(mr.project, actor) < (Level.MAINTAINER if mr.project.is_protected(mr.target_branch) else Level.DEVELOPER):
        raise unauthorized()
    if mr.state != "opened" or mr.draft or not mr.ready(state.now()):
        raise not_allowed()
    if sha and sha != mr.newest.head:
        raise conflict(f"SHA does not match HEAD of source branch: {mr.newest.head}")
    repository = mr.project.repository
    target = repository.branches()[mr.target_branch]
    text = message or _message(mr)
    try:
        tree = repository.text("merge-tree", "--write-tree", target, mr.newest.head).splitlines()[0]
        commit = _commit(state, actor, mr, tree, target, text)
    except GitFailed:
        raise ApiError(422, {"message": "Branch cannot be merged"}) from None
    repository.set_branch(mr.target_branch, commit, target)
    mr.state, mr.merge_commit = "merged", commit
    mr.merged_at, mr.merged_by = state.now(), actor
    moved(state, actor, mr.project, [(f"refs/heads/{mr.target_branch}", target, commit)])
    events.changed(state, actor, mr, "merge", {"state_id": {"previous": 1, "current": 3}})
    _close_issues(state, actor, mr)


def _commit(state: State, actor: User, mr: MergeRequest, tree: str, target: str, text: str) -> str:
    by = f"{actor.name} <{actor.email}> {int(state.now().timestamp())} +0000"
    parents = f"parent {target}\nparent {mr.newest.head}"
    facts = f"tree {tree}\n{parents}\nauthor {by}\ncommitter {by}\n\n{text}\n"
    return mr.project.repository.run("hash-object", "-t", "commit", "-w", "--stdin", feed=facts.encode()).decode().strip()


def _close_issues(state: State, actor: User, mr: MergeRequest) -> None:
    """`Closes #1` comes true on the default branch only."""
    if mr.target_branch != mr.project.default_branch:
        return
    for number in remarks.closed_by(mr):
        issue = mr.project.issue(number)
        if issue is not None:
            lifecycle.update(state, actor, issue, Edit(state_event="close"))


def _message(mr: MergeRequest) -> str:
    first = f"Merge branch '{mr.source_branch}' into '{mr.target_branch}'"
    return f"{first}\n\n{mr.title}\n\nSee merge request {mr.project.path}!{mr.iid}"
