"""Answers to what needs no measuring: help, status, explain, compare, cancel, and commands that cannot be meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.board import Board
from bot.desk import WAITING, Desk
from bot.ending import Unanswerable
from bot.report import replies
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

    def answer(self, request: Request) -> None:
        """Say one thing in the command's thread."""
        try:
            self.desk.check(request)
            text = self._text(request)
        except Unanswerable as ending:
            text = str(ending)
        if text:
            self.desk.reply(request, text)

    def _text(self, request: Request) -> str:
        match request.verb:
            case "help":
                return replies.help_text(bot=self.desk.us().username, word=self.desk.word)
            case "mistake":
                return replies.mistake(request.text, str(request.options.get("advice", "")))
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
        return replies.cancelling(len(active))

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
        row, numbers = found[0], {each.id: number for number, each in enumerate(judged, 1)}
        return replies.explain(row.attempt(), self.archivist.change(row), self.archivist.scorecard(row), self._fate(row, numbers))

    def _fate(self, row: CandidateRow, numbers: Mapping[str, int]) -> str:
        """Why this one and not another; "" while its search goes on."""
        told = self.store.ledger.fates(row.iteration_id).get(row.id)
        return replies.fate(told.fate, told.data, numbers, told.parent) if told else ""
