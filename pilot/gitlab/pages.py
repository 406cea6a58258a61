"""Plain pages for people: what GitLab would show, readable in any browser, and a box to comment in."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment

from pilot.gitlab import conversation, links
from pilot.gitlab.errors import ApiError, forbidden, not_found
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.parameters import Parameters
from pilot.gitlab.projects import Project
from pilot.gitlab.state import State
from pilot.gitlab.views import FOLDER, HEADERS, View, page, templates
from pilot.gitlab.wire import Answer, Request, fields


def serve(state: State, request: Request) -> Answer:
    """A page, an attachment, or a comment from the form."""
    environment = templates(state)
    try:
        with state.lock:
            return _serve(state, request, environment)
    except ApiError as error:
        return page(environment, state, "refused.html", error.status, status_text=error.body)


def _serve(state: State, request: Request, environment: Environment) -> Answer:
    if request.path == "/":
        return page(environment, state, "projects.html", projects=state.projects.values())
    if request.path == "/assets/style.css":
        return Answer(200, (FOLDER / "style.css").read_bytes(), "text/css")
    for method, pattern, handler in PAGES:
        found = re.fullmatch(pattern, unquote(request.path)) if request.method in (method, "HEAD") else None
        project = _project(state, found.groupdict()) if found else None
        if found and project:
            return handler(View(state, request, project, found.groupdict(), environment))
    raise not_found("Page")


def _project(state: State, parts: Mapping[str, str]) -> Project | None:
    return state.find_project(parts["project"].strip("/"))


def project_page(view: View) -> Answer:
    return _folder(view, view.project.default_branch, view.project.repository.branch(view.project.default_branch), "")


def tree(view: View) -> Answer:
    return _folder(view, *view.commit())


def _folder(view: View, ref: str, sha: str | None, path: str) -> Answer:
    repository = view.project.repository
    entries = repository.tree(sha, path) if sha else []
    readme = next((entry for entry in entries if entry.name.lower() == "readme.md"), None)
    text = repository.blob(readme.sha).decode("utf-8", "replace") if readme else ""
    ordered = sorted(entries, key=lambda entry: (entry.type != "tree", entry.name))
    return view.show("project.html", ref=ref, path=path, entries=ordered, readme=text, branches=repository.branches())


def blob(view: View) -> Answer:
    ref, sha, path = view.commit()
    entry = view.project.repository.entry(sha, path)
    if entry is None:
        raise not_found("File")
    content = view.project.repository.blob(entry.sha)
    return view.show("file.html", ref=ref, path=path, lines=content.decode("utf-8", "replace").splitlines(), size=len(content))


def raw(view: View) -> Answer:
    _, sha, path = view.commit()
    entry = view.project.repository.entry(sha, path)
    if entry is None:
        raise not_found("File")
    return Answer(200, view.project.repository.blob(entry.sha), "text/plain; charset=utf-8", HEADERS)


def commits(view: View) -> Answer:
    ref, sha, _ = view.commit()
    return view.show("commits.html", ref=ref, commits=view.project.repository.log(sha, limit=100))


def commit(view: View) -> Answer:
    repository = view.project.repository
    sha = repository.resolve(view.args["rest"])
    if sha is None:
        raise not_found("Commit")
    item = repository.commit(sha)
    return view.show("commit.html", commit=item, files=repository.diffs_of(sha))


def noteables(view: View) -> Answer:
    items = view.project.issues if view.args["kind"] == "issues" else view.project.merge_requests
    return view.show("list.html", kind=view.args["kind"], items=list(reversed(items)))


def noteable(view: View) -> Answer:
    item = view.noteable()
    people = [user for user in view.state.users.values() if not user.bot]
    return view.show("noteable.html", item=item, tab="overview", people=people, snippet=_snippets(item), **_sides(item))


def _sides(item: Noteable) -> dict[str, Any]:
    """What only merge requests have; empty for issues."""
    if not isinstance(item, MergeRequest):
        return {"mr": None}
    statuses = [status for status in item.project.statuses if status.sha == item.newest.head]
    return {"mr": item, "statuses": statuses}


def _snippets(item: Noteable) -> Callable[[Mapping[str, Any]], list[Any]]:
    """The few diff lines above a comment, as GitLab quotes them."""

    def lines(position: Mapping[str, Any]) -> list[Any]:
        for file in item.project.repository.diffs(position["base_sha"], position["head_sha"]):
            if file.new_path == position["new_path"]:
                found = list(file.lines())
                ends = [n for n, line in enumerate(found) if (line.old, line.new) == (position["old_line"], position["new_line"])]
                return found[max(0, ends[0] - 4) : ends[0] + 1] if ends else []
        return []

    return lines


def changes(view: View) -> Answer:
    item = view.merge_request()
    files = item.project.repository.diffs(item.newest.base, item.newest.head)
    return view.show("diffs.html", item=item, tab="diffs", files=files, **_sides(item))


def merge_request_commits(view: View) -> Answer:
    item = view.merge_request()
    found = item.project.repository.log(f"{item.newest.base}..{item.newest.head}")
    return view.show("mr_commits.html", item=item, tab="commits", commits=found, **_sides(item))


def attachment(view: View) -> Answer:
    for upload in view.project.uploads:
        if (upload.secret, upload.name) == (view.args["secret"], view.args["name"]):
            disposition = {"Content-Disposition": "attachment"} if upload.download else {}
            return Answer(200, upload.content, upload.content_type, {**HEADERS, **disposition})
    raise not_found("File")


def say(view: View) -> Answer:
    """The comment form: only over loopback, and only from a page of ours."""
    _from_here(view)
    params, item = Parameters(fields(view.request)), view.noteable()
    author = view.state.find_user(params.text("author"))
    if author is None:
        raise not_found("User")
    thread = item.discussion(params.text("thread"))
    if thread is None:
        conversation.comment(view.state, author, item, params.text("body"))
    else:
        conversation.reply(view.state, author, item, thread, params.text("body"))
    return Answer(303, headers={"Location": f"{links.of_noteable(view.state.url, item)}#end"})


def _from_here(view: View) -> None:
    """A page elsewhere in the same browser must not be able to speak in somebody's name."""
    headers = view.request.headers
    origin = urlsplit(headers.get("origin", "")).netloc
    ours = urlsplit(view.state.url).netloc
    if not ipaddress.ip_address(view.request.client or "0.0.0.0").is_loopback or origin not in ("", ours):
        raise forbidden()
    if headers.get("host", ours).rpartition(":")[0] not in ("127.0.0.1", "localhost"):
        raise forbidden()


