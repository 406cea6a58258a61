"""Clone and push over smart HTTP: git's own `http-backend` behind GitLab's rules about who may what."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesParser
from urllib.parse import parse_qsl, unquote

from pilot.gitlab import lifecycle, links
from pilot.gitlab.access import Caller, Level, Right, allowed, basic_password, level_of, of_token
from pilot.gitlab.edits import Edit
from pilot.gitlab.errors import ApiError
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
        report = visit.project.repository.folder / f"push-{uuid.uuid4()}"
        settings = _settings(state, visit) | {"STANDIN_REPORT": str(report)}
    answer = _backend(request, visit, settings)
    if report.exists():
        with state.lock:
            _digest(state, visit, report.read_text().splitlines())
        report.unlink()
    return answer


def _admit(state: State, request: Request) -> Visit | Answer:
    found = ADDRESS.match(request.path)
    path = unquote(found["project"]) if found else ""
    project = state.find_project(path) or state.moved_project(path)
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


def _settings(state: State, visit: Visit) -> dict[str, str]:
    """What the repository's hooks need to know about this pusher."""
    open_mrs = [mr for mr in visit.project.merge_requests if mr.state == "opened"]
    maintainer = level_of(visit.project, visit.caller.user) >= Level.MAINTAINER
    return {
        "STANDIN_PROTECTED": "\n".join(visit.project.protected),
        "STANDIN_MAINTAINER": "yes" if maintainer else "",
        "STANDIN_OPEN": "\n".join(f"{mr.source_branch} {links.of_noteable(state.url, mr)}" for mr in open_mrs),
        "STANDIN_WEB": links.of_project(state.url, visit.project),
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


def _digest(state: State, visit: Visit, report: list[str]) -> None:
    """Tell the rest of GitLab which refs this push moved; the repository's own hook wrote them down."""
    user = visit.caller.user
    if user is None:
        return
    moves = [line.removeprefix("moved ").split(" ", 2) for line in report if line.startswith("moved ")]
    changes = [(ref, old, new) for old, new, ref in moves]
    options = [line.removeprefix("option ").partition("=") for line in report if line.startswith("option ")]
    moved(state, user, visit.project, changes)
    _open_as_asked(state, user, visit.project, changes[0][0], {key: value for key, _, value in options})


def _open_as_asked(state: State, user: User, project: Project, ref: str, options: Mapping[str, str]) -> None:
    """`git push -o merge_request.create` and its companions."""
    branch = ref.removeprefix("refs/heads/")
    head = project.repository.branch(branch)
    if "merge_request.create" not in options or head is None:
        return
    title = options.get("merge_request.title") or project.repository.commit(head).title
    edit = Edit(description=options.get("merge_request.description"))
    target = options.get("merge_request.target", project.default_branch)
    with suppress(ApiError):
        lifecycle.open_merge_request(state, user, project, branch, target, title, edit)
