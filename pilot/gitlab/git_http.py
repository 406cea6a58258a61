"""Clone and push over smart HTTP: git's own `http-backend` behind GitLab's rules about who may what."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from urllib.parse import parse_qsl, unquote

from pilot.gitlab import lifecycle, links
from pilot.gitlab.access import Caller, Level, Right, allowed, basic_password, level_of, of_token
from pilot.gitlab.errors import ApiError
from pilot.gitlab.events import ZERO
from pilot.gitlab.lifecycle import Edit
from pilot.gitlab.merging import moved
from pilot.gitlab.projects import Project
from pilot.gitlab.repository import environment
from pilot.gitlab.state import State
from pilot.gitlab.users import User
from pilot.gitlab.wire import Answer, Request

ADDRESS = re.compile(r"^/(?P<project>.+?)(?:\.git)?/(?P<service>info/refs|git-upload-pack|git-receive-pack)$")
READ_SCOPES = frozenset({"api", "read_api", "read_repository", "write_repository"})
WRITE_SCOPES = frozenset({"api", "write_repository"})
TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Visit:
    """One git request that was let in."""

    project: Project
    caller: Caller
    service: str
    path: str

    @property
    def writes(self) -> bool:
        return self.service == "git-receive-pack"


def is_git(request: Request) -> bool:
    found = ADDRESS.match(request.path)
    return found is not None and (found["service"] != "info/refs" or "service=git-" in request.query)


def serve(state: State, request: Request) -> Answer:
    """The state's lock is not held while git works; a push is digested afterwards."""
    with state.lock:
        visit = _admit(state, request)
        if isinstance(visit, Answer):
            return visit
        settings = _settings(state, visit)
        before = visit.project.repository.refs()
    answer = _backend(request, visit, settings)
    if visit.writes and request.method == "POST":
        with state.lock:
            _digest(state, visit, before)
    return answer


def _admit(state: State, request: Request) -> Visit | Answer:
    found = ADDRESS.match(request.path)
    project = state.find_project(unquote(found["project"])) if found else None
    caller = _caller(state, request)
    service = _service(request)
    if found is None or service not in ("git-upload-pack", "git-receive-pack"):
        return Answer(404, b"Not Found", "text/plain")
    open_to_all = project is not None and project.visibility == "public" and service == "git-upload-pack"
    if caller is None or (caller.user is None and not open_to_all):
        return _challenge()
    if project is None or not allowed(project, caller.user, Right.READ):
        return _refusal(404, "The project you were looking for could not be found or you don't have permission to view it.")
    visit = Visit(project, caller, service, found["service"])
    return _forbidden(visit) or visit


def _caller(state: State, request: Request) -> Caller | None:
    """Nobody, somebody, or None for a token that does not work."""
    header = request.headers.get("authorization")
    if not header:
        return Caller()
    password = basic_password(header)
    try:
        return of_token(password, state.users.values(), state.now()) if password else None
    except ApiError:
        return None


def _service(request: Request) -> str:
    if request.path.endswith("/info/refs"):
        return dict(parse_qsl(request.query)).get("service", "")
    return request.path.rpartition("/")[2]


def _forbidden(visit: Visit) -> Answer | None:
    token, user = visit.caller.token, visit.caller.user
    if token is not None and not token.scopes & (WRITE_SCOPES if visit.writes else READ_SCOPES):
        return _refusal(403, "Your token does not have the required scope.")
    if visit.writes and (level_of(visit.project, user) < Level.DEVELOPER or visit.project.archived):
        return _refusal(403, "You are not allowed to push code to this project.")
    if not visit.writes and not allowed(visit.project, user, Right.DOWNLOAD):
        return _refusal(403, "You are not allowed to download code from this project.")
    return None


def _challenge() -> Answer:
    text = b"HTTP Basic: Access denied. If a password was provided for Git authentication, use a token instead."
    return Answer(401, text, "text/plain", {"WWW-Authenticate": 'Basic realm="GitLab"'})


def _refusal(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), "text/plain")


def _settings(state: State, visit: Visit) -> Mapping[str, str]:
    """What the repository's hooks need to know about this pusher."""
    open_mrs = [mr for mr in visit.project.merge_requests if mr.state == "opened"]
    maintainer = level_of(visit.project, visit.caller.user) >= Level.MAINTAINER
    options = visit.project.repository.folder / "push-options"
    options.unlink(missing_ok=True)
    return {
        "STANDIN_PROTECTED": "\n".join(visit.project.protected),
        "STANDIN_MAINTAINER": "yes" if maintainer else "",
        "STANDIN_OPEN": "\n".join(f"{mr.source_branch} {links.of_noteable(state.url, mr)}" for mr in open_mrs),
        "STANDIN_WEB": links.of_project(state.url, visit.project),
        "STANDIN_OPTIONS": str(options),
    }


def _backend(request: Request, visit: Visit, settings: Mapping[str, str]) -> Answer:
    folder = visit.project.repository.folder
    variables = {
        **environment(folder),
        **settings,
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{visit.path}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REMOTE_USER": visit.caller.user.username if visit.caller.user else "",
        "REMOTE_ADDR": request.client,
    }
    variables.pop("GIT_DIR")
    done = subprocess.run(
        ["git", "http-backend"], input=request.body, capture_output=True, env=variables, timeout=TIMEOUT, check=False
    )
    return _parse(done.stdout)


def _parse(output: bytes) -> Answer:
    """A CGI answer: headers, an empty line, the body."""
    head, _, body = output.partition(b"\r\n\r\n")
    message = BytesParser().parsebytes(head + b"\r\n\r\n", headersonly=True)
    status = int(str(message.get("Status", "200")).split()[0])
    kept = {key: str(value) for key, value in message.items() if key.lower() not in ("status", "content-type")}
    return Answer(status, body, str(message.get("Content-Type", "text/plain")), kept)


def _digest(state: State, visit: Visit, before: Mapping[str, str]) -> None:
    """See which refs moved and tell the rest of GitLab."""
    user = visit.caller.user
    if user is None:
        return
    after = visit.project.repository.refs()
    changes = list(_moves(before, after))
    if changes:
        moved(state, user, visit.project, changes)
        _open_as_asked(state, user, visit.project, changes)


def _moves(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for ref in sorted(before.keys() | after.keys()):
        old, new = before.get(ref, ZERO), after.get(ref, ZERO)
        if old != new:
            yield ref, old, new


def _open_as_asked(state: State, user: User, project: Project, changes: list[tuple[str, str, str]]) -> None:
    """`git push -o merge_request.create` and its companions."""
    file = project.repository.folder / "push-options"
    pairs = (line.partition("=") for line in file.read_text().splitlines()) if file.exists() else ()
    options = {key: value for key, _, value in pairs}
    if "merge_request.create" not in options:
        return
    branch = changes[0][0].removeprefix("refs/heads/")
    head = project.repository.branch(branch)
    title = options.get("merge_request.title") or (project.repository.commit(head).title if head else branch)
    edit = Edit(description=options.get("merge_request.description"))
    target = options.get("merge_request.target", project.default_branch)
    try:
        lifecycle.open_merge_request(state, user, project, branch, target, title, edit)
    except ApiError:
        return
