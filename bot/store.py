"""What we remember of runs: iterations, candidates, events. Every write may be repeated and changes nothing then."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects.sqlite import insert

from bot import sqlite
from bot.agents.contract import Attempt, Event, Lessons
from bot.ledger import Ledger
from bot.lifecycle import Lifecycle
from bot.memory import Memory
from bot.tables import candidates, checks, events, iterations, runs, uploads

Row = TypeVar("Row")
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One request on one target, with its branch and merge request once there are any."""

    id: str
    project_id: int
    project_path: str
    thread: Mapping[str, Any]
    requester: str
    target: str | None
    state: str
    base_sha: str | None
    branch: str | None
    merge_request: int | None
    created: float
    ended: float | None
    ending: str | None = None
    planned: int | None = None
    minutes: float | None = None
    options: Mapping[str, Any] | None = None
    stopped_by: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One candidate as remembered: who proposed it, what came of it, where its files and its scorecard lie."""

    id: str
    iteration_id: str
    agent: str
    title: str
    rationale: str
    ingredients: Sequence[str]
    changes: str
    outcome: str | None
    ratio: float | None
    reasons: Sequence[Mapping[str, str]]
    scorecard: str | None

    @property
    def round(self) -> int:
        """The round of the search it was proposed in."""
        return int(self.id.rpartition(":")[2].partition(".")[0])

    def attempt(self) -> Attempt:
        """What later proposers may know of it."""
        texts = tuple(reason["text"] for reason in self.reasons)
        return Attempt(self.title, self.changes, self.outcome or "unjudged", texts, self.ratio, tuple(self.ingredients))


@dataclass(frozen=True, slots=True)
class IterationRow:
    """One iteration of a run: what was asked, and what it put on the branch."""

    id: str
    run_id: str
    number: int
    remark: str
    winner: str | None
    head_sha: str | None
    created: float
    ended: float | None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A measurement after the merge request was opened: of what, and whether the gain was still there."""

    id: str
    run_id: str
    sha: str
    occasion: str
    holds: bool
    scorecard: str | None
    created: float


