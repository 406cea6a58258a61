"""Branches, trees, files, commits and comparisons."""

from __future__ import annotations

from collections.abc import Sequence

from pilot.gitlab import code_entities as shown
from pilot.gitlab import commits as writing
from pilot.gitlab.access import Level, Right, level_of
from pilot.gitlab.errors import bad_request, forbidden, grape, not_found
from pilot.gitlab.events import ZERO
from pilot.gitlab.merging import moved, remove_branch
from pilot.gitlab.noteable_entities import diff
from pilot.gitlab.pagination import page
from pilot.gitlab.projects import Project
from pilot.gitlab.repository import Entry, GitFailed
from pilot.gitlab.routing import Call, Route
from pilot.gitlab.users import User
from pilot.gitlab.wire import Answer, as_json, created, gone

CODE_SCOPES = ("api", "read_api", "read_repository")


def _sha(call: Call, ref: str, what: str) -> str:
    sha = call.project.repository.resolve(ref)
    if sha is None:
        raise not_found(what)
    return sha


def branches(call: Call) -> Answer:
    search = call.params.text("search")
    found = [pair for pair in sorted(call.project.repository.branches().items()) if search in pair[0]]
    return page(call, found, lambda pair: shown.branch(call.state, call.project, *pair, call.caller.user))


def branch(call: Call) -> Answer:
    name = call.args["branch"]
    sha = call.project.repository.branch(name)
    if sha is None:
        raise not_found("Branch")
    return as_json(shown.branch(call.state, call.project, name, sha, call.caller.user))


def create_branch(call: Call) -> Answer:
    call.params.need("branch", "ref")
    name, repository = call.params.text("branch"), call.project.repository
    if repository.branch(name):
        raise bad_request("Branch already exists")
    if not _good_name(call.project, name):
        raise bad_request("Branch name is invalid")
    sha = repository.resolve(call.params.text("ref"))
    if sha is None:
        raise bad_request(f"Invalid reference name: {call.params.text('ref')}")
    repository.set_branch(name, sha)
    moved(call.state, call.user, call.project, [(f"refs/heads/{name}", ZERO, sha)])
    return created(shown.branch(call.state, call.project, name, sha, call.user))


def _good_name(project: Project, name: str) -> bool:
    try:
        project.repository.run("check-ref-format", f"refs/heads/{name}")
    except GitFailed:
        return False
    return not name.startswith("-")


def delete_branch(call: Call) -> Answer:
    name = call.args["branch"]
    if call.project.repository.branch(name) is None:
        raise not_found("Branch")
    if call.project.is_protected(name):
        raise forbidden("403 Forbidden - Branch is protected")
    remove_branch(call.state, call.user, call.project, name)
    return gone()


def protected_branches(call: Call) -> Answer:
    found = [name for name in call.project.protected if call.params.text("search") in name]
    return page(call, list(enumerate(found, 1)), lambda item: shown.protected_branch(*item))


def tree(call: Call) -> Answer:
    ref = call.params.text("ref") or call.project.default_branch
    sha = _sha(call, ref, "Tree")
    entries = call.project.repository.tree(sha, call.params.text("path"), call.params.flag("recursive"))
    if not entries:
        raise not_found("Tree")
    return page(call, entries, shown.entry)


def _entry(call: Call, ref: str) -> tuple[Entry, str]:
    sha = call.project.repository.resolve(ref)
    if sha is None:
        raise not_found("Commit")
    entry = call.project.repository.entry(sha, call.args["file_path"])
    if entry is None:
        raise not_found("File")
    return entry, sha


def file(call: Call) -> Answer:
    """`ref` is required here; HEAD asks for the facts in headers only."""
    call.params.need("ref")
    ref = call.params.text("ref")
    entry, sha = _entry(call, call.project.default_branch if ref == "HEAD" else ref)
    return Answer(200, as_json(shown.file(call.project, entry, ref, sha)).body, headers=_headers(call, entry, ref, sha))


def raw_file(call: Call) -> Answer:
    ref = call.params.text("ref", "HEAD")
    entry, sha = _entry(call, ref)
    return Answer(200, call.project.repository.blob(entry.sha), "text/plain", _headers(call, entry, ref, sha))


def _headers(call: Call, entry: Entry, ref: str, sha: str) -> dict[str, str]:
    facts = shown.file_facts(call.project, entry, ref, sha)
    plain = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in facts.items()}
    return {f"X-Gitlab-{key.replace('_', '-').title()}": value for key, value in plain.items() if value.isascii()}


