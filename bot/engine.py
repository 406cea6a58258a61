"""Durable execution on DBOS: workflows survive a kill -9. All start through a named queue, under an id of their own."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, StepOptions

from bot import sqlite
from bot.ending import Transient

# Raise by hand when the order of steps in a workflow changes, or the shape of their answers: runs of an older schema then wait
# instead of going astray.
WORKFLOW_SCHEMA = "7"
POLL = 0.1
ATTEMPTS = 6
P = ParamSpec("P")
R = TypeVar("R")
Workflow = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Queue:
    """A named queue: how many of its workflows run at once here, and how many per partition (None: not partitioned)."""

    name: str
    at_once: int
    per_partition: int | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A workflow that has not ended."""

    id: str
    name: str
    status: str


def configure(path: Path, *, executor: str = "hasten") -> None:
    """Name the database (SQLite at `path`) and this executor. Two live processes must never share an executor id."""
    sqlite.prepare(path)
    config: DBOSConfig = {
        "name": "hasten",
        "system_database_url": f"sqlite:///{path}",
        "db_engine_kwargs": {"module": sqlite.driver()},
        "application_version": WORKFLOW_SCHEMA,
        "executor_id": executor,
        "log_level": "WARNING",
        "notification_listener_polling_interval_sec": POLL,
    }
    DBOS(config=config)
    logging.getLogger("dbos").propagate = False


def register(name: str, body: Workflow) -> Workflow:
    """Make `body` a durable workflow under a name that outlives renames in the code."""

    def run(payload: dict[str, Any]) -> None:  # DBOS marks the function it is given, which a bound method does not allow
        body(payload)

    return DBOS.workflow(name=name)(run)


def launch(queues: tuple[Queue, ...]) -> None:
    """Open the database, go on with what a previous process left unfinished, and start taking from the queues."""
    DBOS.launch()
    for queue in queues:
        DBOS.register_queue(
            queue.name,
            worker_concurrency=queue.at_once,
            partition_concurrency=queue.per_partition,
            polling_interval_sec=POLL,
            on_conflict="always_update",
        )


def enqueue(
    queue: str, workflow: Workflow, workflow_id: str, payload: Mapping[str, Any], *, partition: str | None = None
) -> None:
    """Have the workflow run once under this id: committed when this returns; a known id changes nothing."""
    with SetWorkflowID(workflow_id):
        if partition is None:
            DBOS.enqueue_workflow(queue, workflow, dict(payload))
            return
        with SetEnqueueOptions(queue_partition_key=partition):
            DBOS.enqueue_workflow(queue, workflow, dict(payload))


def step(name: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `function` as a recorded step of the workflow at hand: its answer is kept, and a restart goes on behind it.

    A Transient failure is tried again with growing pauses (about half a minute in all); everything else ends the step at once.
    """
    options: StepOptions = {
        "name": name,
        "retries_allowed": True,
        "max_attempts": ATTEMPTS,
        "should_retry": lambda error: isinstance(error, Transient),
    }
    return DBOS.run_step(options, function, *args, **kwargs)


def pause(seconds: float) -> None:
    """Wait within a workflow; a restart waits for what is left of it."""
    DBOS.sleep(seconds)


def current() -> str:
    """The id of the workflow at hand."""
    found = DBOS.workflow_id
    if found is None:
        raise RuntimeError("not inside a workflow")
    return found


def unfinished() -> list[Unfinished]:
    """Workflows that are waiting or running."""
    found = DBOS.list_workflows(status=["PENDING", "ENQUEUED"])
    return [Unfinished(row.workflow_id, row.name, row.status) for row in found]


def known(ids: Collection[str]) -> set[str]:
    """Those of the workflow ids that were used before."""
    if not ids:
        return set()
    return {row.workflow_id for row in DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)}


def moment(name: str, *, first: bool) -> float | None:
    """When the first, or the last, of the workflows of this name that ended well was asked for (Unix time)."""
    rows = DBOS.list_workflows(name=name, status="SUCCESS", limit=1, sort_desc=not first, load_input=False, load_output=False)
    return rows[0].created_at / 1000 if rows and rows[0].created_at else None


def healthy() -> bool:
    """Whether the database answers."""
    DBOS.list_workflows(limit=1)
    return True


async def shut(grace: float) -> None:
    """Stop taking work and wait up to `grace` seconds for steps at hand; what is left goes on at the next start.

    In a thread: called on the event loop it would block the very workflows it waits for.
    """
    await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=int(grace))
