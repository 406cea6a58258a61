"""Where commands are let in: who may ask, for what, against which commit. Refusals are sentences, not errors."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot import caps
from bot.board import Board
from bot.ending import Cancelled, Unanswerable
from bot.forge import DEVELOPER, Account, Forge, ForgeError, Gone, ProjectFacts
from bot.ground import Origin
from bot.iteration import Iteration
from bot.lifecycle import CANCELLING, RUNNING, WAITING, WELL
from bot.report import marker, quote, replies
from bot.report.facts import Stage
from bot.request import Request
from bot.store import RunRow, Store
from bot.story import Archivist, reference
from bot.thread import Thread

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A command that was let in, with all that is known of its place. Storable."""

    request: Request
    iteration: Iteration
    clone_url: str
    base: str  # revision to measure against
    config: str  # revision `.hasten.yml` is read from: never an unmerged branch
    into: str  # branch that a merge request goes to
    beside: str = ""  # on a merge request: the branch it goes to itself
    head: str | None = None  # of our own branch, in a later iteration
    also: tuple[Request, ...] = ()  # other remarks that the same iteration answers
    upon: str = ""  # a person's commit on our branch that it goes on top of


@dataclass(slots=True)
class Desk:
    """The way in, and the one way an answer goes out."""

    forge: Forge
    store: Store
    board: Board
    archivist: Archivist
    key: bytes
    word: str = "optimize"
    agents: Sequence[str] = ()  # whom `--agent` can name
    label: str = "optimize"  # on an issue or a merge request it asks as a command would
    bots: Sequence[str] = ()  # other bots that are obeyed
    token: str | None = field(default=None, repr=False)
    understands: bool = False  # free text: whether there is a model for it

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
        target, options = words[0] if words else None, dict(request.options)
        self.store.start_run(id=request.id, state=WAITING, requester=request.username, target=target, options=options, **place)

    def admit(self, run: str, request: Request) -> Ticket:
        """Let a command in: rights, reaction, run, status note. Raises Unanswerable where it may not start."""
        self.expect(request)
        if self.cancelled(run):
            raise Cancelled
        project = self.check(request)
        target = self._target(request)
        self._agents(request)
        base, into, beside = self._base(request.thread, project)
        self._alone(run, request, target)
        caps.check(self.store, run, request.thread, request.username, self.board.clock())
        while not self.store.life.begin(run, target, project_path=project.path):
            self._alone(run, request, target)  # somebody else was let in at the same moment
            if (row := self.store.run(run)) is None or row.state not in (WAITING, RUNNING):
                raise Cancelled  # while we asked GitLab about people and places
        self.store.start_iteration(run, run)
        self.board.show(run, Stage.QUEUED, "Asked for by an edit of the comment." if request.edited else "")
        hint = quote.visible(request.text)  # it is told to models, and kept: no secret goes with it
        iteration = Iteration(f"gitlab-{project.id}", run, run, "", target, options=request.options, hint=hint)
        return Ticket(request, iteration, project.clone_url, base, project.default_branch or "HEAD", into, beside)

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

    def aim(self, iteration: Iteration) -> None:
        """Remember which function a run turned out to be about. Raises Unanswerable where another run is at work on it."""
        row = self.store.run(iteration.run)
        if row is not None and row.target != iteration.target and not self.store.life.aim(row.id, iteration.target):
            self._unrivalled(row.id, iteration.target)

    def ours(self, request: Request) -> bool:
        """Whether it is about a merge request that we opened."""
        return self.opened(request.thread) is not None

    def propose(self, request: Request, iteration: Iteration) -> None:
        """Show whoever named no target where the time goes, and what is tried first."""
        self.reply(request, replies.hotspots(iteration.ranked), about="hotspots")

    def reply(self, request: Request, text: str, about: str = "") -> None:
        """One answer per command (and per thing that it is about), in its thread, found again by its marker."""
        mark = marker.stamp(marker.Marker("reply", request.thread.project, request.id, about), self.key)
        try:
            self.forge.say(request.thread, mark, f"{text}\n\n{mark}")
        except Gone:
            return  # the issue or the comment was deleted meanwhile: there is nobody left to tell
        except ForgeError as error:
            if error.status != 403:
                raise
            log.warning("reply.forbidden", request=request.id, why=str(error))  # archived or locked: asking again helps nobody

    def end(self, workflow: str, request: Request, state: str, sentence: str) -> None:
        """Close a run that stops before its time, in one clear sentence in the thread where it was asked for.

        What went wrong after a run had told its result is said beside the result, not over it.
        """
        self.store.life.end(workflow, state)  # first: whatever GitLab says to the rest, it is in nobody's way any more
        run = self.store.run(workflow)
        if sentence:
            self.reply(request, sentence, about="afterwards" if run and run.state in WELL else "")
        if run and (run.state == "cancelled" or self.store.iterations(workflow)):  # what was never let in has no status note
            self.board.refresh(run)

    def cancelled(self, run: str) -> bool:
        """Whether somebody asked to stop this run."""
        row = self.store.run(run)
        return row is not None and row.state == CANCELLING

    def _target(self, request: Request) -> str:
        if request.verb == "retry":
            earlier = [run for run in self.runs(request.thread) if run.id != request.id and run.target]
            if not earlier:
                raise Unanswerable(replies.no_run_here())
            return earlier[0].target or ""
        if not request.words and request.text and not self.understands:
            raise Unanswerable(replies.needs_model(request.text))
        return request.words[0] if request.words else ""

    def _base(self, thread: Thread, project: ProjectFacts) -> tuple[str, str, str]:
        """(revision to measure against, branch to merge into, where that branch itself goes)."""
        if project.default_branch is None:
            raise Unanswerable(replies.empty_repository())
        if thread.kind == "issue":
            return project.default_branch, project.default_branch, ""
        found = self.forge.merge_request(project.id, thread.iid)
        if found.state != "opened":
            raise Unanswerable(replies.closed_meanwhile(found.state))
        if found.source_project != project.id:
            raise Unanswerable(replies.fork(found.source_branch))
        return found.sha or found.source_branch, found.source_branch, found.target_branch

    def _agents(self, request: Request) -> None:
        """Raises Unanswerable where an agent is asked for that nobody here knows."""
        for name in request.options.get("agents") or ():
            if name not in self.agents:
                raise Unanswerable(replies.no_such_agent(name, self.agents))

    def _alone(self, run: str, request: Request, target: str) -> None:
        """One active run per project and target, and per place where none is named; whoever asks again is told."""
        mine = self.store.run(run)
        if request.occasion and mine and mine.state == WAITING and self._asked_already(mine, request.thread):
            raise Unanswerable("")  # a label beside a command of the same person asks for nothing more
        self._unrivalled(run, target)

    def _unrivalled(self, run: str, target: str) -> None:
        found = self.store.life.rival(run, target)
        if found and (rival := self.store.run(found)):
            raise Unanswerable(replies.already_running(rival.target or "", rival.id, reference(rival.thread)))

    def _asked_already(self, mine: RunRow, thread: Thread) -> bool:
        """Whether a run is at work here, or the same person's comment, or earlier wish, waits for its turn."""
        waiting = [each for each in self.waiting(thread) if each.requester == mine.requester]
        first = any(each.thread.get("note") or each.created < mine.created for each in waiting)
        return first or any(each.state == RUNNING for each in self.store.runs_of_thread(*thread.place))

    def runs(self, thread: Thread) -> list[RunRow]:
        """Runs that belong to this place, newest first: the one that opened it, and those that were let in here."""
        opened = self.opened(thread)
        return ([opened] if opened else []) + self.store.runs_of_thread(*thread.place)

    def waiting(self, thread: Thread) -> list[RunRow]:
        """Commands here that still wait for their turn, whoever gave them."""
        return [each for each in self.store.outside(*thread.place) if each.state == WAITING]

    def stoppable(self, thread: Thread) -> list[RunRow]:
        """What a cancel here may stop: commands that wait or are just being let in, whoever gave them, and runs.

        Looked at in the order in which they move on, so that none slips through between two looks.
        """
        outside = [each for each in self.store.outside(*thread.place) if each.state in (WAITING, RUNNING)]
        return list({each.id: each for each in (*outside, *self.runs(thread))}.values())

    def opened(self, thread: Thread) -> RunRow | None:
        """The run that opened the merge request at hand."""
        if thread.kind != "merge_request":
            return None
        return self.store.run_of_merge_request(thread.project, thread.iid)