ITEM = r"(?P<project>/.+?)/-/(?P<kind>issues|merge_requests)"
MR = r"(?P<project>/.+?)/-/merge_requests/(?P<iid>\d+)"
Page = tuple[str, str, Callable[[View], Answer]]
PAGES: tuple[Page, ...] = (
    ("GET", rf"{ITEM}/?", noteables),
    ("GET", rf"{ITEM}/(?P<iid>\d+)", noteable),
    ("POST", rf"{ITEM}/(?P<iid>\d+)/notes", say),
    ("GET", rf"{MR}/diffs", changes),
    ("GET", rf"{MR}/commits", merge_request_commits),
    ("GET", r"(?P<project>/.+?)/-/tree/(?P<rest>.+)", tree),
    ("GET", r"(?P<project>/.+?)/-/blob/(?P<rest>.+)", blob),
    ("GET", r"(?P<project>/.+?)/-/raw/(?P<rest>.+)", raw),
    ("GET", r"(?P<project>/.+?)/-/commits/(?P<rest>.+)", commits),
    ("GET", r"(?P<project>/.+?)/-/commit/(?P<rest>[0-9a-f]+)", commit),
    ("GET", r"/-/project/(?P<project>\d+)/uploads/(?P<secret>\w+)/(?P<name>[^/]+)", attachment),
    ("GET", r"(?P<project>/.+?)/uploads/(?P<secret>\w+)/(?P<name>[^/]+)", attachment),
    ("GET", r"(?P<project>/.+?)/?", project_page),
)