def commits(call: Call) -> Answer:
    """No totals here: GitLab never counts commits."""
    ref = call.params.text("ref_name") or call.project.default_branch
    sha = _sha(call, ref, "Commit")
    since, until = call.params.moment("since"), call.params.moment("until")
    found = call.project.repository.log(sha, call.params.text("path"))
    found = [item for item in found if (since is None or item.committed >= since) and (until is None or item.committed <= until)]
    return page(call, found, lambda item: shown.commit(call.state, call.project, item), totals=False)


def commit(call: Call) -> Answer:
    sha = _sha(call, call.args["sha"], "Commit")
    return as_json(shown.commit_in_full(call.state, call.project, call.project.repository.commit(sha)))


def commit_diff(call: Call) -> Answer:
    sha = _sha(call, call.args["sha"], "Commit")
    return page(call, call.project.repository.diffs_of(sha), diff)


def create_commit(call: Call) -> Answer:
    """All actions or none, on a branch or on a new one that starts elsewhere."""
    params = call.params
    params.need("branch", "commit_message", "actions")
    name, actions = params.text("branch"), params.raw("actions")
    if not isinstance(actions, Sequence) or isinstance(actions, str) or not actions:
        raise grape("actions is invalid")
    before, parent = _start(call, name)
    _may_push(call.project, call.user, name)
    repository = call.project.repository
    by = writing.Signature(
        params.text("author_name", call.user.name), params.text("author_email", call.user.email), call.state.now()
    )
    change = writing.change_of(repository, parent, actions)
    try:
        sha = writing.write(repository, name, parent, change, params.text("commit_message"), by)
    except GitFailed as error:
        raise writing.refused(error) from error
    moved(call.state, call.user, call.project, [(f"refs/heads/{name}", before or ZERO, sha)])
    return created(shown.commit_in_full(call.state, call.project, repository.commit(sha)))


def _start(call: Call, name: str) -> tuple[str | None, str | None]:
    """The branch's present head, and the commit to build on."""
    repository = call.project.repository
    before = repository.branch(name)
    start = call.params.optional("start_sha") or call.params.optional("start_branch")
    if start and before and start != name and not call.params.flag("force"):
        raise bad_request(f"A branch called '{name}' already exists. Switch to that branch in order to make changes")
    if not start and not before and repository.branches():
        raise bad_request("You can only create or edit files when you are on a branch")
    if not _good_name(call.project, name):
        raise bad_request("Branch name is invalid")
    parent = repository.resolve(start) if start else before
    if start and parent is None:
        raise bad_request("Cannot find start_branch")
    return before, parent


def _may_push(project: Project, user: User, branch: str) -> None:
    if project.is_protected(branch) and level_of(project, user) < Level.MAINTAINER:
        raise forbidden("403 Forbidden - You are not allowed to push into this branch")


def compare(call: Call) -> Answer:
    call.params.need("from", "to")
    repository = call.project.repository
    start, end = _sha(call, call.params.text("from"), "Ref"), _sha(call, call.params.text("to"), "Ref")
    base = start if call.params.flag("straight") else repository.merge_base(start, end)
    found = [shown.commit(call.state, call.project, item) for item in reversed(repository.log(f"{base}..{end}"))]
    return as_json(
        {
            "commit": found[-1] if found else None,
            "commits": found,
            "diffs": [diff(item) for item in repository.diffs(base, end)],
            "compare_timeout": False,
            "compare_same_ref": start == end,
            "web_url": f"{call.state.url}/{call.project.path}/-/compare/{start}...{end}",
        }
    )


R = "/projects/:id/repository"
CODE, PUSH = Right.DOWNLOAD, Right.DEVELOP
COMMIT = "branch commit_message actions start_branch start_sha author_email author_name force"
ROUTES = (
    Route("GET", "/projects/:id/protected_branches", protected_branches, Right.DEVELOP, "search"),
    Route("GET", f"{R}/branches", branches, CODE, "search"),
    Route("POST", f"{R}/branches", create_branch, PUSH, "branch ref"),
    Route("GET", f"{R}/branches/:branch", branch, CODE),
    Route("DELETE", f"{R}/branches/:branch", delete_branch, PUSH),
    Route("GET", f"{R}/tree", tree, CODE, "path ref recursive", CODE_SCOPES),
    Route("GET", f"{R}/files/:file_path", file, CODE, "ref", CODE_SCOPES),
    Route("GET", f"{R}/files/:file_path/raw", raw_file, CODE, "ref", CODE_SCOPES),
    Route("GET", f"{R}/commits", commits, CODE, "ref_name path since until"),
    Route("POST", f"{R}/commits", create_commit, PUSH, COMMIT),
    Route("GET", f"{R}/commits/:sha", commit, CODE),
    Route("GET", f"{R}/commits/:sha/diff", commit_diff, CODE),
    Route("GET", f"{R}/compare", compare, CODE, "from to straight"),
)