class Store:
    """Our database. One per process; threads share it."""

    def __init__(self, path: Path) -> None:
        sqlite.prepare(path)
        self._engine = sa.create_engine(f"sqlite:///{path}", module=sqlite.driver(), connect_args={"timeout": 30})
        sa.event.listen(self._engine, "connect", _full_durability)
        self.memory = Memory(self._engine)
        self.life = Lifecycle(self._engine)
        self.ledger = Ledger(self._engine)  # what its searches paid, saw and decided

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Our database in the data folder, up to date."""
        store = cls(folder / "hasten.db")
        store.migrate()
        return store

    def migrate(self) -> None:
        """Bring the schema up to date."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def start_run(self, **values: Any) -> None:
        """Remember a run; a run that is known already stays as it is."""
        self._insert(runs, {"state": "running", "created": time.time(), **values})

    def update_run(self, run_id: str, **values: Any) -> None:
        """Set columns of a run."""
        with self._engine.begin() as connection:
            connection.execute(runs.update().where(runs.c.id == run_id).values(**values))

    def run(self, run_id: str) -> RunRow | None:
        """The run of this id."""
        return self._one(RunRow, runs.select().where(runs.c.id == run_id))

    def run_of_merge_request(self, project_id: int, iid: int) -> RunRow | None:
        """The run that opened this merge request."""
        return self._one(RunRow, runs.select().where(runs.c.project_id == project_id, runs.c.merge_request == iid))

    def projects(self, since: float) -> set[int]:
        """Projects with a run that was asked for since then or has not ended."""
        query = sa.select(runs.c.project_id).where((runs.c.created >= since) | runs.c.ended.is_(None)).distinct()
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def recent_runs(self, most: int = 1000) -> list[RunRow]:
        """The newest runs of all projects."""
        return self._all(RunRow, runs.select().order_by(runs.c.created.desc()).limit(most))

    def runs_of_project(self, path: str) -> list[RunRow]:
        """All runs of one project, newest first; `path` is GitLab's, or a folder on the command line."""
        return self._all(RunRow, runs.select().where(runs.c.project_path == path).order_by(runs.c.created.desc()))

    def runs_of_thread(self, project_id: int, kind: str, iid: int) -> list[RunRow]:
        """Runs that were asked for on one issue or merge request and let in there, newest first."""
        return self._asked_for(project_id, kind, iid, runs.c.id.in_(sa.select(iterations.c.run_id)))

    def outside(self, project_id: int, kind: str, iid: int) -> list[RunRow]:
        """Commands there that wait, or that were refused before they were let in, newest first: anybody may write them."""
        return self._asked_for(project_id, kind, iid, runs.c.id.not_in(sa.select(iterations.c.run_id)))

    def _asked_for(self, project_id: int, kind: str, iid: int, which: sa.ColumnElement[bool]) -> list[RunRow]:
        query = runs.select().where(runs.c.project_id == project_id, which).order_by(runs.c.created.desc())
        return [row for row in self._all(RunRow, query) if (row.thread.get("kind"), row.thread.get("iid")) == (kind, iid)]

    def start_iteration(self, iteration_id: str, run_id: str, remark: str = "") -> int:
        """Remember an iteration; its number within the run (0 = the first)."""
        with self._engine.begin() as connection:
            known = connection.execute(sa.select(iterations.c.number).where(iterations.c.id == iteration_id)).scalar()
            if known is not None:
                return int(known)
            count = sa.select(sa.func.count()).select_from(iterations).where(iterations.c.run_id == run_id)
            number = int(connection.execute(count).scalar_one())
            row = {"id": iteration_id, "run_id": run_id, "number": number, "remark": remark, "created": time.time()}
            connection.execute(iterations.insert().values(row))
            return number

    def end_iteration(self, iteration_id: str, *, winner: str | None, head_sha: str | None) -> None:
        """Close an iteration: the candidate that won and the commit that carries it, if any."""
        values = {"winner": winner, "head_sha": head_sha, "ended": time.time()}
        with self._engine.begin() as connection:
            connection.execute(iterations.update().where(iterations.c.id == iteration_id).values(values))

    def iterations(self, run_id: str) -> list[IterationRow]:
        """The iterations of a run, oldest first."""
        return self._all(IterationRow, iterations.select().where(iterations.c.run_id == run_id).order_by(iterations.c.number))

    def save_candidate(self, **values: Any) -> None:
        """Remember a candidate, or what came of it."""
        statement = insert(candidates).values({"reasons": [], **values})
        changed = {key: statement.excluded[key] for key in values if key != "id"}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))

    def judge_candidate(self, candidate_id: str, **found: Any) -> None:
        """Remember what came of a candidate."""
        with self._engine.begin() as connection:
            connection.execute(candidates.update().where(candidates.c.id == candidate_id).values(found))

    def candidate(self, candidate_id: str) -> CandidateRow:
        """One candidate. Raises LookupError."""
        found = self._one(CandidateRow, candidates.select().where(candidates.c.id == candidate_id))
        if found is None:
            raise LookupError(f"candidate {candidate_id} is not in the store")
        return found

    def candidates(self, run_id: str, iteration_id: str | None = None) -> list[CandidateRow]:
        """All candidates of a run (or of one of its iterations), in the order they were proposed."""
        joined = candidates.join(iterations, iterations.c.id == candidates.c.iteration_id)
        query = sa.select(candidates).select_from(joined).where(iterations.c.run_id == run_id)
        if iteration_id is not None:
            query = query.where(iterations.c.id == iteration_id)
        return self._all(CandidateRow, query.order_by(iterations.c.number, candidates.c.id))

    def add_events(self, iteration_id: str, step: str, said: Sequence[Event]) -> None:
        """Append the events of one step; a repeated step's events replace nothing."""
        now = time.time()
        rows = [
            {
                "iteration_id": iteration_id,
                "step": step,
                "number": n,
                "at": now,
                "kind": e.kind,
                "text": e.text,
                "data": dict(e.data),
            }
            for n, e in enumerate(said)
        ]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(events).on_conflict_do_nothing(), rows)

    def events(self, iteration_id: str) -> list[Event]:
        """The trajectory of an iteration, in order."""
        query = events.select().where(events.c.iteration_id == iteration_id).order_by(events.c.at, events.c.step, events.c.number)
        with self._engine.connect() as connection:
            return [Event(row.kind, row.text, row.data) for row in connection.execute(query)]

    def recent(self, kind: str, most: int = 2000) -> list[Event]:
        """The latest events of a kind from all trajectories, the oldest of them first."""
        query = events.select().where(events.c.kind == kind).order_by(events.c.at.desc(), events.c.number.desc()).limit(most)
        with self._engine.connect() as connection:
            return [Event(row.kind, row.text, row.data) for row in connection.execute(query)][::-1]

    def trajectory(self, iteration_id: str) -> list[tuple[str, float, Event]]:
        """The same with the step in which each event happened, and when that was written down."""
        query = events.select().where(events.c.iteration_id == iteration_id).order_by(events.c.at, events.c.step, events.c.number)
        with self._engine.connect() as connection:
            return [(row.step, row.at, Event(row.kind, row.text, row.data)) for row in connection.execute(query)]

    def keep_upload(self, project_id: int, digest: str, markdown: str) -> None:
        """Remember that GitLab has a file already."""
        self._insert(uploads, {"project_id": project_id, "digest": digest, "markdown": markdown})

    def upload(self, project_id: int, digest: str) -> str | None:
        """How a file that GitLab has is written in Markdown."""
        query = sa.select(uploads.c.markdown).where(uploads.c.project_id == project_id, uploads.c.digest == digest)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def check(self, workflow: str, run_id: str, **found: Any) -> None:
        """Remember a measurement that was made after the merge request was opened."""
        self._insert(checks, {"id": workflow, "run_id": run_id, "created": time.time(), **found})

    def checks(self, run_id: str) -> list[CheckRow]:
        """Those measurements of a run, oldest first."""
        return self._all(CheckRow, checks.select().where(checks.c.run_id == run_id).order_by(checks.c.created))

    def merged(self) -> list[RunRow]:
        """Runs whose merge request was merged."""
        return self._all(RunRow, runs.select().where(runs.c.ending == "merged").order_by(runs.c.created))

    def lessons(self, run_id: str) -> Lessons:
        """What the reviewers of a run's project asked for so far."""
        found = self.run(run_id)
        return self.memory.taught(found.project_id) if found else Lessons()

    def _insert(self, table: sa.Table, values: Mapping[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(table).values(values).on_conflict_do_nothing())

    def _one(self, kind: type[Row], query: sa.Select[Any]) -> Row | None:
        found = self._all(kind, query)
        return found[0] if found else None

    def _all(self, kind: type[Row], query: sa.Select[Any]) -> list[Row]:
        with self._engine.connect() as connection:
            return [kind(**row._mapping) for row in connection.execute(query)]


def _full_durability(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
