"""What became of a merge request of ours: measured again after a person's push, after the merge, and from time to time."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.board import Board
from bot.desk import Desk, Ticket
from bot.ending import Unanswerable
from bot.evaluator import Changes
from bot.footing import taken_out, with_theirs
from bot.forge import Gone
from bot.iteration import Iteration
from bot.lab import Lab
from bot.report import marker
from bot.report import recheck as said
from bot.report.facts import Checked
from bot.request import Request
from bot.store import RunRow, Store
from bot.thread import Thread
from evaluation.scorecard import Outcome, Scorecard
from sandbox.git import GitError

EVERY = {"daily": 1, "weekly": 7, "monthly": 30}  # days
WATCHED = 365  # days after its run that a merged change is still looked at


@dataclass(slots=True)
class Recheck:
    """Compares what people have now with what they would have without our change."""

    desk: Desk
    store: Store
    lab: Lab
    board: Board
    key: bytes

    def admit(self, workflow: str, request: Request) -> Ticket | None:
        """Where to measure; None where there is nothing to measure."""
        run = self.desk.opened(request.thread)
        if run is None or run.target is None or not run.branch:
            return None
        ours = {row.head_sha for row in self.store.iterations(run.id) if row.head_sha}
        if request.verb == "pushed" and (request.words[0] in ours or run.ending in ("merged", "closed")):
            return None  # our own commit, told late; or nobody's business any more
        project = self.desk.forge.project(request.thread.project)
        if project.archived:
            return None
        found = self.desk.forge.merge_request(project.id, request.thread.iid)
        measured = request.words[0] if request.verb == "pushed" else found.target_branch
        iteration = Iteration(f"gitlab-{project.id}", run.id, workflow, "", run.target, options=run.options or {})
        return Ticket(request, iteration, project.clone_url, measured, project.default_branch or "HEAD", found.target_branch)

    def requests(self, now: float) -> list[Request]:
        """One a day for each change that was merged lately; whether it is measured is said by its project's schedule."""
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        watched = [run for run in self.store.merged() if now - (run.ended or now) < WATCHED * 86_400]
        return [_request(run, day) for run in watched]

    def unmeasured(self, ticket: Ticket) -> Request | None:
        """The push that a review goes on top of, where nobody has measured it yet."""
        if any(check.sha == ticket.upon for check in self.store.checks(ticket.iteration.run)):
            return None
        request = ticket.request
        return Request(f"pushed-{ticket.iteration.id}", request.thread, 0, "", "pushed", (ticket.upon,))

    def due(self, run: RunRow, schedule: str, now: float) -> bool:
        """Whether a merged change is to be measured again; `schedule` is the project's."""
        last = max((check.created for check in self.store.checks(run.id)), default=run.ended or now)
        return schedule in EVERY and now - last >= EVERY[schedule] * 86_400

    def snapshot(self, ticket: Ticket) -> Iteration:
        """What to compare with: for a push the run's base, with people's tests; for a merge the branch without our change."""
        ground, run = self.lab.ground, self._run(ticket)
        found = ground.fetch(ticket.iteration, self.desk.origin(ticket), ticket.base, ticket.config)
        self._scheduled(ticket, found, run)
        if ticket.request.verb == "pushed":
            base = replace(found, sha=run.base_sha or found.sha)
            return replace(base, sha=with_theirs(ground, base, found.sha, run.created))
        without = replace(found, sha=self._without(found, run))
        ground.check_target(without)
        return without

    def measure(self, ticket: Ticket, iteration: Iteration) -> str:
        """Blob of the scorecard of what people have, against that."""
        return self.lab.ground.blobs.put_json(self.lab.measure(iteration, self._changes(ticket, iteration)).to_json())

    def report(self, ticket: Ticket, iteration: Iteration, blob: str) -> None:
        """Remember it, and say it on the merge request; what was found on schedule only where a win is lost."""
        card, run, verb = self.lab.scorecard(blob), self._run(ticket), ticket.request.verb
        holds = card.outcome is Outcome.ACCEPTED
        self.store.check(iteration.id, run.id, sha=self._sha(ticket), occasion=verb, holds=holds, scorecard=blob)
        if verb == "schedule" and card.outcome is not Outcome.REJECTED:
            return
        self._say(ticket, said.checked(self._checked(ticket, card)))

    def end(self, request: Request, sentence: str) -> None:
        """Say why it could not be measured; on schedule nobody asked."""
        run = self.desk.opened(request.thread)
        if sentence and run is not None and request.verb != "schedule":
            self._note(request, run, said.not_measured(request.verb, sentence))

    def _scheduled(self, ticket: Ticket, iteration: Iteration, run: RunRow) -> None:
        if ticket.request.verb == "schedule":
            schedule = self.lab.ground.project(iteration).schedule
            if not self.due(run, schedule, time.time()):
                raise Unanswerable("")

    def _without(self, iteration: Iteration, run: RunRow) -> str:
        """A commit, here only, that takes our change out of the branch again. Raises Unanswerable where that cannot be done."""
        repository = self.lab.ground.repository(iteration.project)
        heads = [row.head_sha for row in self.store.iterations(run.id) if row.head_sha]
        try:
            return taken_out(repository, iteration.sha, repository.diff(heads[-1], run.base_sha or ""), run.created)
        except GitError as error:
            raise Unanswerable(said.moved_on()) from error

    def _changes(self, ticket: Ticket, iteration: Iteration) -> Changes:
        """What leads from the compared commit to what people have."""
        repository = self.lab.ground.repository(iteration.project)
        patch = repository.diff(iteration.sha, self._sha(ticket))
        return repository.apply(iteration.sha, patch) if patch else {}

    def _sha(self, ticket: Ticket) -> str:
        return self.lab.ground.repository(ticket.iteration.project).resolve(ticket.base)

    def _checked(self, ticket: Ticket, card: Scorecard) -> Checked:
        request = ticket.request
        return Checked(request.verb, request.username, self._sha(ticket), ticket.into, card)

    def _say(self, ticket: Ticket, text: str) -> None:
        self._note(ticket.request, self._run(ticket), text)

    def _note(self, request: Request, run: RunRow, text: str) -> None:
        """One note per occasion, edited in place."""
        mark = marker.stamp(marker.Marker("check", run.project_id, run.id, request.verb), self.key)
        try:
            self.desk.forge.say(replace(request.thread, note=None, discussion=None), mark, f"{text}\n\n{mark}")
        except Gone:
            return

    def _run(self, ticket: Ticket) -> RunRow:
        row = self.store.run(ticket.iteration.run)
        if row is None:
            raise LookupError(f"run {ticket.iteration.run} is not in the store")
        return row


def _request(run: RunRow, day: str) -> Request:
    thread = Thread(run.project_id, "merge_request", run.merge_request or 0)
    return Request(f"schedule-{run.id}-{day}", thread, 0, "", "schedule")
