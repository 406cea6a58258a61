"""Approvals, and which issues and merge requests belong together."""

from __future__ import annotations

from pilot.gitlab import entities, remarks
from pilot.gitlab import noteable_entities as shown
from pilot.gitlab.access import Right
from pilot.gitlab.approvals import approve, unapprove
from pilot.gitlab.pagination import page
from pilot.gitlab.routing import Call, Route
from pilot.gitlab.wire import Answer, as_json


def create_approval(call: Call) -> Answer:
    approve(call.state, call.user, call.merge_request(), call.params.optional("sha"))
    return _approvals(call, 201)


def delete_approval(call: Call) -> Answer:
    unapprove(call.state, call.user, call.merge_request())
    return _approvals(call, 201)


def approvals(call: Call) -> Answer:
    return _approvals(call, 200)


def _approvals(call: Call, status: int) -> Answer:
    mr, user = call.merge_request(), call.caller.user
    facts = {
        "user_has_approved": user in mr.approvals,
        "user_can_approve": user is not None and user not in (mr.author, *mr.approvals),
        "approved": bool(mr.approvals),
        "approved_by": [{"user": entities.person(call.state, approver)} for approver in mr.approvals],
    }
    return as_json(facts, status)


def closes_issues(call: Call) -> Answer:
    found = [call.project.issue(number) for number in remarks.closed_by(call.merge_request())]
    return page(call, [issue for issue in found if issue], lambda issue: shown.issue(call.state, issue))


def related_merge_requests(call: Call) -> Answer:
    """Merge requests that name the issue in their description."""
    number = str(call.issue().iid)
    found = [mr for mr in call.project.merge_requests if number in remarks.REFERENCE.findall(mr.description or "")]
    return page(call, found, lambda mr: shown.merge_request(call.state, mr))


ISSUE, MR = "/projects/:id/issues/:issue_iid", "/projects/:id/merge_requests/:merge_request_iid"
CODE = Right.DOWNLOAD
ROUTES = (
    Route("GET", f"{MR}/approvals", approvals, CODE),
    Route("POST", f"{MR}/approve", create_approval, Right.DEVELOP, "sha"),
    Route("POST", f"{MR}/unapprove", delete_approval, Right.DEVELOP),
    Route("GET", f"{MR}/closes_issues", closes_issues, CODE),
    Route("GET", f"{ISSUE}/related_merge_requests", related_merge_requests),
)
