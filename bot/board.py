"""The status note of each run: one note, edited in place, not more often than people can read."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import structlog

from bot.forge import Forge, ForgeError
from bot.report import marker, status
from bot.report.facts import Progress, Stage
from bot.store import RunRow, Store
from bot.thread import Thread
from evaluation.scorecard import Interval

PAUSE = 3.0  # seconds between two edits within one stage
ENDS = (Stage.DONE, Stage.FAILED, Stage.CANCELLED)
_END_OF = {
    "done": Stage.DONE,
    "nothing": Stage.DONE,
    "cancelled": Stage.CANCELLED,
    "refused": Stage.FAILED,
    "failed": Stage.FAILED,
}
log = structlog.get_logger()


@dataclass(slots=True)
class _Shown:
    stage: Stage
    at: float


@dataclass(slots=True)
class Board:
    """Shows progress in GitLab. A note that cannot be written is logged and forgotten: progress must never stop a run."""

    forge: Forge
    store: Store
    key: bytes
    clock: Callable[[], float] = time.time
    _shown: dict[str, _Shown] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def show(self, run_id: str, stage: Stage, doing: str) -> None:
        """Bring the note of a run up to date; within a stage at most every few seconds."""
        run = self.store.run(run_id)
        if run is None or (run.ended is not None and stage not in ENDS):
            return  # a later review of an ended run is followed in its own thread
        if not self._due(run_id, stage):
            return
        mark = marker.stamp(marker.Marker("status", run.project_id, run.id), self.key)
        text = status.render(self._progress(run, stage, doing))
        try:
            self.forge.say(Thread.from_json(run.thread), mark, f"{text}\n\n{mark}")
        except ForgeError as error:
            log.warning("status.lost", run=run_id, why=str(error))

    def text(self, run: RunRow) -> str:
        """Where a run is now, for somebody who asks."""
        shown = self._shown.get(run.id)
        stage = _END_OF.get(run.state) or (shown.stage if shown else Stage.QUEUED)
        return status.render(self._progress(run, stage, ""))

    def refresh(self, run: RunRow) -> None:
        """Show what people made of a run that has ended."""
        if run.ended is not None:
            self.show(run.id, _END_OF.get(run.state, Stage.DONE), "")  # a run whose review is being stopped was done before

    def _due(self, run_id: str, stage: Stage) -> bool:
        with self._lock:
            now, last = self.clock(), self._shown.get(run_id)
            if last is not None and last.stage is stage and now - last.at < PAUSE and stage not in ENDS:
                return False
            self._shown[run_id] = _Shown(stage, now)
            return True

    def _progress(self, run: RunRow, stage: Stage, doing: str) -> Progress:
        judged = [row for row in self.store.candidates(run.id) if row.outcome]
        alive = [row for row in judged if row.outcome != "rejected" and row.ratio]
        best = max(alive, key=lambda row: row.ratio or 0, default=None)
        ratio = best.ratio if best else None
        thumbs = self.store.memory.reactions(run.id)
        return Progress(
            run=run.id,
            stage=stage,
            elapsed_s=(run.ended or self.clock()) - run.created,
            target=run.target or "",
            doing=doing,
            judged=len(judged),
            planned=run.planned or 0,
            minutes=run.minutes,
            usd_used=self.store.ledger.spent(run.id).known_usd,
            best=Interval(ratio, ratio, ratio) if ratio and ratio > 1 else None,
            best_title=best.title if best else "",
            praise=thumbs.get("thumbsup", 0),
            blame=thumbs.get("thumbsdown", 0),
            ending=run.ending or "",
        )
