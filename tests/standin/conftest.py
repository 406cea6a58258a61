"""One stand-in for all tests, strict about what it does not know, and a fresh project for each."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from gitlab import Gitlab

from pilot.gitlab.project_handle import ProjectHandle
from pilot.gitlab.server import StandIn
from pilot.gitlab.state import Options
from pilot.gitlab.users import User

NUMBERS = count(1)
FILES = {
    "README.md": "# Frames\n",
    "src/frames/sort.py": "import sys\n\n\ndef sort(rows):\n    out = []\n    out.extend(rows)\n    return sorted(out)\n",
}
FASTER = {"src/frames/sort.py": "import sys\n\n\ndef sort(rows):\n    return sorted(rows)\n"}


@dataclass(frozen=True)
class Letter:
    """One webhook request as it arrived."""

    headers: dict[str, str]
    raw: bytes

    @property
    def event(self) -> str:
        return self.headers["X-Gitlab-Event"]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Inbox:
    """A receiver of webhooks; `status` is what it answers."""

    url: str = ""
    status: int = 200
    letters: list[Letter] = field(default_factory=list)

    def of(self, event: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.event == event]


@dataclass(frozen=True)
class House:
    """A private project with people in it."""

    gitlab: StandIn
    project: ProjectHandle
    dev: User
    bot: User
    maintainer: User
    reporter: User
    guest: User
    stranger: User

    clients: dict[str, Gitlab]

    def client(self, user: User) -> Gitlab:
        """python-gitlab; making one is slow, so each token has its own for all tests."""
        if user.token not in self.clients:
            self.clients[user.token] = Gitlab(self.gitlab.url, private_token=user.token, timeout=10)
        return self.clients[user.token]

    def api(self, user: User) -> Any:
        """The project as python-gitlab shows it to a user."""
        return self.client(user).projects.get(self.project.path)

    def open_merge_request(self, branch: str = "faster") -> Any:
        """A merge request of the bot whose diff is ready."""
        self.project.commit(self.bot, branch, FASTER, "Sort in one go")
        return self.project.create_merge_request(self.bot, branch, "Sort faster")


@pytest.fixture(scope="session")
def gitlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with StandIn(tmp_path_factory.mktemp("gitlab"), options=Options(strict=True)) as running:
        yield running


@pytest.fixture(scope="session")
def people(gitlab: StandIn) -> dict[str, User]:
    names = ("dev", "maintainer", "reporter", "guest", "stranger")
    return {name: gitlab.add_user(name, name.title()) for name in names} | {"bot": gitlab.add_user("hasten", "Hasten", bot=True)}


CLIENTS: dict[str, Gitlab] = {}


def furnish(gitlab: StandIn, people: dict[str, User]) -> House:
    """A project of its own, with a member of every sort."""
    project = gitlab.add_project(f"team/sub/frames-{next(NUMBERS)}", FILES)
    for name, level in {"dev": 30, "bot": 30, "maintainer": 40, "reporter": 20, "guest": 10}.items():
        project.add_member(people[name], level)
    return House(gitlab, project, **people, clients=CLIENTS)


@pytest.fixture
def house(gitlab: StandIn, people: dict[str, User]) -> Iterator[House]:
    gitlab.complaints.clear()
    yield furnish(gitlab, people)
    assert gitlab.complaints == []


@contextmanager
def receiving(gitlab: StandIn) -> Iterator[Inbox]:
    """A small HTTP server that keeps what it is sent."""
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            box.letters.append(Letter(dict(self.headers), raw))
            self.send_response(box.status)
            self.send_header("Content-Length", "0")
            self.send_header("Content-Type", "text/plain")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        box.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        yield box
        gitlab.settle()
        server.shutdown()
        thread.join()


@pytest.fixture
def inbox(gitlab: StandIn) -> Iterator[Inbox]:
    with receiving(gitlab) as box:
        yield box


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Checkout:
    """A clone made by the real git."""

    folder: Path

    def git(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        identity = ("-c", "user.name=Dev", "-c", "user.email=dev@example.com", "-c", "credential.helper=")
        return subprocess.run(["git", *identity, *arguments], cwd=self.folder, capture_output=True, text=True, check=check)

    def commit(self, name: str, text: str, message: str = "Change") -> None:
        (self.folder / name).write_text(text)
        self.git("add", name)
        self.git("commit", "-q", "-m", message)


@pytest.fixture
def clone(house: House, tmp_path: Path) -> Any:
    def make(user: User) -> Checkout:
        address = house.project.clone_url.replace("//", f"//any:{user.token}@")
        subprocess.run(["git", "clone", "-q", address, str(tmp_path / user.username)], check=True, capture_output=True)
        return Checkout(tmp_path / user.username)

    return make
