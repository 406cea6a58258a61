"""Answers to what needs no measuring: help, status, explain, compare, cancel, lessons, feedback, mistakes, how things ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.board import Board
from bot.desk import WAITING, Desk
from bot.ending import Unanswerable
from bot.report import replies
from bot.report.facts import Stage
from bot.request import Request
from bot.store import RunRow, Store
from bot.story import Archivist


@dataclass(slots=True)
class Answers:
    """Reads what we remember and says it."""

    desk: Desk
    store: Store
    board: Board
    archivist: Archivist
    rules: Sequence[str] = ()  # what avoid and prefer can name

    def answer(self, request: Request) -> None:
        """Say one thing in the command's thread; what was no command is taken note of without a word."""
        if request.verb in ("feedback", "ended"):
            return self._noted(request)
        try:
            self.desk.check(request)
            text = self._text(request)
        except Unanswerable as ending:
            text = str(ending)
        if text:
            self.desk.reply(request, text)
        return None

    def _noted(self, request: Request) -> None:
        """Remember what people made of a run, and show it where the run is shown."""
        runs = self.desk.runs(request.thread)
        on_itself = request.verb == "ended" or not request.text
        if not runs or (on_itself and not self.desk.ours(request)):
            return
        if request.verb == "ended":
            self._ended(runs[0], request)
        elif not self.desk.forge.account(request.actor).bot:
            self._thumb(runs[0], request)
        if fresh := self.store.run(runs[0].id):
            self.board.refresh(fresh)

    def _thumb(self, run: RunRow, request: Request) -> None:
        (action, name), memory, awarded = request.words, self.store.memory, request.text
        if action == "award":
            memory.applaud(run.id, run.project_id, awarded, request.actor, name)
        else:
            memory.take_back(run.project_id, awarded, request.actor, name)

    def _ended(self, run: RunRow, request: Request) -> None:
        """The merge request was approved, merged, closed, or came back: what is still under way there is for nobody."""
        state = self.desk.forge.merge_request(run.project_id, request.thread.iid).state  # hooks come late and out of order
        ending = state if state in ("merged", "closed") else request.words[0] if request.words[0] == "approved" else ""
        self.store.update_run(run.id, ending=ending or None)
        if ending in ("merged", "closed"):
            self.store.memory.drop(run.project_id, request.thread.iid)
            if self._in_review(run):
                self.store.update_run(run.id, state="cancelling")

    def _text(self, request: Request) -> str:
        match request.verb:
            case "help":
                return replies.help_text(bot=self.desk.us().username, word=self.desk.word)
            case "mistake":
                return replies.mistake(request.text, str(request.options.get("advice", "")))
            case "lessons":
                return replies.lessons(self.store.memory.lessons(request.thread.project))
            case "forget" | "reword":
                return self._lesson(request)
        runs = self.desk.runs(request.thread)
        if not runs:
            return replies.no_run_here()
        match request.verb:
            case "cancel":
                return self._cancel(runs)
            case "status":
                return self.board.text(runs[0])
            case "compare":
                return replies.compare(self.archivist.story(runs[0]).iterations)
            case _:
                return self._explain(runs[0], request.words)

    def _cancel(self, runs: list[RunRow]) -> str:
        active = [run for run in runs if run.state in (WAITING, "running", "cancelling") or self._in_review(run)]
        for run in active:
            self.store.update_run(run.id, state="cancelling")
            if run.ended is None:  # the status note tells of a run's first pass; a review is followed in its own thread
                self.board.show(run.id, Stage.CANCELLED, "")
        waiting = sum(self.store.memory.drop(run.project_id, run.merge_request) for run in runs if run.merge_request)
        return replies.cancelling(len(active) or min(waiting, 1))

    def _lesson(self, request: Request) -> str:
        """Forget a lesson, or say it in other words."""
        memory, project, number = self.store.memory, request.thread.project, int(request.words[0])
        if request.verb == "forget":
            found = memory.forget(project, number)
            return replies.forgotten(found) if found else replies.no_such_lesson(number)
        known = {each.number: each for each in memory.lessons(project)}
        if (lesson := known.get(number)) is None:
            return replies.no_such_lesson(number)
        if lesson.verb != "remark" and self.rules and request.text not in self.rules and not self.desk.understands:
            return replies.unknown_rule(request.text, self.rules)
        memory.reword(project, number, request.text)
        return replies.reworded(lesson, request.text)

    def _in_review(self, run: RunRow) -> bool:
        return run.state == "done" and any(row.ended is None for row in self.store.iterations(run.id))

    def _explain(self, run: RunRow, words: tuple[str, ...]) -> str:
        judged = [row for row in self.store.candidates(run.id) if row.outcome]
        winners = [row.winner for row in self.store.iterations(run.id) if row.winner]
        if words:
            found = [row for number, row in enumerate(judged, 1) if words[0] in (str(number), row.id.rpartition(":")[2])]
        else:
            found = [row for row in judged if row.id in winners[-1:]] or judged[-1:]
        if not found:
            return replies.unknown_candidate(words[0] if words else "", len(judged))
        return replies.explain(found[0].attempt(), self.archivist.change(found[0]), self.archivist.scorecard(found[0]))
