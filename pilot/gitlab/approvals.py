"""Approving a merge request, and taking it back."""

from __future__ import annotations

from pilot.gitlab import events, remarks
from pilot.gitlab.errors import conflict, not_found, unauthorized
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.state import State
from pilot.gitlab.users import User


def approve(state: State, actor: User, mr: MergeRequest, sha: str | None = None) -> None:
    """One approval a user, of the code they saw; the author's own does not count."""
    if actor is mr.author or actor in mr.approvals or mr.state != "opened":
        raise unauthorized()
    if sha and sha != mr.newest.head:
        raise conflict(f"SHA does not match HEAD of source branch: {mr.newest.head}")
    mr.approvals.append(actor)
    remarks.remark(state, actor, mr, "approved this merge request")
    events.changed(state, actor, mr, "approved", {})


def unapprove(state: State, actor: User, mr: MergeRequest) -> None:
    if actor not in mr.approvals:
        raise not_found()
    mr.approvals.remove(actor)
    remarks.remark(state, actor, mr, "unapproved this merge request")
    events.changed(state, actor, mr, "unapproved", {})
