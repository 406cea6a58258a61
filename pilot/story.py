"""`make demo`: the pilot on this machine, for real, as a person would live it, told while it happens.

A GitLab stand-in on loopback with a pilot project in it, `hasten serve` beside it, a developer who comments, a reviewer who
wants it otherwise. Nothing is scripted but what the two people say.
"""

import argparse
import base64
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.rule import Rule

from bot.agents.recipes import known_rules
from pilot.gitlab.handles import MergeRequestHandle, ThreadHandle
from pilot.gitlab.notes import Note
from pilot.gitlab.project_handle import ProjectHandle
from pilot.gitlab.server import StandIn
from pilot.gitlab.users import User
from pilot.histories import plant

PROJECT = "dataframe_sort"
TARGET = "src/frames/sort.py::sort_frame"
PATIENCE = 600.0
_COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)


class StoryFailed(Exception):
    """The story did not go as told; `str(error)` says where it stopped."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The people and the place."""

    gitlab: StandIn
    project: ProjectHandle
    dev: User
    reviewer: User
    bot: User


@dataclass(slots=True)
class Teller:
    """Says what happens, with the time since the beginning."""

    console: Console
    began: float

    def scene(self, text: str) -> None:
        self.console.print(Rule(f"{time.monotonic() - self.began:5.0f} s  {text}", align="left", style="bold"))

    def line(self, text: str) -> None:
        self.console.print(f"{time.monotonic() - self.began:5.0f} s  {text}", markup=False, highlight=False, soft_wrap=True)

    def markdown(self, text: str) -> None:
        self.console.print(Markdown(readable(text)))


def readable(text: str) -> str:
    """GitLab Markdown for a terminal: hidden comments away, folds as headings."""
    text = _COMMENTS.sub("", text)
    text = re.sub(r"<summary>(.*?)</summary>", r"**▸ \1**", text, flags=re.DOTALL)
    return re.sub(r"</?(?:details|sub|sup)>", "", text)


def main() -> int:
    """Play the story once; 0 when it went as told."""
    arguments = argparse.ArgumentParser(prog="make demo", description=__doc__)
    arguments.add_argument("--keep", action="store_true", help="leave everything running at the end")
    arguments.add_argument("--folder", type=Path, default=Path(".demo"))
    chosen = arguments.parse_args()
    teller = Teller(Console(), time.monotonic())
    shutil.rmtree(chosen.folder, ignore_errors=True)
    chosen.folder.mkdir(parents=True)
    try:
        with play(chosen.folder.resolve(), teller) as stage:
            if chosen.keep:
                _stay(stage, teller)
    except StoryFailed as error:
        teller.line(f"The story stopped: {error}")
        teller.line(f"What the bot logged is in {chosen.folder}/hasten.log")
        return 1
    return 0


@contextmanager
def play(folder: Path, teller: Teller) -> Iterator[Stage]:
    """Everything from an empty folder to the second iteration; what was started is stopped on the way out."""
    token = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    teller.scene("A GitLab stand-in and the bot start")
    with StandIn(folder / "gitlab") as gitlab:
        stage = _people(gitlab, folder)
        with _bot(stage, folder, token) as port:
            stage.project.add_hook(f"http://127.0.0.1:{port}/webhook/gitlab", signing_token=token)
            teller.line(f"GitLab: {gitlab.url}   bot: http://127.0.0.1:{port}   project: {stage.project.path}")
            request = _first(stage, teller)
            _second(stage, teller, request)
            yield stage


def _people(gitlab: StandIn, folder: Path) -> Stage:
    dev, reviewer = gitlab.add_user("dev", "A developer"), gitlab.add_user("reviewer", "A reviewer")
    bot = gitlab.add_user("hasten", "Hasten", bot=True)
    source = folder / "project"
    plant(PROJECT, source)
    project = gitlab.add_project("pilot/dataframe-sort", source)
    for user in (dev, reviewer, bot):
        project.add_member(user, 30)
    return Stage(gitlab, project, dev, reviewer, bot)


