"""The assembly of the bot: settings in, a running service out. The only place where all the parts meet."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import uvicorn
from fastapi import FastAPI

from bot import app, engine, logs
from bot.agents.recipes import known_rules
from bot.answers import Answers
from bot.board import Board
from bot.desk import Desk
from bot.ending import BadInput
from bot.forge import Forge, ForgeError, Refused, lacking
from bot.ground import Ground
from bot.hiring import agents, limits
from bot.hooks import Hooks
from bot.lab import Lab
from bot.limiter import Limiter
from bot.press import Press
from bot.recheck import Recheck
from bot.reconciler import Reconciler
from bot.review import Review
from bot.settings import Settings
from bot.store import Store
from bot.story import Archivist
from bot.traces.command import sender
from bot.workflow import Rooms, Workflows, queues
from sandbox.choose import choose

if TYPE_CHECKING:
    from bot.reading import Chooser, Reader

DRAIN_SECONDS = 5.0
CALENDAR_SECONDS = 3_600.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """The bot, assembled and not yet started."""

    settings: Settings
    forge: Forge
    store: Store
    lab: Lab
    workflows: Workflows

    def application(self) -> FastAPI:
        """The web application that starts the engine with itself and drains it when it stops."""
        return app.create(self._edge(), life=self._life)

    def _edge(self) -> app.Edge:
        secret, signing = self.settings.webhook_secret, self.settings.webhook_signing_token
        return app.Edge(
            secret=secret.get_secret_value() if secret else None,
            signing_token=signing.get_secret_value() if signing else None,
            enqueue=lambda key, payload: engine.enqueue("inbox", self.workflows.inbox, key, payload),
            healthy=lambda: engine.healthy() and not self.forge.refused,
        )

    def _begin(self) -> None:
        self.lab.ground.sandbox.sweep()  # what a killed predecessor left running
        engine.launch(queues(self.settings.runs))

    async def _calendar(self) -> None:
        """Look at the calendar now and then; one failed look must not be the last."""
        while True:
            try:
                await asyncio.to_thread(self.workflows.tick, time.time())
            except Exception:  # the boundary of a background task: the operator finds the traceback
                log.exception("calendar.failed")
            await asyncio.sleep(CALENDAR_SECONDS)

    async def _rounds(self) -> None:
        """Look for lost webhooks, now and then; the first look covers the time we were down."""
        while self.settings.reconcile_minutes:
            await asyncio.to_thread(self._look)
            await asyncio.sleep(60 * self.settings.reconcile_minutes)

    def _look(self) -> None:
        """Ask for one look; a failure of ours must not end the rounds."""
        try:
            self._ask_to_look()
        except Exception:
            log.exception("reconciler.failed")

    def _ask_to_look(self) -> None:
        if any(each.name == "sweep" for each in engine.unfinished()):
            return  # GitLab is slow or down: one look at a time
        now = time.time()
        last, first = engine.moment("sweep", first=False), engine.moment("sweep", first=True)
        span = {"since": last or now, "born": first or now}
        engine.enqueue("sweeps", self.workflows.sweep, f"sweep-{now:.3f}", span)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await asyncio.to_thread(self._begin)
        rounds = [asyncio.create_task(each) for each in (self._rounds(), self._calendar())]
        try:
            yield
        finally:
            for each in rounds:
                each.cancel()
            await engine.shut(DRAIN_SECONDS)
            self.store.close()
            self.forge.close()


def assemble(settings: Settings) -> Service:
    """Put the parts together. Raises BadInput, with the cure, where something is missing."""
    if settings.base_url is None or settings.gitlab_token is None:
        raise BadInput("HASTEN_GITLAB_URL and HASTEN_GITLAB_TOKEN are needed; `hasten doctor` shows what is set")
    if settings.webhook_secret is None and settings.webhook_signing_token is None:
        raise BadInput("set HASTEN_WEBHOOK_SIGNING_TOKEN (or HASTEN_WEBHOOK_SECRET) to what the hook in GitLab has")
    folder, token = settings.folder(), settings.gitlab_token.get_secret_value()
    store = Store.open(folder)
    tier = choose(settings.sandbox, image=settings.docker_image)
    ground = Ground(folder, tier, ca=settings.gitlab_ca, python=settings.python)
    lab = Lab(ground, store, agents(settings), limits(settings))
    pace = Limiter(settings.requests_per_minute, settings.notes_per_minute)
    forge = Forge(settings.base_url, token, ca=settings.gitlab_ca, limiter=pace)
    key = private_key(folder)
    archivist = Archivist(store, ground.blobs, version("hasten"))
    board = Board(forge, store, key)
    reader, rules, hires = _reader(settings), tuple(known_rules()), lab.agents
    desk = Desk(
        forge,
        store,
        board,
        archivist,
        key,
        settings.command,
        hires,
        settings.label,
        settings.bots,
        token,
        understands=reader is not None,
    )
    review = Review(desk, store, archivist, ground, rules, reader)
    ground.say, lab.chooser = board.show, _chooser(settings)
    lab.heed(desk.cancelled)
    if settings.otlp_endpoint:
        lab.traced = sender(store, ground.blobs, str(settings.otlp_endpoint))
    engine.configure(folder / "dbos.db")
    answers = Answers(desk, store, board, archivist, rules)
    press = Press(forge, store, lab, desk, board, archivist, key)
    recheck = Recheck(desk, store, lab, board, key)
    reconciler = Reconciler(forge, store, Hooks(forge), settings.command, settings.label, engine.known)
    rooms = Rooms(desk, review, answers, lab, press, recheck, reconciler, settings.review_pause)
    return Service(settings, forge, store, lab, Workflows(rooms))


def serve(settings: Settings) -> None:
    """Run until told to stop."""
    service = assemble(settings)  # first: what is wrong with the settings is said in one line, not as an event
    logs.configure(settings.secrets())
    fit(service.forge)
    uvicorn.run(service.application(), host=settings.host, port=settings.port, log_level="warning", access_log=False)


def fit(forge: Forge) -> None:
    """Refuse to start with a token that cannot do the work; a GitLab that is down just now is no reason not to."""
    try:
        scopes, _ = forge.scopes()
    except Refused as error:
        raise BadInput("GitLab refuses HASTEN_GITLAB_TOKEN: it is wrong, revoked or expired; make a new one") from error
    except ForgeError as error:
        log.warning("gitlab.unreachable", why=str(error))
        return
    if lack := lacking(scopes):
        raise BadInput(f"HASTEN_GITLAB_TOKEN: {lack}")


def _reader(settings: Settings) -> "Reader | None":
    """Who understands free text; the model's SDK is loaded only where there is a key for it."""
    return import_module("bot.model").reader(settings) if settings.anthropic_api_key else None


def _chooser(settings: Settings) -> "Chooser | None":
    """Who understands which function is meant; the same holds."""
    return import_module("bot.model").chooser(settings) if settings.anthropic_api_key else None


def private_key(folder: Path) -> bytes:
    """The key that signs our hidden markers; made once, readable by nobody else."""
    path = folder / "marker.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
