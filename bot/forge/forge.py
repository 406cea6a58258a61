"""Everything we say to GitLab: every act is find-or-create, so twice is as good as once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import gitlab
from gitlab.v4.objects import Project

from bot.forge.connection import Connection, ForgeError, Gone
from bot.forge.facts import Account, Hook, MergeRequest, ProjectFacts, Proposal, account_of, hook_of, merge_request_of
from bot.limiter import Limiter
from bot.report.length import fit
from bot.thread import Thread

SCOPE = "api"
HOOK_EVENTS = {
    "note_events": True,
    "confidential_note_events": True,
    "issues_events": True,
    "confidential_issues_events": True,
    "resource_access_token_events": True,
    "merge_requests_events": True,
    "emoji_events": True,
    "push_events": False,
    "enable_ssl_verification": True,
}


class Forge:
    """One GitLab instance, as one bot user. Usable from several threads: each call has its own session, all share one pace."""

    def __init__(self, url: str, token: str, *, ca: Path | None = None, limiter: Limiter | None = None) -> None:
        self._line = Connection(url, token, ca=ca, limiter=limiter)
        self._account: Account | None = None
        self._said: dict[str, int] = {}  # marker -> our note: saves reading a long discussion for every edit of a status

    def close(self) -> None:
        """Give all connections back."""
        self._line.close()

    @property
    def refused(self) -> bool:
        """Whether GitLab turned our token down when we last asked."""
        return self._line.refused

    def me(self) -> Account:
        """The bot's own account, asked once; fails when the token is no good."""
        if self._account is None:
            with self._line.session() as session:
                session.auth()
                self._account = account_of(dict(session.user.attributes) if session.user else {})
        return self._account

    def account(self, user_id: int) -> Account:
        """Any user; the single view is the only one that tells bots from people."""
        with self._line.session() as session:
            return account_of(session.users.get(user_id).attributes)

    def version(self) -> str:
        """GitLab's version, for the doctor."""
        with self._line.session() as session:
            return str(session.version()[0])

    def scopes(self) -> tuple[tuple[str, ...], str | None]:
        """What the token may do, and when it expires."""
        with self._line.session() as session:
            token = session.personal_access_tokens.get("self").attributes
            return tuple(token.get("scopes") or ()), token.get("expires_at")

    def project(self, project: int | str) -> ProjectFacts:
        """A project by id or path."""
        with self._line.session() as session:
            found = session.projects.get(project).attributes
        path = found["path_with_namespace"]
        # Built from our own base URL: GitLab's idea of its host need not be reachable from here (containers, proxies).
        clone = f"{self._line.url}/{path}.git"
        branch, archived = found.get("default_branch"), bool(found.get("archived"))
        return ProjectFacts(found["id"], path, branch, clone, found["web_url"], archived)

    def access(self, project: int, user_id: int) -> int:
        """The effective access level (0 for a stranger); asked when it matters, never remembered."""
        try:
            with self._line.session() as session:
                member = session.projects.get(project, lazy=True).members_all.get(user_id)
                blocked = member.attributes.get("state") not in (None, "active")
                return 0 if blocked else int(member.access_level)
        except Gone:
            return 0

    def react(self, thread: Thread, name: str = "eyes") -> None:
        """Put our reaction on the command's note, once; a note that was deleted meanwhile needs none."""
        if thread.note is None:
            return
        with suppress(Gone):
            self._react(thread, thread.note, name)

    def _react(self, thread: Thread, note: int, name: str) -> None:
        me = self.me().id
        with self._line.session() as session:
            emojis = self._item(session, thread).notes.get(note, lazy=True).awardemojis
            if any(_is(emoji.name, name, emoji.user["id"], me) for emoji in emojis.list(get_all=True)):
                return
            try:
                emojis.create({"name": name})
            except gitlab.GitlabCreateError as error:
                if error.response_code not in (404, 409):  # GitLab's two ways of saying "you have done that already"
                    raise

    def say(self, thread: Thread, marker: str, text: str) -> int:
        """Have exactly one note of ours that carries `marker` in the thread, with this text; its id."""
        text = fit(text)
        with self._line.session() as session:
            item = self._item(session, thread)
            known = self._said.get(marker)
            if known is None or not _edited(item, known, text):
                found = self._marked(item, marker)
                known = self._answer(item, thread, text) if found is None else int(found["id"])
                if found is not None and found["body"] != text:
                    item.notes.update(known, {"body": text})
                self._said[marker] = known
            return known

    def chatter(self, thread: Thread, other: int) -> int:
        """How many of the newest notes are ours or the other bot's, without anybody else in between."""
        us = self.me().id
        with self._line.session() as session:
            newest = [note for note in self._item(session, thread).notes.list(per_page=20, page=1) if not note.system]
        return next((count for count, note in enumerate(newest) if note.author["id"] not in (us, other)), len(newest))

    def resolved(self, thread: Thread) -> bool:
        """Whether somebody has resolved the thread, or it is gone."""
        if thread.kind != "merge_request" or thread.discussion is None:
            return False
        try:
            with self._line.session() as session:
                notes = self._item(session, thread).discussions.get(thread.discussion).attributes["notes"]
        except Gone:
            return True
        told = [bool(note.get("resolved")) for note in notes if note.get("resolvable")]
        return bool(told) and all(told)

    def resolve(self, thread: Thread, asker: int) -> bool:
        """Resolve the thread if only the asker and we spoke in it; whether it is resolved now."""
        if thread.kind != "merge_request" or thread.discussion is None:
            return False
        us = self.me().id
        with self._line.session() as session:
            discussion = self._item(session, thread).discussions.get(thread.discussion)
            notes = [note for note in discussion.attributes["notes"] if not note.get("system")]
            others = {note["author"]["id"] for note in notes} - {us, asker}
            if others or not any(note.get("resolvable") for note in notes):
                return False
            discussion.manager.update(thread.discussion, {"resolved": True})
            return True

    def merge_request(self, project: int, iid: int) -> MergeRequest:
        """A merge request as it stands now."""
        with self._line.session() as session:
            return merge_request_of(session.projects.get(project, lazy=True).mergerequests.get(iid).attributes)

    def find_merge_request(self, project: int, source_branch: str) -> MergeRequest | None:
        """The newest merge request from this branch of the project, whatever its state."""
        with self._line.session() as session:
            query = {"source_branch": source_branch, "order_by": "created_at", "sort": "desc"}
            listed = session.projects.get(project, lazy=True).mergerequests.list(get_all=True, query_parameters=query)
            ours = [found.attributes for found in listed if found.attributes["source_project_id"] == project]
            return merge_request_of(ours[0]) if ours else None

    def open_merge_request(self, project: int, proposal: Proposal) -> MergeRequest:
        """Open it, or find the one that is there for its branch."""
        known = self.find_merge_request(project, proposal.source_branch)
        if known is not None:
            return known
        fields = {
            "source_branch": proposal.source_branch,
            "target_branch": proposal.target_branch,
            "title": proposal.title,
            "description": fit(proposal.description),
            "labels": ",".join(proposal.labels),
            "reviewer_ids": list(proposal.reviewers),
            "remove_source_branch": True,
        }
        with self._line.session() as session:
            try:
                created = session.projects.get(project, lazy=True).mergerequests.create(fields)
                return merge_request_of(created.attributes)
            except gitlab.GitlabCreateError as error:
                if error.response_code != 409:
                    raise
        found = self.find_merge_request(project, proposal.source_branch)
        if found is None:
            raise ForgeError("GitLab says that a merge request is open for our branch, but lists none", 409)
        return found

    def describe(self, project: int, iid: int, rewrite: Callable[[str], str], *, title: str | None = None) -> None:
        """Rewrite the description from its present text (people may have edited it meanwhile), and the title if given."""
        with self._line.session() as session:
            requests_of = session.projects.get(project, lazy=True).mergerequests
            present = requests_of.get(iid).attributes
            wanted = {"description": fit(rewrite(present.get("description") or ""))}
            if title is not None:
                wanted["title"] = title
            changed = {key: value for key, value in wanted.items() if present.get(key) != value}
            if changed:
                requests_of.update(iid, changed)

    def mark(self, project: int, sha: str, name: str, description: str, target_url: str) -> None:
        """Put a passing status on a commit."""
        fields = {"state": "success", "name": name, "description": description[:255], "target_url": target_url[:255]}
        with self._line.session() as session:
            session.projects.get(project, lazy=True).commits.get(sha, lazy=True).statuses.create(fields)

    def attach(self, project: int, name: str, content: bytes) -> str:
        """Upload a file; GitLab's Markdown for it."""
        with self._line.session() as session:
            return str(session.projects.get(project, lazy=True).upload(name, filedata=content)["markdown"])

    def listed(self, path: str, **query: Any) -> Iterator[Mapping[str, Any]]:
        """Any list below the API's root, page by page as it is read. Raises as every other act does."""
        with self._line.session() as session:
            yield from session.http_list(path, query, iterator=True, per_page=100)

    def hooks(self, project: int) -> list[Hook]:
        """The project's webhooks; ForgeError 403 for who is no Maintainer."""
        return [hook_of(found) for found in self.listed(f"/projects/{project}/hooks")]

    def test_hook(self, project: int, hook: int) -> bool:
        """Have GitLab send a sample push to a hook, which switches it on again; whether it was answered."""
        with self._line.session() as session:
            try:
                session.http_post(f"/projects/{project}/hooks/{hook}/test/push_events")
            except gitlab.GitlabHttpError as error:
                if error.response_code != 422:
                    raise
                return False
            return True

    def find_account(self, username: str) -> Account | None:
        """The account of that name, without the knowledge whether it is a bot."""
        return next((account_of(found) for found in self.listed("/users", username=username)), None)

    def protected_branches(self, project: int) -> list[str]:
        """Names and patterns of the branches that not everybody may push to."""
        return [str(found["name"]) for found in self.listed(f"/projects/{project}/protected_branches")]

    def ensure_hook(self, project: int, url: str, *, secret: str | None, signing_token: str | None, branches: str = "") -> bool:
        """Have one hook for this address with our events; whether it is new. `branches`: whose pushes it would tell of."""
        secrets = {"token": secret, "signing_token": signing_token}
        fields = {"url": url, **HOOK_EVENTS, **{name: value for name, value in secrets.items() if value}}
        fields |= {"push_events_branch_filter": branches, "branch_filter_strategy": "wildcard"}
        with self._line.session() as session:
            hooks = session.projects.get(project, lazy=True).hooks
            for hook in hooks.list(iterator=True):
                if hook.url == url:
                    hooks.update(hook.id, fields)
                    return False
            hooks.create(fields)
            return True

    def ensure_label(self, project: int, name: str) -> bool:
        """Have the label; whether it is new."""
        with self._line.session() as session:
            try:
                session.projects.get(project, lazy=True).labels.create({"name": name, "color": "#2e7d32"})
                return True
            except gitlab.GitlabCreateError as error:
                if error.response_code != 409:
                    raise
                return False

    def _answer(self, item: Any, thread: Thread, text: str) -> int:
        if thread.discussion is not None:
            return int(item.discussions.get(thread.discussion, lazy=True).notes.create({"body": text}).id)
        extra = {"internal": True} if thread.internal else {}
        return int(item.notes.create({"body": text, **extra}).id)

    def _marked(self, item: Any, marker: str) -> Mapping[str, Any] | None:
        us = self.me().id
        for note in item.notes.list(iterator=True, per_page=100):
            if marker in note.body and note.author["id"] == us:
                return dict(note.attributes)
        return None

    def _item(self, session: gitlab.Gitlab, thread: Thread) -> Any:
        project: Project = session.projects.get(thread.project, lazy=True)
        if thread.kind == "issue":
            return project.issues.get(thread.iid, lazy=True)
        return project.mergerequests.get(thread.iid, lazy=True)


def lacking(scopes: Sequence[str]) -> str:
    """What a token with these scopes cannot do for us, and the cure; "" where nothing is missing."""
    return "" if SCOPE in scopes else f"the token has the scopes {', '.join(scopes)}; make one with the scope `{SCOPE}`"


def _edited(item: Any, note: int, text: str) -> bool:
    """Whether the note could be edited; somebody may have deleted it."""
    try:
        item.notes.update(note, {"body": text})
    except gitlab.GitlabUpdateError as error:
        if error.response_code != 404:
            raise
        return False
    return True


def _is(name: str, wanted: str, user: int, us: int) -> bool:
    return name == wanted and user == us
