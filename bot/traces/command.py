"""What `hasten traces` does, and what sends spans while the bot works."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPException
from importlib.metadata import version

import structlog

from bot.blobs import Blobs
from bot.ending import BadInput
from bot.settings import Settings
from bot.store import Store
from bot.traces import atif, record, shown, spans, training
from bot.traces.record import Recorded

FORMATS = ("events", "atif", "messages", "otlp")
log = structlog.get_logger()


def show(settings: Settings, run: str) -> Iterator[str]:
    """A run as lines for a terminal. Raises BadInput for one that is not known."""
    recorded, _ = _read(settings, run)
    return shown.lines(recorded)


def export(settings: Settings, run: str, form: str, licence: str | None) -> Iterator[str]:
    """A run in one of the formats, line by line. Raises BadInput, with the cure."""
    if form not in FORMATS:
        raise BadInput(f"`--format {form}` is not known; write {', '.join(FORMATS)}")
    recorded, blobs = _read(settings, run)
    match form:
        case "atif":
            return iter([json.dumps(atif.document(recorded, version("hasten")), indent=1, ensure_ascii=False)])
        case "otlp":
            return iter([json.dumps(spans.payload(recorded, version("hasten")))])
        case "messages":
            return training.lines(recorded, blobs, _licensed(licence))
    return _events(recorded)


def sender(store: Store, blobs: Blobs, endpoint: str) -> Callable[[str], None]:
    """Sends a run's spans to a collector; a run does not fail because that one does."""

    def send(run: str) -> None:
        recorded = record.read(store, blobs, run)
        if recorded is None:
            return
        try:
            spans.send(endpoint, spans.payload(recorded, version("hasten")))
        except (OSError, HTTPException) as error:  # the second: whoever answers speaks no HTTP
            log.warning("spans.not_sent", run=run, why=str(error))

    return send


def _events(recorded: Recorded) -> Iterator[str]:
    for each in recorded.passes:
        for stretch in each.stretches:
            for event in stretch.events:
                told = {"iteration": each.row.number, "step": stretch.step, "kind": event.kind}
                yield json.dumps({**told, "text": event.text, "data": dict(event.data)})


def _licensed(licence: str | None) -> str:
    if not licence:
        raise BadInput(
            "`--format messages` is for training, which you have to want: name the licence of the project's code with "
            "`--licence`, e.g. `--licence Apache-2.0`, and see that your model's provider allows it"
        )
    return licence


def _read(settings: Settings, run: str) -> tuple[Recorded, Blobs]:
    folder = settings.folder()
    store, blobs = Store.open(folder), Blobs(folder / "blobs")
    try:
        recorded = record.read(store, blobs, run)
    finally:
        store.close()
    if recorded is None:
        raise BadInput(f"there is no run `{run}` here; the id stands at the end of each report")
    return recorded, blobs
