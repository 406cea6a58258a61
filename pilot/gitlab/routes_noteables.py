"""Issues and merge requests: lists, single views, creation and change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pilot.gitlab import code_entities, entities, lifecycle
from pilot.gitlab import noteable_entities as shown
from pilot.gitlab.access import Level, Right, level_of, sees
from pilot.gitlab.diffs import FileDiff
from pilot.gitlab.edits import Edit
from pilot.gitlab.errors import ApiError, forbidden, grape, not_found
from pilot.gitlab.filters import FILTERS, filtered
from pilot.gitlab.merge_requests import Version
from pilot.gitlab.merging import merge, remove_branch
from pilot.gitlab.moments import iso
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.pagination import page
from pilot.gitlab.routing import Call, Route
from pilot.gitlab.users import User
from pilot.gitlab.wire import Answer, as_json, created

BOTH = "title description labels add_labels remove_labels state_event assignee_id assignee_ids discussion_locked"
ISSUE_FIELDS = BOTH + " confidential"
MR_FIELDS = BOTH + " target_branch reviewer_ids squash remove_source_branch"


def edit_of(call: Call) -> Edit:
    """The change that the parameters ask for."""
    params = call.params
    edit = Edit(
        title=params.optional("title"),
        description=params.optional("description"),
        labels=params.words("labels") if "labels" in params else None,
        add_labels=params.words("add_labels"),
        remove_labels=params.words("remove_labels"),
        assignees=_people(call, "assignee_ids", "assignee_id"),
        reviewers=_people(call, "reviewer_ids"),
        state_event=params.optional("state_event"),
        target_branch=params.optional("target_branch"),
    )
    for name, field in (("confidential",) * 2, ("discussion_locked", "locked"), ("squash",) * 2, ("remove_source_branch",) * 2):
        if params.raw(name) is not None:
            setattr(edit, field, params.flag(name))
    if edit.state_event not in (None, "close", "reopen"):
        raise grape("state_event does not have a valid value")
    return edit


def _people(call: Call, *names: str) -> list[User] | None:
    for name in names:
        if name in call.params:
            return call.users(call.params.integers(name))
    return None


def issues(call: Call) -> Answer:
    visible = [issue for issue in call.project.issues if sees(issue, call.caller.user)]
    return page(call, filtered(call, visible), lambda issue: shown.issue(call.state, issue))


def issue(call: Call) -> Answer:
    return as_json(shown.issue(call.state, call.issue()))


def create_issue(call: Call) -> Answer:
    call.params.need("title")
    edit = edit_of(call)
    made = lifecycle.open_issue(call.state, call.user, call.project, call.params.text("title"), edit)
    return created(shown.issue(call.state, made))


def update_issue(call: Call) -> Answer:
    _update(call, call.issue(), Level.REPORTER, ISSUE_FIELDS)
    return issue(call)


def _update(call: Call, noteable: Noteable, needed: Level, known: str) -> None:
    if not call.params.any_of(known.split()):
        raise grape(f"{', '.join(known.split())} are missing, at least one parameter must be provided")
    if call.user is not noteable.author and level_of(call.project, call.user) < needed:
        raise forbidden()
    lifecycle.update(call.state, call.user, noteable, edit_of(call))


def label_events(call: Call) -> Answer:
    noteable = call.noteable()
    return page(call, noteable.label_events, lambda event: entities.label_event(call.state, noteable, event))


def merge_requests(call: Call) -> Answer:
    found = call.project.merge_requests
    for name in ("source_branch", "target_branch"):
        wanted = call.params.optional(name)
        found = [mr for mr in found if wanted in (None, getattr(mr, name))]
    return page(call, filtered(call, found), lambda mr: shown.merge_request(call.state, mr))


def merge_request(call: Call) -> Answer:
    return as_json(shown.merge_request_in_full(call.state, call.merge_request(), call.caller.user))


def create_merge_request(call: Call) -> Answer:
    params = call.params
    params.need("title", "source_branch", "target_branch")
    source, target, title = params.text("source_branch"), params.text("target_branch"), params.text("title")
    if params.integer("target_project_id") not in (None, call.project.id):
        raise ApiError(422, {"message": "the stand-in knows no forks"})
    edit = edit_of(call)
    edit.target_branch = None
    made = lifecycle.open_merge_request(call.state, call.user, call.project, source, target, title, edit)
    return created(shown.merge_request_in_full(call.state, made, call.user))


def update_merge_request(call: Call) -> Answer:
    _update(call, call.merge_request(), Level.DEVELOPER, MR_FIELDS)
    return merge_request(call)


def merge_it(call: Call) -> Answer:
    mr = call.merge_request()
    merge(call.state, call.user, mr, call.params.optional("sha"), call.params.optional("merge_commit_message"))
    if call.params.flag("should_remove_source_branch", mr.remove_source_branch):
        remove_branch(call.state, call.user, call.project, mr.source_branch)
    return merge_request(call)


def diffs(call: Call) -> Answer:
    mr = call.merge_request()
    files: Sequence[FileDiff] = ()
    if mr.ready(call.state.now()):
        files = mr.project.repository.diffs(mr.newest.base, mr.newest.head)
    return page(call, files, shown.diff)


def raw_diffs(call: Call) -> Answer:
    mr = call.merge_request()
    return Answer(200, mr.project.repository.patch(mr.newest.base, mr.newest.head).encode(), "text/plain")


def changes(call: Call) -> Answer:
    mr = call.merge_request()
    files = [shown.diff(file) for file in mr.project.repository.diffs(mr.newest.base, mr.newest.head)]
    return as_json(shown.merge_request_in_full(call.state, mr, call.caller.user) | {"changes": files, "overflow": False})


def versions(call: Call) -> Answer:
    mr = call.merge_request()
    ready = mr.versions if mr.ready(call.state.now()) else []
    return page(call, ready[::-1], lambda entry: shown.version(mr, entry))


def version(call: Call) -> Answer:
    mr = call.merge_request()
    entry = _version(mr.versions, call.number("version_id"))
    repository = mr.project.repository
    commits = [code_entities.commit(call.state, mr.project, item) for item in repository.log(f"{entry.base}..{entry.head}")]
    files = [shown.diff(file) for file in repository.diffs(entry.base, entry.head)]
    return as_json(shown.version(mr, entry) | {"commits": commits, "diffs": files})


def _version(versions: Iterable[Version], number: int) -> Version:
    found = next((entry for entry in versions if entry.id == number), None)
    if found is None:
        raise not_found()
    return found


def commits(call: Call) -> Answer:
    mr = call.merge_request()
    found = mr.project.repository.log(f"{mr.newest.base}..{mr.newest.head}")
    return page(call, found, lambda item: code_entities.commit(call.state, mr.project, item))


def participants(call: Call) -> Answer:
    noteable = call.noteable()
    people = [noteable.author, *noteable.assignees, *(note.author for note in noteable.notes if not note.system)]
    return page(call, list(dict.fromkeys(people)), lambda user: entities.person(call.state, user))


def reviewers(call: Call) -> Answer:
    mr = call.merge_request()
    facts = {"state": "unreviewed", "created_at": iso(mr.created_at)}
    return page(call, mr.reviewers, lambda user: {"user": entities.person(call.state, user), **facts})


def pipelines(call: Call) -> Answer:
    mr = call.merge_request()
    heads = {entry.head for entry in mr.versions}
    found = [pipe for pipe in mr.project.pipelines if pipe.sha in heads][::-1]
    return page(call, found, lambda pipe: shown.pipeline_in_short(call.state, mr.project, pipe))


P, MR = "/projects/:id", "/projects/:id/merge_requests/:merge_request_iid"
CODE = Right.DOWNLOAD
NEW_ISSUE = "title description labels assignee_id assignee_ids confidential"
NEW_MR = "title description labels assignee_id assignee_ids reviewer_ids squash remove_source_branch"
NEW_MR += " source_branch target_branch target_project_id"
ROUTES = (
    Route("GET", f"{P}/issues", issues, parameters=FILTERS),
    Route("POST", f"{P}/issues", create_issue, Right.COMMENT, NEW_ISSUE),
    Route("GET", f"{P}/issues/:issue_iid", issue),
    Route("PUT", f"{P}/issues/:issue_iid", update_issue, Right.COMMENT, ISSUE_FIELDS),
    Route("GET", f"{P}/issues/:issue_iid/participants", participants),
    Route("GET", f"{P}/issues/:issue_iid/resource_label_events", label_events),
    Route("GET", f"{P}/merge_requests", merge_requests, CODE, FILTERS + " source_branch target_branch reviewer_id"),
    Route("POST", f"{P}/merge_requests", create_merge_request, Right.DEVELOP, NEW_MR),
    Route("GET", MR, merge_request, CODE),
    Route("PUT", MR, update_merge_request, Right.COMMENT, MR_FIELDS),
    Route("PUT", f"{MR}/merge", merge_it, Right.DEVELOP, "sha merge_commit_message should_remove_source_branch"),
    Route("GET", f"{MR}/diffs", diffs, CODE),
    Route("GET", f"{MR}/raw_diffs", raw_diffs, CODE),
    Route("GET", f"{MR}/changes", changes, CODE),
    Route("GET", f"{MR}/versions", versions, CODE),
    Route("GET", f"{MR}/versions/:version_id", version, CODE),
    Route("GET", f"{MR}/commits", commits, CODE),
    Route("GET", f"{MR}/participants", participants, CODE),
    Route("GET", f"{MR}/reviewers", reviewers, CODE),
    Route("GET", f"{MR}/pipelines", pipelines, CODE),
    Route("GET", f"{MR}/resource_label_events", label_events, CODE),
)
