"""The states of a run, and which may follow which.

    waiting → running → publishing → done, nothing
    refused, failed and cancelled end it from anywhere before

A review of a run that is done publishes again, and then it is done as before. Each change is one statement that names the states
it may start from: of two who act at the same moment one comes too late, and nothing is overwritten.
"""

import time
from typing import Any

import sqlalchemy as sa

from bot.tables import iterations, runs

WAITING, RUNNING, PUBLISHING, CANCELLING, DONE = "waiting", "running", "publishing", "cancelling", "done"
WELL = (DONE, "nothing")  # ended as it should
_other = runs.alias("other")


class Lifecycle:
    """The part of our database that says what a run may do next."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, run: str, target: str, **values: Any) -> bool:
        """Let a run begin with these columns set; False where it was cancelled meanwhile, or where a rival is at work."""
        free = (runs.c.state.in_((WAITING, RUNNING)), ~sa.exists().where(_rivals(target)))
        return self._change(run, *free, state=RUNNING, target=target, **values)

    def aim(self, run: str, target: str) -> bool:
        """Let a run be about this function from now on; False where a rival is."""
        return self._change(run, ~sa.exists().where(_rivals(target)), target=target)

    def rival(self, run: str, target: str) -> str | None:
        """The run at work that stands in the way of one with this target ("" where none is named)."""
        query = sa.select(_other.c.id).select_from(_other.join(runs, _rivals(target))).where(runs.c.id == run)
        with self._engine.connect() as connection:
            return connection.execute(query.order_by(_other.c.created)).scalars().first()

    def stop(self, run: str, by: str) -> None:
        """Ask a run, or its review, to stop; what is being published or has ended is not stopped any more."""
        reviewed = sa.exists().where(iterations.c.run_id == runs.c.id, iterations.c.ended.is_(None))
        active = sa.or_(runs.c.state.in_((WAITING, RUNNING)), sa.and_(runs.c.state == DONE, reviewed))
        self._change(run, active, state=CANCELLING, stopped_by=by)

    def stopped(self, run: str, by: str) -> bool:
        """Whether a run was stopped by this request, or is about to stop."""
        mine = sa.or_(runs.c.stopped_by == by, runs.c.state == CANCELLING)
        with self._engine.connect() as connection:
            return connection.execute(sa.select(runs.c.id).where(runs.c.id == run, mine)).first() is not None

    def publish(self, run: str) -> bool:
        """Let what was proven leave the house; False where the run was cancelled before, and from now on it can't be."""
        return self._change(run, runs.c.state != CANCELLING, state=PUBLISHING)

    def end(self, run: str, state: str) -> None:
        """Close a run with its final state; one that has ended stays as it is, but for a publication that came here again."""
        open_ = sa.or_(runs.c.ended.is_(None), runs.c.state == PUBLISHING)
        self._change(run, open_, state=state, ended=sa.func.coalesce(runs.c.ended, time.time()))

    def settle(self, run: str) -> None:
        """A review is over, however it went: its run is done as it was before."""
        self._change(run, runs.c.ended.is_not(None), runs.c.state.in_((PUBLISHING, CANCELLING)), state=DONE)

    def _change(self, run: str, *where: sa.ColumnElement[bool], **values: Any) -> bool:
        with self._engine.begin() as connection:
            return bool(connection.execute(runs.update().where(runs.c.id == run, *where).values(**values)).rowcount)


def _rivals(target: str) -> sa.ColumnElement[bool]:
    """Other runs at work on the same function, or in the same place where one of the two has none (yet)."""
    at_work = sa.and_(_other.c.state.in_((RUNNING, PUBLISHING)), _other.c.ended.is_(None))
    here = [_other.c.thread[name].as_string() == runs.c.thread[name].as_string() for name in ("kind", "iid")]
    aimless = sa.true() if not target else sa.func.coalesce(_other.c.target, "") == ""
    same = sa.or_(sa.and_(_other.c.target == target, sa.literal(bool(target))), sa.and_(*here, aimless))
    return sa.and_(_other.c.project_id == runs.c.project_id, _other.c.id != runs.c.id, at_work, same)
