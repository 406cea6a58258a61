"""Where commands are let in: who may ask, for what, against which commit. Refusals are sentences, not errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot import caps
from bot.board import Board
from bot.ending import Cancelled, Unanswerable
from bot.forge import DEVELOPER, Account, Forge, ForgeError, Gone, ProjectFacts
from bot.ground import Origin
from bot.iteration import Iteration
from bot.report import marker, quote, replies
from bot.report import merge_request as report
from bot.report.facts import Stage
from bot.request import Request
from bot.store import RunRow, Store
from bot.story import Archivist, reference
from bot.thread import Thread

if TYPE_CHECKING:  # the model's SDK is loaded only where there is a key for it
    from bot.reading import Reader

WAITING = "waiting"
log = structlog.get_logger()
Asked = Mapping[str, Sequence[str]]  # what a review asks for: words to avoid, words to prefer, remarks


@dataclass(frozen=True, slots=True)
class Ticket:
    """A command that was let in, with all that is known of its place. Storable."""

    request: Request
    iteration: Iteration
    clone_url: str
    base: str  # revision to measure against
    config: str  # revision `.hasten.yml` is read from: never an unmerged branch
    into: str  # branch that a merge request goes to
    head: str | None = None  # of our own branch, in a later iteration


@dataclass(slots=True)
class Desk:
    """The way in, and the one way an answer goes out."""

    forge: Forge
    store: Store
    board: Board
    archivist: Archivist
    key: bytes
    word: str = "optimize"
    rules: Sequence[str] = ()  # what avoid and prefer can name
    bots: Sequence[str] = ()  # other bots that are obeyed
    token: str | None = field(default=None, repr=False)
    reader: "Reader | None" = None  # of free text; None without a model

    def us(self) -> Account:
        """The bot's own account."""
        return self.forge.me()

    def origin(self, ticket: Ticket) -> Origin:
        """Where to fetch from and push to, with our token."""
        return Origin(ticket.clone_url, self.token)

    def expect(self, request: Request) -> None:
        """Remember a command before it waits for its turn, so that it can be cancelled there."""
        words, place = (
            request.words,
            {"project_id": request.thread.project, "project_path": "", "thread": request.thread.to_json()},
        )
        target = words[0] if words else None
        self.store.start_run(id=request.id, state=WAITING, requester=request.username, target=target, **place)

    def admit(self, run: str, request: Request) -> Ticket:
        """Let a command in: rights, reaction, run, status note. Raises Unanswerable where it may not start."""
        self.expect(request)
        if self.cancelled(run):
            raise Cancelled
        project = self.check(request)
        target = self._target(request)
        base, into = self._base(request.thread, project)
        self._alone(run, request, target)
        caps.check(self.store, run, request.thread, self.board.clock())
        self.store.update_run(run, state="running", project_path=project.path, target=target)
        self.store.start_iteration(run, run)
        self.board.show(run, Stage.QUEUED, "Asked for by an edit of the comment." if request.edited else "")
        iteration = Iteration(f"gitlab-{project.id}", run, run, "", target, options=request.options)
        return Ticket(request, iteration, project.clone_url, base, project.default_branch or "HEAD", into)

    def admit_remark(self, iteration_id: str, request: Request) -> Ticket | None:
        """Let a review comment in; None where it is not about a merge request of ours."""
        run, talk = self._opened(request.thread), request.verb == "remark"
        if talk and (run is None or request.thread.internal or not self.may(request) or self.forge.resolved(request.thread)):
            return None  # people talking to each other; what those without rights say moves nothing
        project = self.check(request)
        if run is None:
            raise Unanswerable(replies.nothing_to_steer())
        found = self.forge.merge_request(project.id, request.thread.iid)
        if found.state != "opened":
            raise Unanswerable("" if talk else replies.closed_meanwhile(found.state))
        asked = self._asked(run, request)
        if asked is None:
            return None
        self._unmoved(run, found.sha)
        self._reopen(run)
        self.store.start_iteration(iteration_id, run.id, self._learn(run, request, asked))
        iteration = Iteration(f"gitlab-{project.id}", run.id, iteration_id, run.base_sha or "", run.target or "")
        base, config = run.base_sha or "", project.default_branch or "HEAD"
        return Ticket(request, iteration, project.clone_url, base, config, found.target_branch, found.sha)

    def check(self, request: Request) -> ProjectFacts:
        """May this person steer us here? Reacts to the comment where the answer is yes."""
        project = self.forge.project(request.thread.project)
        if project.archived:
            raise Unanswerable("")  # GitLab would refuse every answer
        asker = self.forge.account(request.actor)
        if asker.bot and (asker.username not in self.bots or self.forge.chatter(request.thread, asker.id) >= caps.CHATTER):
            raise Unanswerable("")  # two bots must not talk each other into work
        if not self.may(request):
            raise Unanswerable(replies.no_permission(request.username))
        if request.thread.internal:
            raise Unanswerable(replies.confidential())
        self.forge.react(request.thread)
        return project

    def may(self, request: Request) -> bool:
        """Whether the asker has Developer access right now."""
        return self.forge.access(request.thread.project, request.actor) >= DEVELOPER

    def reply(self, request: Request, text: str) -> None:
        """One answer per command, in its thread, found again by its marker."""
        mark = marker.stamp(marker.Marker("reply", request.thread.project, request.id), self.key)
        try:
            self.forge.say(request.thread, mark, f"{text}\n\n{mark}")
        except Gone:
            return  # the issue or the comment was deleted meanwhile: there is nobody left to tell
        except ForgeError as error:
            if error.status != 403:
                raise
            log.warning("reply.forbidden", request=request.id, why=str(error))  # archived or locked: asking again helps nobody

    def end(self, workflow: str, request: Request, state: str, sentence: str) -> None:
        """Close a run that stops before its time, in one clear sentence in the thread where it was asked for."""
        if sentence:
            self.reply(request, sentence)
        if self.store.run(workflow) is not None:
            self.store.end_run(workflow, state)
            if state == "cancelled" or self.store.iterations(workflow):  # what was never let in has no status note
                self.board.show(workflow, Stage.CANCELLED if state == "cancelled" else Stage.FAILED, "")
        elif run := self._opened(request.thread):
            self._end_review(workflow, run)

    def cancelled(self, run: str) -> bool:
        """Whether somebody asked to stop this run."""
        row = self.store.run(run)
        return row is not None and row.state == "cancelling"

    def _end_review(self, iteration_id: str, run: RunRow) -> None:
        """A review that stops before its time leaves a run that can be steered again."""
        if any(row.id == iteration_id and row.ended is None for row in self.store.iterations(run.id)):
            self.store.end_iteration(iteration_id, winner=None, head_sha=None)
        self._reopen(run)

    def _reopen(self, run: RunRow) -> None:
        """Forget a cancellation that was meant for an earlier review."""
        if run.state == "cancelling" and run.ended is not None:
            self.store.update_run(run.id, state="done")

    def _target(self, request: Request) -> str:
        if request.verb == "retry":
            earlier = [run for run in self.runs(request.thread) if run.id != request.id and run.target]
            if not earlier:
                raise Unanswerable(replies.no_run_here())
            return earlier[0].target or ""
        if not request.words and request.text:
            raise Unanswerable(replies.needs_model(request.text))
        return request.words[0] if request.words else ""

    def _base(self, thread: Thread, project: ProjectFacts) -> tuple[str, str]:
        """(revision to measure against, branch to merge into)."""
        if project.default_branch is None:
            raise Unanswerable(replies.empty_repository())
        if thread.kind == "issue":
            return project.default_branch, project.default_branch
        found = self.forge.merge_request(project.id, thread.iid)
        if found.state != "opened":
            raise Unanswerable(replies.closed_meanwhile(found.state))
        if found.source_project != project.id:
            raise Unanswerable(replies.fork(found.source_branch))
        return found.sha or found.source_branch, found.source_branch

    def _alone(self, run: str, request: Request, target: str) -> None:
        """One active run per project and target; whoever asks again is told."""
        for other in self.store.running(request.thread.project, target):
            if other.id != run:
                raise Unanswerable(replies.already_running(target, other.id, reference(other.thread)))

    def _unmoved(self, run: RunRow, head: str | None) -> None:
        """A person's commits on our branch are respected: we neither overwrite them nor build on what was not measured."""
        ours = [row.head_sha for row in self.store.iterations(run.id) if row.head_sha]
        if head not in ours:
            raise Unanswerable(replies.branch_moved(run.branch or ""))

    def _learn(self, run: RunRow, request: Request, asked: Asked) -> str:
        """Keep what was asked for; the rule as understood."""
        for verb, words in asked.items():
            for word in words:
                self.store.learn(run.id, verb, word, request.thread.note or 0)
        rules = [f"{verb} {', '.join(asked[verb])}" for verb in ("avoid", "prefer") if asked.get(verb)]
        return "; ".join([*rules, *asked.get("remark", ())])

    def _asked(self, run: RunRow, request: Request) -> Asked | None:
        """What a review asks for; None where nothing is. Raises Unanswerable where the answer is a sentence."""
        if request.verb == "remark":
            return self._understood(run, request)
        unknown = [word for word in request.words if word not in self.rules]
        if unknown and self.rules and self.reader is None:  # a model may follow words that no recipe knows
            raise Unanswerable(replies.unknown_rule(unknown[0], self.rules))
        return {request.verb: request.words}

    def _understood(self, run: RunRow, request: Request) -> Asked | None:
        if self.reader is None:
            raise Unanswerable(replies.needs_model(request.text))
        remark = self.reader.read(request.text, report.body(self.archivist.story(run)))
        match remark.kind:
            case "order":
                return {"avoid": remark.avoid, "prefer": remark.prefer, "remark": (remark.wish,) if remark.wish else ()}
            case "question":
                raise Unanswerable(quote.passage(remark.answer))
            case "praise":
                return None
            case _:
                raise Unanswerable(replies.unclear(request.text))

    def runs(self, thread: Thread) -> list[RunRow]:
        """Runs that belong to this place, newest first: the one that opened it, and those that were asked for in it."""
        opened = self._opened(thread)
        return ([opened] if opened else []) + self.store.runs_of_thread(thread.project, thread.kind, thread.iid)

    def _opened(self, thread: Thread) -> RunRow | None:
        if thread.kind != "merge_request":
            return None
        return self.store.run_of_merge_request(thread.project, thread.iid)
