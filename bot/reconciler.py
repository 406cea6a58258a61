"""Webhooks get lost. Every few minutes GitLab is asked what happened; what nobody told us is done under the id it would have had.

A quiet instance costs one request for all its projects; one that is busy costs two a project and one a changed item.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import structlog

from bot import inbox
from bot.forge import Forge, ForgeError, Unreachable
from bot.hooks import Hooks
from bot.occasions import LABEL, labelled, wears
from bot.request import Request
from bot.store import Store
from bot.thread import Thread
from handlers import events, retold

OVERLAP = 600.0  # seconds before the last look that are looked at again: clocks differ, and hooks may still be under way
ACTIVITY_LAG = 3600.0  # GitLab refreshes a project's `last_activity_at` at most once an hour
WATCHED = 86400.0  # seconds: projects with a run since then are looked at whatever GitLab says of their activity
KINDS: tuple[tuple[retold.Kind, str], ...] = (("issue", "issues"), ("merge_request", "merge_requests"))
ENDED = {"merged": ("merge", "merged_by", "merged_at"), "closed": ("close", "closed_by", "closed_at")}
Json = Mapping[str, Any]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Finds commands that GitLab has and we have not, and wakes hooks that were switched off."""

    forge: Forge
    store: Store
    hooks: Hooks
    word: str
    label: str  # the one that starts a run
    known: Callable[[Collection[str]], set[str]]  # which ids of requests were used before

    def missed(self, since: float, born: float) -> list[Request]:
        """What was asked for since then and never reached us, oldest first. What is older than `born` was never meant for us."""
        found: list[Request] = []
        for project in self._projects(since - OVERLAP):
            with _skipping(project=project["id"]):
                self.hooks.tend(project["id"])
                found += self._of_project(project, since - OVERLAP, born)
        for request in found:
            log.warning("event.missed", request=request.id, project=request.thread.project, note=request.thread.note)
        return found

    def _projects(self, since: float) -> Iterator[Json]:
        query = {"order_by": "last_activity_at", "last_activity_after": _iso(since - ACTIVITY_LAG), "archived": False}
        seen: set[int] = set()
        for project in self.forge.listed("/projects", membership=True, simple=True, **query):
            seen.add(project["id"])
            yield project
        for number in self.store.projects(since - WATCHED) - seen:
            with _skipping(project=number):
                facts = self.forge.project(number)
                yield {"id": number, "path_with_namespace": facts.path, "default_branch": facts.default_branch}

    def _of_project(self, project: Json, since: float, born: float) -> list[Request]:
        asked: dict[str, Request] = {}
        for kind, plural in KINDS:
            base = f"/projects/{project['id']}/{plural}"
            for item in self.forge.listed(base, updated_after=_iso(since), order_by="updated_at", scope="all"):
                place = _Place(project, kind, f"{base}/{item['iid']}", item)
                with _skipping(item=place.path):
                    asked |= {request.id: request for request in self._of_item(place, max(since, born), born)}
        self._supersede(asked.values())
        new = [asked[name] for name in asked.keys() - self.known(asked.keys())]
        return [self._placed(request) for request in sorted(new, key=lambda each: each.thread.note or 0)]

    def _of_item(self, place: "_Place", since: float, born: float) -> list[Request]:
        notes, found = self._notes(place, since), []
        act = self._newest(place.path) if wears(place.item["labels"], self.label) else None
        for told in (*self._done(place, since, notes, act), *self._said(place, notes, born)):
            with _skipping(item=place.path):
                found += self._requests(events.read(told))
        return [labelled(each, act["id"]) if act and each.occasion == LABEL else each for each in found]

    def act(self, request: Request) -> Request:
        """What a label asks for, under the act that put it on, so that a hook and a later look agree on it."""
        if request.occasion != LABEL:
            return request
        try:
            newest = self._newest(_path(request.thread))
        except Unreachable:
            raise
        except ForgeError as error:
            log.warning("label.unseen", request=request.id, why=str(error))
            return request
        return labelled(request, newest["id"]) if newest else request

    def _newest(self, path: str) -> Json | None:
        """The last time that our label was put on an item."""
        listed = self.forge.listed(f"{path}/resource_label_events")
        ours = (each for each in listed if each["action"] == "add" and wears([_named(each)], self.label))
        return max(ours, key=lambda each: int(each["id"]), default=None)

    def _supersede(self, found: Iterable[Request]) -> None:
        """An edited comment asks for what it says now, and for nothing that it said before."""
        edited = [each for each in found if each.edited and each.thread.note]
        for thread in {each.thread.note: each.thread for each in edited}.values():
            ids = [each.id for each in edited if each.thread.note == thread.note]
            self.store.memory.supersede(thread.project, thread.kind, thread.note or 0, ids)

    def _done(self, place: "_Place", since: float, notes: Sequence[Json], act: Json | None) -> Iterator[Json]:
        """What was done to an item: it was opened, it got our label, and one of ours was merged or closed."""
        item, author = place.item, place.item["author"] or {}
        if _unix(item["created_at"]) >= since:
            said = "" if any(map(_rewrites, notes)) else item["description"]  # its author does not answer for others' words
            yield place.event(
                item["author"], "open", labels=[], description=said
            )  # who set the labels is told by their own events
        if act and _unix(act["created_at"]) >= since:
            yield place.event(act["user"], "update", added=self.label)
        if author.get("id") == self.forge.me().id and place.kind == "merge_request" and item["state"] in ENDED:
            action, by, at = ENDED[item["state"]]
            if item[by] and item[at] and _unix(item[at]) >= since:
                yield place.event(item[by], action, updated_at=item[at].partition(".")[0] + "Z")

    def _notes(self, place: "_Place", since: float) -> list[Json]:
        """All that was written below an item since then, GitLab's own remarks among it."""
        newest = self.forge.listed(f"{place.path}/notes", order_by="updated_at", sort="desc")
        return list(takewhile(lambda note: _unix(note["updated_at"]) >= since, newest))

    def _said(self, place: "_Place", notes: Sequence[Json], born: float) -> Iterator[Json]:
        """The comments on an item that are new or were edited."""
        for note in notes:
            if _unix(note["created_at"]) >= born:
                yield retold.note(place.project, place.kind, place.item, note)

    def _requests(self, event: events.Event) -> list[Request]:
        us = self.forge.me()
        asked = inbox.requests(event, us=us.id, name=us.username, word=self.word, label=self.label)
        return [request for request in asked if request.verb != "remark" or self._ours(request.thread)]

    def _ours(self, thread: Thread) -> bool:
        """Whether we opened this merge request: what people say to each other elsewhere is none of our business."""
        return self.store.run_of_merge_request(thread.project, thread.iid) is not None

    def _placed(self, request: Request) -> Request:
        """With the thread to answer in, which only the list of threads tells."""
        for discussion in self.forge.listed(f"{_path(request.thread)}/discussions"):
            if any(note["id"] == request.thread.note for note in discussion["notes"]):
                return replace(request, thread=replace(request.thread, discussion=discussion["id"]))
        return request


@dataclass(frozen=True, slots=True)
class _Place:
    """An issue or merge request that changed."""

    project: Json
    kind: retold.Kind
    path: str
    item: Json

    def event(self, actor: Json | None, action: str, added: str = "", **other: Any) -> Json:
        return retold.item(self.project, self.kind, {**self.item, **other}, actor, action, added)


@contextmanager
def _skipping(**what: object) -> Iterator[None]:
    """What is lost or odd ends nothing but itself; with GitLab out of reach the next look begins where this one did."""
    try:
        yield
    except Unreachable:
        raise
    except (ForgeError, events.Malformed) as error:
        log.warning("reconciler.skipped", **what, why=str(error))


def _path(thread: Thread) -> str:
    return f"/projects/{thread.project}/{dict(KINDS)[thread.kind]}/{thread.iid}"


def _rewrites(note: Json) -> bool:
    """Whether this is GitLab's remark that somebody has changed the description."""
    return bool(note["system"]) and str(note["body"]).startswith("changed the description")


def _named(event: Json) -> str:
    return str((event["label"] or {}).get("name"))  # null once the label was deleted


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _unix(told: str) -> float:
    return datetime.fromisoformat(told).timestamp()
