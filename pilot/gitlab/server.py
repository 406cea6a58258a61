"""The stand-in as a running server: `with StandIn(folder) as gitlab: ...`."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from types import TracebackType

import uvicorn

from pilot.gitlab import commits
from pilot.gitlab.app import App
from pilot.gitlab.courier import Postage
from pilot.gitlab.faults import Fault
from pilot.gitlab.git_hooks import install_hooks
from pilot.gitlab.moments import wall_clock
from pilot.gitlab.project_handle import ProjectHandle, states_of
from pilot.gitlab.projects import VISIBILITY_LEVELS, Project
from pilot.gitlab.repository import Repository, copy_from, create
from pilot.gitlab.state import API_SCOPES, Options, State
from pilot.gitlab.users import User

START_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 65
GRACE_SECONDS = 2


@dataclass(slots=True)
class StandIn:
    """A GitLab on loopback; `url` includes the sub-path, if any."""

    folder: Path
    port: int = 0
    base: str = ""
    certificate: tuple[Path, Path] | None = None  # (certificate, key): speak TLS
    options: Options = field(default_factory=Options)
    clock: Callable[[], datetime] = wall_clock
    state: State = field(init=False)
    _server: uvicorn.Server | None = None
    _thread: Thread | None = None

    def __post_init__(self) -> None:
        self.state = State(self.folder, options=self.options, clock=self.clock)

    def __enter__(self) -> StandIn:
        listener = _listen(self.port)
        self.port = listener.getsockname()[1]
        scheme = "https" if self.certificate else "http"
        self.state.url = f"{scheme}://127.0.0.1:{self.port}{self.base}"
        app = App(self.state, self.base)
        settings = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws="none",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=self.certificate[0] if self.certificate else None,
            ssl_keyfile=self.certificate[1] if self.certificate else None,
        )
        self._server = uvicorn.Server(settings)
        self._thread = Thread(target=self._server.run, args=([listener],), name="gitlab-stand-in", daemon=True)
        self._thread.start()
        self._await_start()
        self.state.courier.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.state.courier.stop()
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)

    def _await_start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._server and not self._server.started:
            if time.monotonic() > deadline:
                raise TimeoutError("the stand-in did not start")
            time.sleep(0.005)

    @property
    def url(self) -> str:
        return self.state.url

    @property
    def postage(self) -> Postage:
        """Switches of the post: shares of deliveries to duplicate, drop and reorder."""
        return self.state.courier.postage

    @property
    def complaints(self) -> list[str]:
        """Unknown routes and parameters that somebody used, under `Options(strict=True)`."""
        return self.state.complaints

    @property
    def requests(self) -> list[str]:
        """`METHOD /path` of every request so far."""
        return list(self.state.requests)

    def fail(self, fault: Fault) -> None:
        """Let the next requests that match meet a fault."""
        with self.state.lock:
            self.state.faults.append(fault)

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until all webhooks are delivered; False when that takes too long."""
        return self.state.courier.settle(timeout)

    def add_user(
        self, username: str, name: str, bot: bool = False, scopes: Iterable[str] = API_SCOPES, admin: bool = False
    ) -> User:
        """An account with one token."""
        with self.state.lock:
            user = User(self.state.next_id("user"), username, name, self.state.now(), bot=bot, admin=admin)
            self.state.users[user.id] = user
            self.state.issue_token(user, frozenset(scopes))
            return user

    def add_project(
        self, path: str, source: Mapping[str, str | bytes | None] | Path | None = None, visibility: str = "private"
    ) -> ProjectHandle:
        """A project from files, from another git repository, or empty; its default branch is protected."""
        if visibility not in VISIBILITY_LEVELS:
            raise ValueError(f"visibility is one of {', '.join(VISIBILITY_LEVELS)}")
        with self.state.lock:
            number = self.state.next_id("project")
            repository = create(self.folder / "repositories" / f"{number}.git", "main")
            install_hooks(repository.folder)
            branch = self._fill(repository, source)
            project = Project(number, path, visibility, self.state.now(), repository, default_branch=branch, protected=[branch])
            self.state.projects[number] = project
        return ProjectHandle(self.state, project)

    def _fill(self, repository: Repository, source: Mapping[str, str | bytes | None] | Path | None) -> str:
        if isinstance(source, Path):
            return copy_from(source, repository)
        if source:
            by = commits.Signature("Administrator", "admin@example.com", self.state.now())
            commits.write(repository, "main", None, states_of(source), "Initial commit", by)
        return "main"


def _listen(port: int) -> socket.socket:
    """A loopback listener that names its protocol: asyncio switches Nagle's delay off only for those."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener
