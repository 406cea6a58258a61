"""A run as the report tells it, put together from what we remember of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.agents import record
from bot.agents.contract import Attempt, Event
from bot.blobs import Blobs
from bot.editor.forms import records
from bot.ledger import FateRow
from bot.report import facts, replies
from bot.store import CandidateRow, IterationRow, RunRow, Store
from evaluation.scorecard import Scorecard

UNPURSUED = frozenset({"slow", "behind", "spared"})  # fates of candidates that nobody measured a second time


class Archivist:
    """Reads the store and the blobs, writes nothing."""

    def __init__(self, store: Store, blobs: Blobs, version: str) -> None:
        self._store, self._blobs, self._version = store, blobs, version

    def story(self, run: RunRow, *, relaxations: Sequence[str] = ()) -> facts.Story:
        """Everything about a run, newest iteration last."""
        rows = self._store.iterations(run.id)
        judged = self._store.candidates(run.id)
        said = [(step, event) for row in rows[-1:] for step, _, event in self._store.trajectory(row.id)]
        trace = tuple(event for step, event in said if step.startswith("propose-"))
        profile = self._profile(rows)
        return facts.Story(
            run=run.id,
            target=run.target or "",
            requester=run.requester,
            reference=reference(run.thread),
            base=run.base_sha or "",
            branch=run.branch or "",
            version=self._version,
            iterations=tuple(self.iteration(row, judged) for row in rows),
            trace=trace,
            edits=records(record.tried(trace)),
            account=self._account(rows),
            profile=profile.text,
            graph=str(profile.data.get("flame", "")),
            attempts=self.attempts(judged),
            relaxations=tuple(relaxations),
        )

    def _profile(self, rows: Sequence[IterationRow]) -> Event:
        """What localization said of the code as it was, which only a run's first iteration asks."""
        said = ((step, event) for row in rows[:1] for step, _, event in self._store.trajectory(row.id))
        return next((event for step, event in said if step == "localize"), Event("message"))

    def _account(self, rows: Sequence[IterationRow]) -> facts.Account | None:
        ends = [self._store.ledger.fates(row.id).get("") for row in rows]
        return facts.Account.of([(end.fate, end.data) for end in ends if end])

    def iteration(self, row: IterationRow, judged: Sequence[CandidateRow]) -> facts.Iteration:
        """One iteration with its winner's evidence."""
        own = [candidate for candidate in judged if candidate.iteration_id == row.id]
        winner = next((candidate for candidate in own if candidate.id == row.winner), None)
        return facts.Iteration(
            number=row.number,
            rule=row.remark,
            change=self.change(winner) if winner else None,
            scorecard=self.scorecard(winner) if winner else None,
            commit=row.head_sha,
            attempts=self.attempts(own),
        )

    def change(self, candidate: CandidateRow) -> facts.Change:
        """What a candidate changes, in its author's words."""
        files: Mapping[str, str | None] = self._blobs.get_json(candidate.changes)
        return facts.Change(
            candidate.title, candidate.rationale, candidate.agent, tuple(sorted(files)), tuple(candidate.ingredients)
        )

    def attempts(self, rows: Sequence[CandidateRow]) -> tuple[Attempt, ...]:
        """What was judged; where a first look was all, why it stayed at that."""
        numbers = {row.id: number for number, row in enumerate((row for row in rows if row.outcome), 1)}
        fates = {iteration: self._store.ledger.fates(iteration) for iteration in {row.iteration_id for row in rows}}
        return tuple(_attempt(row, fates[row.iteration_id].get(row.id), numbers) for row in rows if row.outcome)

    def scorecard(self, candidate: CandidateRow) -> Scorecard | None:
        """The newest scorecard of a candidate."""
        return Scorecard.from_json(self._blobs.get_json(candidate.scorecard)) if candidate.scorecard else None


def _attempt(row: CandidateRow, fate: FateRow | None, numbers: Mapping[str, int]) -> Attempt:
    if fate is None or fate.fate not in UNPURSUED:
        return row.attempt()
    return replace(row.attempt(), outcome="set aside", reasons=(replies.fate(fate.fate, fate.data, numbers),))


def reference(thread: Mapping[str, object]) -> str:
    """An issue or merge request as people refer to it."""
    sign = {"issue": "#", "merge_request": "!"}.get(str(thread.get("kind")), "")
    return f"{sign}{thread.get('iid')}" if sign else ""