def _first(stage: Stage, teller: Teller) -> MergeRequestHandle:
    """A developer asks; the bot answers with a merge request."""
    teller.scene("A developer comments on an issue")
    issue = stage.project.create_issue(stage.dev, "The report takes too long to sort", "It got slow with the new columns.")
    command = f"/optimize {TARGET}"
    teller.line(f"@dev: {command}")
    asked = issue.comment(stage.dev, command)
    _watch(
        teller,
        lambda: issue.thread_of(asked).notes[1:],
        lambda: bool(stage.project.merge_requests) and _ended(issue.thread_of(asked)),
    )
    if not stage.project.merge_requests:
        raise StoryFailed("the bot opened no merge request")
    request = stage.project.merge_requests[0]
    teller.scene(f"The merge request !{request.iid}: {request.title}")
    teller.markdown(request.description)
    return request


def _second(stage: Stage, teller: Teller, request: MergeRequestHandle) -> None:
    """A reviewer wants it otherwise; the bot answers with a second, measured iteration."""
    wish = _wish(request.description)
    teller.scene("A reviewer comments on the merge request")
    teller.line(f"@reviewer: /optimize {wish}")
    commits = len(request.commits)
    thread = request.start_thread(stage.reviewer, f"/optimize {wish}")
    _watch(teller, lambda: thread.notes[1:], lambda: len(thread.notes) > 1)
    teller.scene("The bot's answer in that thread")
    teller.markdown(thread.notes[-1].body)
    teller.line(f"{len(request.commits)} commits on the branch (before: {commits}); thread resolved: {thread.resolved}")
    teller.scene("The merge request now")
    teller.line(request.title)


def _wish(description: str) -> str:
    """What a reviewer might ask for: one recipe less where there are several, else one more that fitted."""
    made = re.search(r"^Made of (.+?):", description, re.MULTILINE)
    used = re.findall(r"`([\w-]+)`", made[1]) if made else []
    if len(used) > 1:
        return f"avoid {used[-1]}"
    others = [name for name in known_rules() if f"`{name}` fits" in description and name not in used]
    if not others:
        raise StoryFailed("the merge request leaves nothing to ask for")
    return f"prefer {others[0]}"


def _watch(teller: Teller, notes: Callable[[], list[Note]], done: Callable[[], bool]) -> None:
    """Tell each new state of the bot's notes until `done`."""
    told = ""
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise StoryFailed(f"nothing happened within {PATIENCE:.0f} s")
        said = notes()
        line = readable(said[-1].body).strip().split("\n")[0] if said else ""
        if line and line != told:
            told = line
            teller.line(f"@hasten: {line}")
        time.sleep(0.5)


def _ended(thread: ThreadHandle) -> bool:
    return any("Done" in body for body in thread.bodies[1:])


@contextmanager
def _bot(stage: Stage, folder: Path, token: str) -> Iterator[int]:
    """`hasten serve` as its own process, with its defaults."""
    port = _free_port()
    given = {
        "HASTEN_DATA": str(folder / "data"),
        "HASTEN_GITLAB_URL": stage.gitlab.url,
        "HASTEN_GITLAB_TOKEN": stage.bot.token,
        "HASTEN_WEBHOOK_SIGNING_TOKEN": token,
        "HASTEN_REVIEW_PAUSE": "1",
        "HASTEN_PORT": str(port),
    }
    with (folder / "hasten.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env={**os.environ, **given}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _await(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise StoryFailed("the bot did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _stay(stage: Stage, teller: Teller) -> None:
    teller.scene("Everything keeps running; Ctrl-C stops it")
    teller.line(f"Look at {stage.gitlab.url}/{stage.project.path} in a browser; comment there as dev or reviewer.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        teller.line("stopping")


if __name__ == "__main__":
    sys.exit(main())
