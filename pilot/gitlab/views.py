"""How a page is made: the request it answers, the templates, the filters they use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, select_autoescape

from pilot.gitlab import links
from pilot.gitlab.errors import not_found
from pilot.gitlab.markdown import render
from pilot.gitlab.merge_requests import MergeRequest
from pilot.gitlab.noteables import Noteable
from pilot.gitlab.projects import Project
from pilot.gitlab.state import State
from pilot.gitlab.wire import Answer, Request

FOLDER = Path(__file__).with_name("pages")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data: https: http:; style-src 'self'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
EMOJIS = {
    "eyes": "👀",
    "thumbsup": "👍",
    "thumbsdown": "👎",
    "rocket": "🚀",
    "white_check_mark": "✅",
    "heart": "❤️",
    "tada": "🎉",
    "confused": "😕",
    "x": "❌",
    "hourglass": "⌛",
    "zap": "⚡",
    "warning": "⚠️",
}


@dataclass(frozen=True, slots=True)
class View:
    """One page request: the project it is about, the parts of its path, and how to render."""

    state: State
    request: Request
    project: Project
    args: Mapping[str, str]
    templates: Environment = field(repr=False)

    @property
    def url(self) -> str:
        return links.of_project(self.state.url, self.project)

    def show(self, template: str, **values: Any) -> Answer:
        return page(self.templates, self.state, template, project=self.project, url=self.url, **values)

    def noteable(self) -> Noteable:
        iid = int(self.args["iid"])
        found = self.project.issue(iid) if self.args["kind"] == "issues" else self.project.merge_request(iid)
        if found is None:
            raise not_found()
        return found

    def merge_request(self) -> MergeRequest:
        found = self.project.merge_request(int(self.args["iid"]))
        if found is None:
            raise not_found()
        return found

    def commit(self) -> tuple[str, str, str]:
        """Ref, its commit and the path, from `ref/path`: the longest branch name that fits wins."""
        rest, repository = self.args["rest"], self.project.repository
        for ref in sorted(repository.branches(), key=len, reverse=True):
            if rest == ref or rest.startswith(f"{ref}/"):
                return ref, repository.branches()[ref], rest[len(ref) + 1 :]
        ref, _, path = rest.partition("/")
        sha = repository.resolve(ref)
        if sha is None:
            raise not_found()
        return ref, sha, path


def templates(state: State) -> Environment:
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True)
    made.filters["emoji"] = lambda name: EMOJIS.get(name, f":{name}:")
    made.filters["markdown"] = lambda text, project: render(text, links.of_project(state.url, project))
    made.filters["when"] = lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S")
    made.filters["path"] = quote
    return made


def page(environment: Environment, state: State, template: str, status: int = 200, **values: Any) -> Answer:
    body = environment.get_template(template).render(root=state.url, **values)
    return Answer(status, body.encode(), "text/html; charset=utf-8", HEADERS)
