"""From a request to the function that answers it; matched on the raw path, so that `%2F` is not a slash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pilot.gitlab.access import Caller, Right, allowed, demand, sees
from pilot.gitlab.errors import forbidden, not_found, unauthorized
from pilot.gitlab.issues import Issue
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Discussion, Note
from pilot.gitlab.parameters import Parameters
from pilot.gitlab.projects import Project
from pilot.gitlab.state import State
from pilot.gitlab.users import User
from pilot.gitlab.wire import Answer, Request

READ_SCOPES = ("api", "read_api")
WRITE_SCOPES = ("api",)
ALWAYS_KNOWN = frozenset({"page", "per_page", "pagination", "order_by", "sort", "private_token", "access_token"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through a route: who asks, about what, with which parameters."""

    state: State
    request: Request
    args: Mapping[str, str]
    params: Parameters
    caller: Caller
    found: Project | None = None

    @property
    def user(self) -> User:
        if self.caller.user is None:
            raise unauthorized()
        return self.caller.user

    def sign_in(self) -> None:
        """Refuse the anonymous."""
        if self.caller.user is None:
            raise unauthorized()

    @property
    def project(self) -> Project:
        if self.found is None:
            raise not_found("Project")
        return self.found

    def number(self, name: str) -> int:
        """A numeric part of the path; anything else is simply not found."""
        value = self.args[name]
        if not value.isdigit():
            raise not_found()
        return int(value)

    def issue(self) -> Issue:
        issue = self.project.issue(self.number("issue_iid"))
        if issue is None or not sees(issue, self.caller.user):
            raise not_found()
        return issue

    def merge_request(self) -> MergeRequest:
        mr = self.project.merge_request(self.number("merge_request_iid"))
        if mr is None or not allowed(self.project, self.caller.user, Right.DOWNLOAD):
            raise not_found()
        return mr

    def noteable(self) -> Noteable:
        return self.issue() if "issue_iid" in self.args else self.merge_request()

    def note(self) -> Note:
        note = self.noteable().note(self.number("note_id"))
        if note is None:
            raise not_found("Note")
        return note

    def discussion(self) -> Discussion:
        thread = self.noteable().discussion(self.args["discussion_id"])
        if thread is None:
            raise not_found("Discussion")
        return thread

    def users(self, ids: Iterable[int]) -> list[User]:
        return [self.state.users[number] for number in ids if number in self.state.users]


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and pattern, who may use it, and the parameters it knows beside those of all lists.

    A handler that waits for somebody else's server runs unlocked and takes the state's lock itself.
    """

    method: str
    pattern: str
    handler: Handler
    right: Right | None = Right.READ
    parameters: str = ""
    scopes: tuple[str, ...] | None = None
    locked: bool = True
    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.pattern.strip("/").split("/")))

    @property
    def needs(self) -> tuple[str, ...]:
        if self.scopes is not None:
            return self.scopes
        return READ_SCOPES if self.method == "GET" else WRITE_SCOPES

    def match(self, segments: list[str]) -> dict[str, str] | None:
        if len(segments) != len(self.segments):
            return None
        pairs = list(zip(self.segments, segments, strict=True))
        if any(ours != theirs for ours, theirs in pairs if not ours.startswith(":")):
            return None
        return {ours[1:]: unquote(theirs) for ours, theirs in pairs if ours.startswith(":")}

    def unknown(self, params: Parameters) -> list[str]:
        known = ALWAYS_KNOWN | set(self.parameters.split()) | {name[1:] for name in self.segments if name.startswith(":")}
        return sorted(set(params.names()) - known)


def find(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route for a path below `/api/v4`; HEAD is a GET without a body."""
    segments = path.strip("/").split("/")
    wanted = "GET" if method == "HEAD" else method
    for route in routes:
        args = route.match(segments) if route.method == wanted else None
        if args is not None:
            return route, args
    return None


def admit(route: Route, call: Call) -> None:
    """Scopes first, then the project and the role in it."""
    call.caller.require(route.needs)
    if call.found is not None and route.right is not None:
        demand(call.found, call.caller.user, route.right)
        if call.found.archived and route.method != "GET":
            raise forbidden()
