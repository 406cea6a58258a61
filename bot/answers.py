"""Answers to what needs no measuring: help, status, explain, compare, cancel, lessons, feedback, mistakes, how things ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.board import Board
from bot.desk import Desk
from bot.ending import Unanswerable
from bot.report import quote, replies
from bot.report.facts import Stage
from bot.request import Request
from bot.store import CandidateRow, RunRow, Store
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
            self._noted(request)
            return
        try:
            self.desk.check(request)
            text = self._text(request)
        except Unanswerable as ending:
            if str(ending):
                self.desk.reply(request, str(ending))
            return
        self.desk.reply(request, text)
        self._teach(request)

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
            self.store.memory.drop(run.project_id, request.thread.iid, request.id)
            self.store.life.stop(run.id, request.id)

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
        if request.verb == "cancel" and (stoppable := self.desk.stoppable(request.thread)):
            return self._cancel(request, stoppable)
        runs = self.desk.runs(request.thread)
        if not runs:
            return replies.no_run_here()
        match request.verb:
            case "status":
                return self.board.text(runs[0])
            case "compare":
                return replies.compare(self.archivist.story(runs[0]).iterations)
            case _:
                return self._explain(runs[0], request.words)

    def _cancel(self, request: Request, runs: list[RunRow]) -> str:
        """Stop all, under the command's own id: whoever is killed on the way counts the same ones when it comes here again."""
        for run in runs:
            self.store.life.stop(run.id, request.id)
        stopped = [run for run in runs if self.store.life.stopped(run.id, request.id)]
        waiting = sum(self.store.memory.drop(run.project_id, run.merge_request, request.id) for run in runs if run.merge_request)
        for run in stopped:
            if run.ended is None:  # the status note tells of a run's first pass; a review is followed in its own thread
                self.board.show(run.id, Stage.CANCELLED, "")
        return replies.cancelling(len(stopped) or min(waiting, 1))

    def _lesson(self, request: Request) -> str:
        """What comes of forgetting a lesson, or of saying it in other words. Raises Unanswerable where it cannot be done."""
        number = int(request.words[0])
        lesson = next((each for each in self.store.memory.lessons(request.thread.project) if each.number == number), None)
        if lesson is None:
            raise Unanswerable(replies.no_such_lesson(number))
        if request.verb == "forget":
            return replies.forgotten(lesson)
        words = quote.visible(request.text)
        if lesson.verb != "remark" and self.rules and words not in self.rules and not self.desk.understands:
            raise Unanswerable(replies.unknown_rule(words, self.rules))
        return replies.reworded(lesson, words)

    def _teach(self, request: Request) -> None:
        """Change the lesson after the answer has gone out: a step that is tried again must find it as it was."""
        if request.verb == "forget":
            self.store.memory.forget(request.thread.project, int(request.words[0]))
        elif request.verb == "reword":
            words = quote.visible(request.text)  # it is kept and told to models: no secret goes with it
            self.store.memory.reword(request.thread.project, int(request.words[0]), words)

    def _explain(self, run: RunRow, words: tuple[str, ...]) -> str:
        judged = [row for row in self.store.candidates(run.id) if row.outcome]
        winners = [row.winner for row in self.store.iterations(run.id) if row.winner]
        if words:
            found = [row for number, row in enumerate(judged, 1) if words[0] in (str(number), row.id.rpartition(":")[2])]
        else:
            found = [row for row in judged if row.id in winners[-1:]] or judged[-1:]
        if not found:
            return replies.unknown_candidate(words[0] if words else "", len(judged))
        row, numbers = found[0], {each.id: number for number, each in enumerate(judged, 1)}
        return replies.explain(row.attempt(), self.archivist.change(row), self.archivist.scorecard(row), self._fate(row, numbers))

    def _fate(self, row: CandidateRow, numbers: Mapping[str, int]) -> str:
        """Why this one and not another; "" while its search goes on."""
        told = self.store.ledger.fates(row.iteration_id).get(row.id)
        return replies.fate(told.fate, told.data, numbers, told.parent) if told else ""
