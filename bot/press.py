"""What leaves the house: branch, commit, merge request, reply. All of it found or created, so twice is as good as once."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from bot.board import Board
from bot.desk import Desk, Ticket
from bot.ending import Cancelled, Unanswerable
from bot.evaluator import Changes
from bot.exhibits import Exhibits
from bot.forge import Forge, ForgeError, MergeRequest, Proposal, Unreachable
from bot.iteration import Iteration
from bot.lab import Lab
from bot.report import iteration as said
from bot.report import merge_request as report
from bot.report import replies
from bot.report.facts import Stage, Story
from bot.report.suggestion import render, suggestion
from bot.request import Request
from bot.search import Finding
from bot.store import CandidateRow, RunRow, Store
from bot.story import Archivist
from evaluation.scorecard import Scorecard
from sandbox.git import NotFastForward, PushRefused

STATUS = "hasten/benchmark"
log = structlog.get_logger()


@dataclass(slots=True)
class Press:
    """Publishes what was proven."""

    forge: Forge
    store: Store
    lab: Lab
    desk: Desk
    board: Board
    archivist: Archivist
    key: bytes

    def publish(self, ticket: Ticket, iteration: Iteration, finding: Finding) -> None:
        """Open the merge request of a first iteration, or say what was tried."""
        if finding.winner is None:
            self._nothing(ticket, iteration)
            return
        self._still_wanted(ticket, iteration)
        winner = self.store.candidate(finding.winner)
        if self._suggested(ticket, iteration, winner):
            return
        branch = _branch(iteration)
        self.store.update_run(iteration.run, base_sha=iteration.sha, branch=branch)
        sha = self._commit(ticket, iteration, winner, parent=iteration.sha)
        self._push(ticket, iteration, sha, branch, expected=None)
        self.store.end_iteration(iteration.id, winner=winner.id, head_sha=sha)
        opened = self._open(ticket, iteration, branch)
        self.store.update_run(iteration.run, merge_request=opened.iid)
        self._mark(iteration, sha)
        self._done(ticket, iteration, opened)

    def revise(self, ticket: Ticket, iteration: Iteration, finding: Finding) -> None:
        """Put a later iteration on the branch and answer in the reviewer's thread; without proof the branch stays as it is."""
        self._revised(ticket, iteration, finding)
        self.store.life.settle(iteration.run)

    def _revised(self, ticket: Ticket, iteration: Iteration, finding: Finding) -> None:
        run = self._run(iteration)
        if finding.winner is None:
            self.store.end_iteration(iteration.id, winner=None, head_sha=None)
            self._reply_in_review(ticket, iteration, proven=False)
            return
        self._still_wanted(ticket, iteration)
        winner = self.store.candidate(finding.winner)
        if not self._differences(iteration, winner, ticket.head or ""):
            # A person's commit is not ours, even where ours would be the same: the next iteration stands on it again.
            self.store.end_iteration(iteration.id, winner=winner.id, head_sha=None if ticket.upon else ticket.head)
            self._answer(ticket, iteration, said.unchanged(self._story(iteration).iterations[-1]))
            return
        sha = self._commit(ticket, iteration, winner, parent=ticket.head or "")
        self._push(ticket, iteration, sha, run.branch or "", expected=ticket.head)
        self.store.end_iteration(iteration.id, winner=winner.id, head_sha=sha)
        self._reply_in_review(ticket, iteration, proven=True)
        self._describe(iteration, run)
        self._mark(iteration, sha)
        for request in (ticket.request, *ticket.also):
            self._resolve(request)

    def _resolve(self, request: Request) -> None:
        """A thread that GitLab does not let us resolve takes nothing back of the answer in it."""
        try:
            self.forge.resolve(request.thread, request.actor)
        except Unreachable:
            raise  # the step is tried again
        except ForgeError as error:
            log.warning("thread.unresolved", request=request.id, why=str(error))

    def _suggested(self, ticket: Ticket, iteration: Iteration, winner: CandidateRow) -> bool:
        """Whether the result was small enough to stand in the diff's thread where it was asked for."""
        at, changes = ticket.request.at, self.lab.changes(winner)
        if at is None or at.sha != iteration.sha or set(changes) != {at.path}:
            return False  # asked elsewhere, or the branch went on, or more than this file changes
        before, after = self.lab.ground.repository(iteration.project).read(iteration.sha, at.path), changes[at.path]
        found = suggestion(_text(before), _text(after), at.line)
        if found is None:
            return False
        self.store.update_run(iteration.run, base_sha=iteration.sha)
        self.store.end_iteration(iteration.id, winner=winner.id, head_sha=None)
        name = iteration.target.rpartition("::")[2]
        self.desk.reply(ticket.request, render(found, self._story(iteration).iterations[-1], name))
        self.store.life.end(iteration.run, "done")
        self.board.show(iteration.run, Stage.DONE, "")
        return True

    def _mark(self, iteration: Iteration, sha: str) -> None:
        """A status on the commit that people see beside their pipelines; no run fails for the lack of one."""
        run, story = self._run(iteration), self._story(iteration)
        try:
            found = self.forge.merge_request(run.project_id, run.merge_request or 0)
            self.forge.mark(run.project_id, sha, STATUS, report.title(story), found.web_url)
        except ForgeError as error:
            log.warning("status.refused", run=run.id, why=str(error))

    def _nothing(self, ticket: Ticket, iteration: Iteration) -> None:
        if not self.store.life.publish(iteration.run):
            raise Cancelled
        self.store.end_iteration(iteration.id, winner=None, head_sha=None)
        end = self.store.ledger.fates(iteration.id).get("")
        cost = replies.search_ended(end.fate, end.data) if end else ""
        told = replies.nothing_proven(iteration.target, self.archivist.attempts(self.store.candidates(iteration.run)), cost)
        self.desk.reply(ticket.request, told)
        self.store.life.end(iteration.run, "nothing")
        self.board.show(iteration.run, Stage.DONE, "")

    def _done(self, ticket: Ticket, iteration: Iteration, opened: MergeRequest) -> None:
        told = replies.published(self._story(iteration), f"!{opened.iid}")
        self.desk.reply(ticket.request, told)
        self.store.life.end(iteration.run, "done")
        self.board.show(iteration.run, Stage.DONE, "")

    def _still_wanted(self, ticket: Ticket, iteration: Iteration) -> None:
        """Rights and wishes may have changed while we measured."""
        if not self.desk.may(ticket.request):
            raise Unanswerable(replies.permission_lost(ticket.request.username))
        thread = ticket.request.thread
        if thread.kind == "merge_request" and (found := self.forge.merge_request(thread.project, thread.iid)).state != "opened":
            raise Unanswerable(replies.closed_meanwhile(found.state))
        if not self.store.life.publish(iteration.run):  # last: from here on nobody cancels it any more
            raise Cancelled

    def _commit(self, ticket: Ticket, iteration: Iteration, winner: CandidateRow, *, parent: str) -> str:
        """The commit that makes the branch equal to base plus winner; the same arguments give the same commit."""
        repository = self.lab.ground.repository(iteration.project)
        changes = self._differences(iteration, winner, parent)
        us, when = self.forge.me(), datetime.fromtimestamp(int(self._run(iteration).created), UTC)
        address = f"{us.username}@users.noreply.{_host(ticket.clone_url)}"
        card = self.archivist.scorecard(winner)
        message = report.commit_text(iteration.target, winner.title, winner.rationale, card, iteration.run)
        return repository.commit(parent, changes, message=message, author_name=us.name, author_email=address, date=when)

    def _differences(self, iteration: Iteration, winner: CandidateRow, parent: str) -> Changes:
        """What leads from `parent` to base plus winner; nothing where the branch is there already."""
        repository = self.lab.ground.repository(iteration.project)
        patch = repository.diff(parent, repository.tree(iteration.sha, self.lab.changes(winner)))
        return repository.apply(parent, patch) if patch else {}

    def _push(self, ticket: Ticket, iteration: Iteration, sha: str, branch: str, *, expected: str | None) -> None:
        repository, origin = self.lab.ground.repository(iteration.project), self.desk.origin(ticket)
        there = repository.ls_remote(origin.url, branch, token=origin.token)
        if there == sha:
            return  # a run that was killed after its push
        if expected and there is None:
            raise Unanswerable(replies.branch_gone(branch))
        try:
            repository.push(origin.url, sha, branch, token=origin.token, expected=expected)
        except NotFastForward as error:
            raise Unanswerable(replies.branch_moved(branch)) from error
        except PushRefused as error:
            raise Unanswerable(replies.push_refused(str(error))) from error

    def _open(self, ticket: Ticket, iteration: Iteration, branch: str) -> MergeRequest:
        story = self._exhibited(iteration)
        project = ticket.request.thread.project
        text = report.description(story, project=project, key=self.key)
        labels = self.lab.ground.project(iteration).merge_request.labels
        proposal = Proposal(branch, ticket.into, report.title(story), text, labels, (ticket.request.actor,))
        try:
            return self.forge.open_merge_request(project, proposal)
        except Unreachable:
            raise  # the step is tried again
        except ForgeError as error:
            raise Unanswerable(replies.gitlab_refused(str(error))) from error

    def _describe(self, iteration: Iteration, run: RunRow) -> None:
        story = self._exhibited(iteration)

        def rewrite(present: str) -> str:
            return report.description(story, project=run.project_id, key=self.key, existing=present)

        try:
            self.forge.describe(run.project_id, run.merge_request or 0, rewrite, title=report.title(story))
        except Unreachable:
            raise  # the step is tried again
        except ForgeError as error:
            log.warning("description.refused", run=run.id, why=str(error))  # the thread has the figures all the same

    def _reply_in_review(self, ticket: Ticket, iteration: Iteration, *, proven: bool) -> None:
        story = self._story(iteration)
        *earlier, now = story.iterations
        before = next(each for each in reversed(earlier) if each.commit)
        self._answer(ticket, iteration, said.reply(before, now) if proven else said.nothing(before, now))

    def _answer(self, ticket: Ticket, iteration: Iteration, text: str) -> None:
        """The same answer wherever something was asked for that the iteration tried."""
        if ticket.upon:
            text = f"{text}\n\n{said.upon(ticket.upon, self._measured(iteration.run, ticket.upon))}"
        for request in (ticket.request, *ticket.also):
            self.desk.reply(request, text)

    def _measured(self, run: str, sha: str) -> Scorecard | None:
        """What was found when a person's commit was measured."""
        kept = [check.scorecard for check in self.store.checks(run) if check.sha == sha and check.scorecard]
        return self.lab.scorecard(kept[-1]) if kept else None

    def _story(self, iteration: Iteration) -> Story:
        settings = self.lab.ground.project(iteration).merge_request
        return replace(self.archivist.story(self._run(iteration)), closes=settings.issue == "closes")

    def _exhibited(self, iteration: Iteration) -> Story:
        """The story with its chart and files, for the description."""
        exhibits = Exhibits(self.forge, self.store, self.lab.ground.blobs)
        pictures = self.lab.ground.project(iteration).merge_request.pictures
        return exhibits.beside(self._run(iteration), iteration.id, self._story(iteration), pictures=pictures)

    def _run(self, iteration: Iteration) -> RunRow:
        row = self.store.run(iteration.run)
        if row is None:
            raise LookupError(f"run {iteration.run} is not in the store")
        return row


def _text(content: bytes | None) -> str:
    """What a suggestion can be made from; a file that is no text has nothing to suggest."""
    try:
        return (content or b"").decode()
    except UnicodeDecodeError:
        return ""


def _branch(iteration: Iteration) -> str:
    """Named from the run, so that a restart finds it; says the function's name for people."""
    name = "".join(letter if letter.isalnum() else "-" for letter in iteration.target.rpartition("::")[2].lower()).strip("-")
    return f"hasten/{name[:40]}-{iteration.run[-8:]}"


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
