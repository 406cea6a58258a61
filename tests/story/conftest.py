"""One GitLab, one project, one bot process that can be killed and started again: the whole house, for real."""

import base64
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pilot.gitlab.handles import IssueHandle
from pilot.gitlab.project_handle import ProjectHandle
from pilot.gitlab.server import StandIn
from pilot.gitlab.state import Options
from pilot.gitlab.users import User
from pilot.histories import plant

TOKEN = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Bot:
    """`hasten serve` as a process of its own."""

    folder: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    def start(self) -> None:
        env = {**os.environ, **self.settings, "HASTEN_DATA": str(self.folder), "HASTEN_PORT": str(self.port)}
        with (self.folder.parent / "bot.log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=env, stdout=log, stderr=subprocess.STDOUT)
        until(lambda: self.alive() or self.process.poll() is not None, 60, "the bot answers")
        assert self.process.poll() is None, (self.folder.parent / "bot.log").read_text()[-3000:]

    def alive(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/livez", timeout=1):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        """As a crash would: no warning, no farewell."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def steps(self) -> int:
        """Recorded steps of commands so far."""
        return self._count(
            "SELECT count(*) FROM operation_outputs WHERE workflow_uuid NOT LIKE 'inbox-%' AND workflow_uuid NOT LIKE 'sweep-%'"
        )

    def busy(self) -> bool:
        """Whether some workflow has not ended; looks for lost webhooks go on for ever and do not count."""
        return self._count("SELECT count(*) FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED') AND name != 'sweep'") > 0

    def looks(self) -> int:
        """How often it has looked for lost webhooks."""
        return self._count("SELECT count(*) FROM workflow_status WHERE status = 'SUCCESS' AND name = 'sweep'")

    def _count(self, query: str) -> int:
        path = self.folder / "dbos.db"
        if not path.exists():
            return 0
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)
        try:
            return int(connection.execute(query).fetchone()[0])
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise  # who can't look must not say that there is nothing to do
            return 0  # not migrated yet
        finally:
            connection.close()


@dataclass
class World:
    """The people, the project, the bot."""

    gitlab: StandIn
    project: ProjectHandle
    dev: User
    reviewer: User
    guest: User
    bot_user: User
    bot: Bot

    def ask(self, text: str, *, user: User | None = None) -> tuple[IssueHandle, Callable[[], list[str]]]:
        """Comment on a new issue; the thread's texts afterwards."""
        issue = self.project.create_issue(self.dev, "It is slow")
        note = issue.comment(user or self.dev, text)
        return issue, lambda: issue.thread_of(note).bodies

    def work(self, seconds: float = 600) -> None:
        """Until everything that was asked for is done."""
        assert self.gitlab.settle()
        time.sleep(0.3)  # the inbox workflow starts what the note asks for
        until(lambda: not self.bot.busy(), seconds, "the bot has done its work")


def hurry(project: ProjectHandle, user: User) -> None:
    """Have the pilot of words try one candidate at one size."""
    settings = (
        project.file(".hasten.yml").replace("[100, 300]", "[100]").replace("agents: [recipes]", "agents: [recipes], parallel: 1")
    )
    project.commit(user, "main", {".hasten.yml": settings}, "Try one thing only")


def until(done: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@pytest.fixture
def world(tmp_path):
    yield from build(tmp_path, "plain_text")


def build(tmp_path, name, more=None):
    """Everything that a story needs; `more` are further settings of the bot."""
    plant(name, tmp_path / "source")
    with StandIn(tmp_path / "gitlab", options=Options(strict=True)) as gitlab:
        people = [gitlab.add_user(each, each.title()) for each in ("dev", "reviewer", "guest")]
        bot_user = gitlab.add_user("hasten", "Hasten", bot=True)
        project = gitlab.add_project("team/words", tmp_path / "source")
        for user, level in zip((*people, bot_user), (30, 30, 10, 30), strict=True):
            project.add_member(user, level)
        settings = {
            "HASTEN_GITLAB_URL": gitlab.url,
            "HASTEN_GITLAB_TOKEN": bot_user.token,
            "HASTEN_WEBHOOK_SIGNING_TOKEN": TOKEN,
            "HASTEN_REVIEW_PAUSE": "0",
            **(more or {}),
        }
        (tmp_path / "data").mkdir()
        bot = Bot(tmp_path / "data", settings)
        project.add_hook(f"http://127.0.0.1:{bot.port}/webhook/gitlab", signing_token=TOKEN)
        try:
            bot.start()
            yield World(gitlab, project, *people, bot_user, bot)
        finally:
            bot.kill()
        assert gitlab.complaints == []
