"""Where reviews are let in: all that was said on a merge request of ours, understood, and made into one iteration."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desk import Desk, Ticket
from bot.ending import Unanswerable
from bot.footing import footing
from bot.ground import Ground
from bot.iteration import Iteration
from bot.memory import Asked, Heard
from bot.report import merge_request as report
from bot.report import quote, replies
from bot.request import Request
from bot.store import RunRow, Store
from bot.story import Archivist
from bot.thread import Thread
from handlers.commands import praises

if TYPE_CHECKING:  # the model's SDK is loaded only where there is a key for it
    from bot.reading import Reader

TALK = "remark"
OVER = ("approved", "merged", "closed")  # after these only commands are obeyed
Order = tuple[Request, Asked]


@dataclass(slots=True)
class Review:
    """The way in for what reviewers say."""

    desk: Desk
    store: Store
    archivist: Archivist
    ground: Ground
    rules: Sequence[str] = ()  # what avoid and prefer can name
    reader: "Reader | None" = None  # of free text; None without a model

    def hear(self, request: Request) -> None:
        """Remember a remark before it waits for its turn; what is said on merge requests of others is not kept.

        Hooks come out of order: what a comment said before an edit that was heard already is nobody's wish any more.
        """
        thread = request.thread
        late = thread.note and not request.edited and self.store.memory.edited(thread.project, thread.kind, thread.note)
        if self.desk.ours(request) and not late:
            self.store.memory.hear(request.id, request.thread.project, request.thread.iid, request.to_json())

    def supersede(self, thread: Thread, by: Collection[str]) -> None:
        """A comment was edited: of what waits for its turn only these requests are still what it says."""
        self.store.memory.supersede(thread.project, thread.kind, thread.note or 0, by)

    def acknowledge(self, request: Request) -> bool:
        """React at once to what is meant for us; whether more of the same review is worth waiting for."""
        heard, run = self.store.memory.heard(request.id), self.desk.opened(request.thread)
        if heard is None or heard.taken_by or run is None:
            return False
        try:
            return self._addressed(run, request)
        except Unanswerable:
            return False  # the sentence is said where the review is let in

    def admit(self, iteration_id: str, request: Request) -> Ticket | None:
        """One iteration for all that waits on the merge request; None where nothing of it asks for one."""
        run, thread = self.desk.opened(request.thread), request.thread
        if run is None:
            self._stranger(request)
            return None
        waiting = self.store.memory.take(iteration_id, thread.project, thread.iid)
        orders = self._agreed([order for heard in waiting for order in self._order(run, heard)])
        if not orders:
            return None
        project, found = self.desk.forge.project(thread.project), self.desk.forge.merge_request(thread.project, thread.iid)
        if found.sha is None:
            raise Unanswerable(replies.branch_gone(run.branch or ""))
        self.store.life.settle(run.id)  # a cancellation that was meant for an earlier review
        self.store.start_iteration(iteration_id, run.id, self._learn(run, orders))
        base, config, options = run.base_sha or "", project.default_branch or "HEAD", run.options or {}
        iteration = Iteration(f"gitlab-{project.id}", run.id, iteration_id, base, run.target or "", options=options)
        first, *others = (order[0] for order in orders)
        upon = found.sha if found.sha not in self._pushed(run) else ""  # people's commits are built on, and never overwritten
        into, also = found.target_branch, tuple(others)
        return Ticket(first, iteration, project.clone_url, base, config, into, "", found.sha, also, upon)

    def end(self, iteration_id: str, request: Request, sentence: str) -> None:
        """Close a review that stops before its time, in one clear sentence wherever something was asked for.

        What it took and never came to understand is left to the next one. What went wrong after an answer is said beside it.
        """
        self.store.memory.hand_back(iteration_id)  # first, as all that is ours: whatever GitLab says to the rest
        asked = [Request.from_json(each.request) for each in self.store.memory.taken(iteration_id) if each.meaning]
        answered = self._close(iteration_id, self.desk.opened(request.thread))
        for each in (asked or [request]) if sentence else ():
            self.desk.reply(each, sentence, about="afterwards" if answered else "")

    def _close(self, iteration_id: str, run: RunRow | None) -> bool:
        """End an iteration without a result; whether it had one already."""
        row = next((each for each in self.store.iterations(run.id) if each.id == iteration_id), None) if run else None
        if run is None or row is None:
            return False
        if row.ended is None:
            self.store.end_iteration(iteration_id, winner=None, head_sha=None)
        self.store.life.settle(run.id)
        return row.head_sha is not None

    def _stranger(self, request: Request) -> None:
        """On a merge request of somebody else people talk to each other; a rule for it is answered."""
        if request.verb != TALK:
            self.desk.check(request)
            raise Unanswerable(replies.nothing_to_steer())

    def _order(self, run: RunRow, heard: Heard) -> Iterator[Order]:
        """What one remark asks for, if anything; understood once, and answered where the answer is a sentence."""
        request, meaning = Request.from_json(heard.request), heard.meaning
        if meaning is None:
            meaning = self._answered(run, request) or {}
            self.store.memory.understand(heard.id, meaning)
        if meaning:
            yield request, meaning

    def _answered(self, run: RunRow, request: Request) -> Asked | None:
        try:
            if not self._addressed(run, request):
                return None
            return self._asked(run, request)
        except Unanswerable as ending:
            if str(ending):
                self.desk.reply(request, str(ending))
            return None

    def _addressed(self, run: RunRow, request: Request) -> bool:
        """Whether this is for us: what those without rights say to each other moves nothing, nor does talk after the end."""
        if request.verb == TALK and (request.thread.internal or run.ending in OVER or not self.desk.may(request)):
            return False
        if self.desk.forge.resolved(request.thread):
            return False  # settled among people before we came to it
        found = self.desk.forge.merge_request(request.thread.project, request.thread.iid)
        if found.state != "opened" and self.desk.may(request):
            raise Unanswerable("" if request.verb == TALK else replies.closed_meanwhile(found.state))
        self.desk.check(request)
        return True

    def _asked(self, run: RunRow, request: Request) -> Asked | None:
        """What a review asks for; None where nothing is. Raises Unanswerable where the answer is a sentence."""
        if request.verb == TALK:
            return self._understood(run, request)
        unknown = [word for word in request.words if word not in self.rules]
        if unknown and self.rules and self.reader is None:  # a model may follow words that no recipe knows
            raise Unanswerable(replies.unknown_rule(unknown[0], self.rules))
        return {request.verb: request.words}

    def _understood(self, run: RunRow, request: Request) -> Asked | None:
        if self.reader is None:
            if praises(request.text):
                return None
            raise Unanswerable(replies.needs_model(request.text))
        story = self.archivist.story(run)
        remark = self.reader.read(request.text, report.body(story))
        match remark.kind:
            case "order":
                wish = quote.visible(remark.wish)  # it is kept and told to other models: no secret goes with it
                return {"avoid": remark.avoid, "prefer": remark.prefer, "remark": (wish,) if wish else ()}
            case "question":
                raise Unanswerable(replies.answer(remark.answer, story.published))
            case "praise":
                return None
            case _:
                raise Unanswerable(replies.unclear(request.text))

    def _agreed(self, orders: Sequence[Order]) -> list[Order]:
        """The orders without what reviewers contradict each other in: each of them is told, and neither is followed."""
        avoided, preferred = ({word for _, asked in orders for word in asked.get(verb, ())} for verb in ("avoid", "prefer"))
        torn = avoided & preferred
        kept: list[Order] = []
        for request, asked in orders:
            if said := sorted(torn & {*asked.get("avoid", ()), *asked.get("prefer", ())}):
                self.desk.reply(request, replies.torn(said), about="torn")
            left = {verb: tuple(word for word in words if word not in torn) for verb, words in asked.items()}
            if any(left.values()):
                kept.append((request, left))
        return kept

    def _learn(self, run: RunRow, orders: Sequence[Order]) -> str:
        """Keep what was asked for as lessons of the project; the rule as understood."""
        for request, asked in orders:
            if request.verb == TALK and request.thread.note:
                self.store.memory.unlearn(run.project_id, request.thread.note)  # of an edited comment the newest words count
            for verb, words in asked.items():
                for word in words:
                    source, note = f"!{request.thread.iid}", request.thread.note or 0
                    self.store.memory.learn(run.project_id, verb, word, note=note, source=source)
        return "; ".join(dict.fromkeys(rule for _, asked in orders for rule in _rules(asked)))

    def stand(self, ticket: Ticket, iteration: Iteration) -> Iteration:
        """The iteration on what people have made of the branch since we opened the merge request."""
        run = self.store.run(iteration.run)
        if run is None:
            raise LookupError(f"run {iteration.run} is not in the store")
        stands = footing(self.ground, iteration, self._pushed(run), ticket.head or "", run.created)
        self.ground.check_target(replace(stands, sha=stands.start or stands.sha))  # people may have moved it
        return stands

    def _pushed(self, run: RunRow) -> list[str]:
        """The commits that we put on a run's branch, oldest first."""
        return list(dict.fromkeys(row.head_sha for row in self.store.iterations(run.id) if row.head_sha))


def _rules(asked: Mapping[str, Sequence[str]]) -> list[str]:
    named = [f"{verb} {', '.join(asked[verb])}" for verb in ("avoid", "prefer") if asked.get(verb)]
    return [*named, *asked.get("remark", ())]
