"""What happens after a command: the workflows, as short as the README tells them. They compose and decide nothing."""

from collections.abc import Callable
from typing import Any

import structlog

from bot import engine, inbox
from bot.answers import Answers
from bot.desk import Desk, Ticket
from bot.ending import Cancelled, Unanswerable
from bot.engine import step
from bot.iteration import Iteration
from bot.lab import Lab
from bot.press import Press
from bot.reconciler import Reconciler
from bot.report import replies
from bot.request import Request
from bot.search import search
from handlers import events

log = structlog.get_logger()
Payload = dict[str, Any]


def queues(runs: int) -> tuple[engine.Queue, ...]:
    """Where work waits: at most `runs` commands and as many reviews at once, and one review at a time per merge request."""
    reviews = engine.Queue("reviews", runs, per_partition=1)
    arrivals = engine.Queue("inbox", 1)  # one by one, in the order of arrival: a cancel must not overtake what it cancels
    return (arrivals, engine.Queue("replies", 4), engine.Queue("runs", runs), reviews, engine.Queue("sweeps", 1))


class Workflows:
    """The durable functions of the bot, over its desk (who asks), its lab (what we measure) and its press (what we push)."""

    def __init__(self, desk: Desk, answers: Answers, lab: Lab, press: Press, reconciler: Reconciler) -> None:
        self._desk, self._answers, self._lab, self._press, self._reconciler = desk, answers, lab, press, reconciler
        self.inbox = engine.register("inbox", self._inbox)
        self.sweep = engine.register("sweep", self._sweep)
        self.answer = engine.register("answer", self._answer)
        self.optimize = engine.register("optimize", self._guarded(self._optimize))
        self.revise = engine.register("revise", self._guarded(self._revise))

    def _inbox(self, payload: Payload) -> None:
        """Read one delivery and start what it asks for, each command once."""
        event = events.parse(payload["headers"], payload["body"].encode())
        us = step("whoami", self._desk.us)
        if isinstance(event, events.TokenEvent) and event.user_id == us.id:
            log.error("token.expires", on=event.expires, token=event.name, cure="make a new one and set HASTEN_GITLAB_TOKEN")
        for request in inbox.requests(event, us=us.id, name=us.username, word=self._desk.word):
            self.start(request)

    def _sweep(self, payload: Payload) -> None:
        """Start what webhooks should have told us of."""
        for request in step("missed", self._reconciler.missed, payload["since"], payload["born"]):
            self.start(request)

    def start(self, request: Request) -> None:
        """Put one command into its queue; a command that is known already starts nothing."""
        match request.verb:
            case "optimize" | "retry":
                step("expect", self._desk.expect, request)
                engine.enqueue("runs", self.optimize, request.id, request.to_json())
            case "avoid" | "prefer" | "remark":
                thread = request.thread
                partition = f"{thread.project}-{thread.kind}-{thread.iid}"
                engine.enqueue("reviews", self.revise, request.id, request.to_json(), partition=partition)
            case _:
                engine.enqueue("replies", self.answer, request.id, request.to_json())

    def _answer(self, payload: Payload) -> None:
        """Answer what needs no measuring: status, help, explain, compare, cancel, mistakes."""
        step("answer", self._answers.answer, Request.from_json(payload))

    def _optimize(self, request: Request) -> None:
        """Answer one `/optimize`: find slow code, try changes, keep what is proven, open one merge request."""
        ticket: Ticket = step("admit", self._desk.admit, engine.current(), request)
        iteration = step("snapshot", self._snapshot, ticket)
        step("environment", self._lab.prepare, iteration)
        iteration = step("localize", self._lab.localize, iteration)
        iteration = step("baseline", self._lab.baseline, iteration)
        finding = search(step, self._lab, iteration, self._lab.plan(iteration))
        step("publish", self._press.publish, ticket, iteration, finding)

    def _revise(self, request: Request) -> None:
        """Answer one review comment: the same search under what was asked, re-measured whole, pushed only when proven."""
        ticket = step("admit", self._desk.admit_remark, engine.current(), request)
        if ticket is None:
            return
        iteration = step("snapshot", self._snapshot, ticket)
        iteration = step("baseline", self._lab.baseline, iteration)
        finding = search(step, self._lab, iteration, self._lab.plan(iteration))
        step("publish", self._press.revise, ticket, iteration, finding)

    def _snapshot(self, ticket: Ticket) -> Iteration:
        ground = self._lab.ground
        iteration = ground.fetch(ticket.iteration, self._desk.origin(ticket), ticket.base, ticket.config)
        ground.project(iteration)  # what is wrong with the settings or the target is said before anything is built
        if iteration.target:
            ground.check_target(iteration)
        return iteration

    def _guarded(self, body: Callable[[Request], None]) -> engine.Workflow:
        """Ends a run in one clear sentence where it cannot go on; a bug is logged, said with the run's id, and flies on."""

        def run(payload: Payload) -> None:
            request = Request.from_json(payload)
            try:
                body(request)
            except Unanswerable as ending:
                step("end", self._desk.end, engine.current(), request, "refused", str(ending))
            except Cancelled:
                step("end", self._desk.end, engine.current(), request, "cancelled", "")  # whoever cancelled was answered already
            except Exception:  # the boundary of a run: whoever asked must hear of it, the operator finds the traceback
                log.exception("run.failed", run=engine.current())
                step("end", self._desk.end, engine.current(), request, "failed", replies.internal_error(engine.current()))

        return run
