"""Commit statuses, and the external pipelines they make."""

from __future__ import annotations

from pilot.gitlab import events
from pilot.gitlab.access import Right
from pilot.gitlab.errors import bad_request, grape, not_found
from pilot.gitlab.noteable_entities import pipeline, pipeline_in_short, status
from pilot.gitlab.pagination import page
from pilot.gitlab.pipelines import FINISHED, STATES, Pipeline, Status
from pilot.gitlab.routing import Call, Route
from pilot.gitlab.wire import Answer, as_json, created


def _sha(call: Call) -> str:
    sha = call.project.repository.resolve(call.args["sha"])
    if sha is None:
        raise not_found("Commit")
    return sha


def statuses(call: Call) -> Answer:
    sha = _sha(call)
    name, ref = call.params.optional("name"), call.params.optional("ref")
    found = [item for item in call.project.statuses if item.sha == sha and name in (None, item.name) and ref in (None, item.ref)]
    return page(call, found, lambda item: status(call.state, item))


def create_status(call: Call) -> Answer:
    """The same name on the same ref is updated; a finished one stays finished."""
    call.params.need("state")
    state, sha = call.params.text("state"), _sha(call)
    if state not in STATES:
        raise grape("state does not have a valid value")
    item = _status(call, sha)
    if item.state in FINISHED and state not in FINISHED:
        raise bad_request(f'Cannot transition status via :run from :{item.state} (Reason(s): Status cannot transition via "run")')
    _advance(call, item, state)
    events.piped(call.state, call.project, item.pipeline)
    return created(status(call.state, item))


def _status(call: Call, sha: str) -> Status:
    project, params, now = call.project, call.params, call.state.now()
    ref = params.text("ref") or next((name for name, head in project.repository.branches().items() if head == sha), "")
    name = params.text("name") or params.text("context") or "default"
    for item in project.statuses:
        if (item.sha, item.ref, item.name) == (sha, ref, name):
            return item
    pipe = next((pipe for pipe in project.pipelines if (pipe.sha, pipe.ref) == (sha, ref)), None)
    if pipe is None:
        pipe = Pipeline(call.state.next_id("pipeline"), len(project.pipelines) + 1, sha, ref, call.user, now, now)
        project.pipelines.append(pipe)
    item = Status(call.state.next_id("status"), sha, ref, name, "created", call.user, now, pipe)
    project.statuses.append(item)
    return item


def _advance(call: Call, item: Status, state: str) -> None:
    params, now = call.params, call.state.now()
    item.state = state
    item.started_at = item.started_at or (now if state == "running" else None)
    item.finished_at = now if state in FINISHED else None
    item.description = params.optional("description") or item.description
    item.target_url = params.optional("target_url") or item.target_url
    coverage = params.optional("coverage")
    item.coverage = float(coverage) if coverage else item.coverage
    states = {other.state for other in call.project.statuses if other.pipeline is item.pipeline}
    worst = next((one for one in ("failed", "running", "pending", "canceled") if one in states), state)
    item.pipeline.status, item.pipeline.updated_at = worst, now


def pipelines(call: Call) -> Answer:
    wanted = {name: call.params.text(name) for name in ("sha", "ref", "status") if name in call.params}
    found = [pipe for pipe in call.project.pipelines if all(getattr(pipe, name) == value for name, value in wanted.items())]
    return page(call, found[::-1], lambda pipe: pipeline_in_short(call.state, call.project, pipe))


def one_pipeline(call: Call) -> Answer:
    number = call.number("pipeline_id")
    found = next((pipe for pipe in call.project.pipelines if pipe.id == number), None)
    if found is None:
        raise not_found()
    return as_json(pipeline(call.state, call.project, found))


def jobs(call: Call) -> Answer:
    """External pipelines have statuses and no jobs."""
    return page(call, [], lambda item: item)


P = "/projects/:id"
CODE = Right.DOWNLOAD
FIELDS = "state ref name context target_url description coverage"
ROUTES = (
    Route("GET", f"{P}/repository/commits/:sha/statuses", statuses, CODE, "ref name"),
    Route("POST", f"{P}/statuses/:sha", create_status, Right.DEVELOP, FIELDS),
    Route("GET", f"{P}/pipelines", pipelines, CODE, "sha ref status"),
    Route("GET", f"{P}/pipelines/:pipeline_id", one_pipeline, CODE),
    Route("GET", f"{P}/pipelines/:pipeline_id/jobs", jobs, CODE),
    Route("GET", f"{P}/jobs", jobs, CODE),
)
