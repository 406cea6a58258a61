"""What happens after a command: the workflows, as short as the README tells them. They compose and decide nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from bot import aim, engine, inbox
from bot.answers import Answers
from bot.desk import Desk, Ticket
from bot.ending import Cancelled, Unanswerable
from bot.engine import step
from bot.iteration import Iteration
from bot.lab import Lab
from bot.press import Press
from bot.recheck import Recheck
from bot.reconciler import Reconciler
from bot.report import replies
from bot.request import Request
from bot.review import Review
from bot.search import search
from handlers import events

log = structlog.get_logger()
Payload = dict[str, Any]


def queues(runs: int) -> tuple[engine.Queue, ...]:
    """Where work waits: at most `runs` commands and as many reviews at once, and one review at a time per merge request."""
    reviews = engine.Queue("reviews", runs, per_partition=1)
    arrivals = engine.Queue("inbox", 1)  # one by one, in the order of arrival: a cancel must not overtake what it cancels
    return (arrivals, engine.Queue("replies", 4), engine.Queue("runs", runs), reviews, engine.Queue("sweeps", 1))


@dataclass(frozen=True, slots=True)
class Rooms:
    """Who does what: desk and review (who asks), lab (what we measure), press (what we push), recheck (what became of it)."""

    desk: Desk
    review: Review
    answers: Answers
    lab: Lab
    press: Press
    recheck: Recheck
    reconciler: Reconciler
    pause: float = 0.0  # seconds that a review's remarks are collected for


class Workflows:
    """The durable functions of the bot."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms, self._desk, self._lab = rooms, rooms.desk, rooms.lab
        self.inbox = engine.register("inbox", self._inbox)
        self.sweep = engine.register("sweep", self._sweep)
        self.answer = engine.register("answer", self._answer)
        self.optimize = engine.register("optimize", self._guarded(self._optimize, self._desk.end))
        self.revise = engine.register("revise", self._guarded(self._revise, self._end_review))
        self.recheck = engine.register("recheck", self._guarded(self._recheck, self._end_recheck))

    def _inbox(self, payload: Payload) -> None:
        """Read one delivery and start what it asks for, each command once."""
        event = events.parse(payload["headers"], payload["body"].encode())
        us = step("whoami", self._desk.us)
        if isinstance(event, events.TokenEvent) and event.user_id == us.id:
            log.error("token.expires", on=event.expires, token=event.name, cure="make a new one and set HASTEN_GITLAB_TOKEN")
        asked = inbox.requests(event, us=us.id, name=us.username, word=self._desk.word, label=self._desk.label)
        if (comment := inbox.edited(event)) is not None:
            step("supersede", self._rooms.review.supersede, comment, [each.id for each in asked])
        for request in asked:
            self.start(step("act", self._rooms.reconciler.act, request) if request.occasion else request)

    def _sweep(self, payload: Payload) -> None:
        """Start what webhooks should have told us of."""
        for request in step("missed", self._rooms.reconciler.missed, payload["since"], payload["born"]):
            self.start(request)

    def start(self, request: Request) -> None:
        """Put one command into its queue; a command that is known already starts nothing."""
        match request.verb:
            case "optimize" | "retry":
                step("expect", self._desk.expect, request)
                engine.enqueue("runs", self.optimize, request.id, request.to_json())
            case "remark" if not step("ours", self._desk.ours, request):
                return  # people talking to each other on a merge request of theirs
            case "avoid" | "prefer" | "remark":
                step("hear", self._rooms.review.hear, request)
                engine.enqueue("reviews", self.revise, request.id, request.to_json(), partition=_place(request))
            case "pushed" | "merged" | "schedule":
                if step("ours", self._desk.ours, request):
                    engine.enqueue("reviews", self.recheck, request.id, request.to_json(), partition=_place(request))
            case _:
                engine.enqueue("replies", self.answer, request.id, request.to_json())

    def tick(self, now: float) -> None:
        """Start what the calendar asks for, each of it once however often this is called."""
        for request in self._rooms.recheck.requests(now):
            engine.enqueue("reviews", self.recheck, request.id, request.to_json(), partition=_place(request))

    def _answer(self, payload: Payload) -> None:
        """Answer what needs no measuring: status, help, explain, compare, cancel, lessons, feedback, mistakes."""
        step("answer", self._rooms.answers.answer, Request.from_json(payload))

    def _optimize(self, request: Request) -> None:
        """Answer one `/optimize`: find slow code, try changes, keep what is proven, open one merge request."""
        ticket: Ticket = step("admit", self._desk.admit, engine.current(), request)
        iteration = step("snapshot", self._snapshot, ticket)
        step("environment", self._lab.prepare, iteration)
        iteration = step("localize", self._lab.localize, iteration)
        if iteration.ranked:
            step("hotspots", self._desk.propose, request, iteration)
        iteration = step("baseline", self._lab.baseline, iteration)
        finding = search(step, self._lab, iteration, self._lab.plan(iteration))
        step("publish", self._rooms.press.publish, ticket, iteration, finding)

    def _revise(self, request: Request) -> None:
        """Answer one review: the same search under all that was asked, re-measured whole, pushed only when proven."""
        if step("acknowledge", self._rooms.review.acknowledge, request):
            engine.pause(self._rooms.pause)
        ticket = step("admit", self._rooms.review.admit, engine.current(), request)
        if ticket is None:
            return
        if ticket.upon and (push := step("unmeasured", self._rooms.recheck.unmeasured, ticket)):
            self._catch_up(push)
        iteration = step("stand", self._rooms.review.stand, ticket, step("snapshot", self._snapshot, ticket))
        iteration = step("baseline", self._lab.baseline, iteration)
        finding = search(step, self._lab, iteration, self._lab.plan(iteration))
        step("publish", self._rooms.press.revise, ticket, iteration, finding)

    def _catch_up(self, push: Request) -> None:
        """Measure a push that no hook told of; whatever comes of it, the review goes on."""
        try:
            self._recheck(push)
        except Unanswerable as ending:
            step("unmeasurable", self._rooms.recheck.end, push, str(ending))

    def _recheck(self, request: Request) -> None:
        """Measure what became of a merge request of ours: after a person's push, after the merge, and from time to time."""
        ticket = step("admit", self._rooms.recheck.admit, engine.current(), request)
        if ticket is None:
            return
        iteration = step("snapshot", self._rooms.recheck.snapshot, ticket)
        iteration = step("baseline", self._lab.baseline, iteration)
        card = step("measure", self._rooms.recheck.measure, ticket, iteration)
        step("report", self._rooms.recheck.report, ticket, iteration, card)

    def _snapshot(self, ticket: Ticket) -> Iteration:
        ground = self._lab.ground
        iteration = ground.fetch(ticket.iteration, self._desk.origin(ticket), ticket.base, ticket.config)
        iteration = aim.at_what(ground, iteration, ticket.request, ticket.beside)
        ground.project(iteration)  # what is wrong with the settings or the target is said before anything is built
        if iteration.target:
            ground.check_target(iteration)
            self._desk.aim(iteration)
        return iteration

    def _end_review(self, workflow: str, request: Request, state: str, sentence: str) -> None:
        del state  # the run that opened the merge request has ended long ago
        self._rooms.review.end(workflow, request, sentence)

    def _end_recheck(self, workflow: str, request: Request, state: str, sentence: str) -> None:
        del workflow, state  # a measurement more or less changes no run
        self._rooms.recheck.end(request, sentence)

    def _guarded(self, body: Callable[[Request], None], end: Callable[[str, Request, str, str], None]) -> engine.Workflow:
        """Ends a run in one clear sentence where it cannot go on; a bug is logged, said with the run's id, and flies on."""

        def run(payload: Payload) -> None:
            request = Request.from_json(payload)
            try:
                body(request)
            except Unanswerable as ending:
                step("end", end, engine.current(), request, "refused", str(ending))
            except Cancelled:
                step("end", end, engine.current(), request, "cancelled", "")  # whoever cancelled was answered already
            except Exception:  # the boundary of a run: whoever asked must hear of it, the operator finds the traceback
                log.exception("run.failed", run=engine.current())
                step("end", end, engine.current(), request, "failed", replies.internal_error(engine.current()))

        return run


def _place(request: Request) -> str:
    thread = request.thread
    return f"{thread.project}-{thread.kind}-{thread.iid}"
