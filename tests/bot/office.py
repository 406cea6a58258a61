"""The bot's desk, board, answers and press over a stand-in, with a run's state stored as the lab stores it."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from bot.agents.recipes import known_rules
from bot.answers import Answers
from bot.board import Board
from bot.desk import Desk
from bot.forge import Forge
from bot.ground import Ground, Origin
from bot.iteration import Iteration
from bot.lab import Lab
from bot.press import Press
from bot.recheck import Recheck
from bot.report.facts import Stage
from bot.request import Request
from bot.review import Review
from bot.store import RunRow, Store
from bot.story import Archivist
from bot.thread import Thread
from evaluation.scorecard import Cell, Interval, Outcome, Reason, Scorecard, Tests
from pilot.gitlab.handles import MergeRequestHandle, ThreadHandle
from pilot.gitlab.notes import Note
from pilot.gitlab.project_handle import ProjectHandle
from pilot.gitlab.server import StandIn
from pilot.gitlab.users import User
from sandbox.bubblewrap import Bubblewrap

KEY = b"a key of these tests, 32 bytes.."
TARGET = "a.py::f"
FASTER = "def f():\n    return 1 + 0\n"
PROVEN = Scorecard(
    target=TARGET,
    outcome=Outcome.ACCEPTED,
    reasons=(Reason("speed.gain", "at least 1.9× faster"),),
    tests=Tests(passed=3),
    speedup=Interval(2.0, 1.9, 2.1),
    cells=(Cell({"rows": 100}, 0.002, 0.001, Interval(2.0, 1.9, 2.1)),),
    control=Interval(1.0, 0.99, 1.01),
    processes=6,
)
numbers = count(1)


class Clock:
    """Time that passes when it is told to."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Office:
    """One project of a GitLab, and everything of the bot that needs no judge."""

    gitlab: StandIn
    project: ProjectHandle
    dev: User
    guest: User
    bot: User
    forge: Forge
    store: Store
    board: Board
    clock: Clock
    desk: Desk
    answers: Answers
    lab: Lab
    press: Press
    review: Review
    recheck: Recheck

    def asked(self, verb: str, *words: str, user: User | None = None, **more: object) -> Request:
        """A command on a new issue."""
        issue = self.project.create_issue(self.dev, "It is slow")
        note = issue.comment(user or self.dev, f"/optimize {verb} {' '.join(words)}")
        return self.request(issue, note, verb, *words, user=user, **more)

    def request(
        self, item, note: Note, verb: str, *words: str, user: User | None = None, text: str = "", **more: object
    ) -> Request:
        """The command that stands in a note."""
        kind, asker = ("merge_request" if hasattr(item, "mr") else "issue"), user or self.dev
        thread = Thread(self.project.id, kind, item.iid, note.id, note.discussion_id, note.internal)
        return Request(f"{verb}-{next(numbers):08d}", thread, asker.id, asker.username, verb, words, text, **more)

    def thread(self, request: Request) -> ThreadHandle:
        """What stands in a command's thread."""
        items = self.project.issues if request.thread.kind == "issue" else self.project.merge_requests
        item = next(each for each in items if each.iid == request.thread.iid)
        return item.thread_of(next(note for note in item.notes() if note.id == request.thread.note))

    def said(self, request: Request) -> list[str]:
        """The bot's answers there, without its status note."""
        notes = [note for note in self.thread(request).notes if note.author == self.bot]
        return [note.body for note in notes if "<sub>" not in note.body]

    def status(self, request: Request) -> list[str]:
        """The bot's status notes there."""
        return [note.body for note in self.thread(request).notes if note.author == self.bot and "<sub>" in note.body]

    def admitted(self, request: Request):
        """The ticket of a command, with its iteration on the base commit as a snapshot leaves it."""
        ticket = self.desk.admit(request.id, request)
        iteration = self.lab.ground.fetch(ticket.iteration, self.origin(), ticket.base, ticket.config)
        return ticket, replace(iteration, target=ticket.iteration.target)

    def opened(self) -> tuple[RunRow, MergeRequestHandle]:
        """A finished run with its merge request, as publishing leaves them."""
        request = self.asked("optimize", TARGET)
        ticket = self.desk.admit(request.id, request)
        base, head = self.project.branches["main"], self.project.commit(self.bot, "hasten/f", {"a.py": FASTER})
        mr = self.project.create_merge_request(self.bot, "hasten/f", "Make f faster")
        winner = self.candidate(replace(ticket.iteration, sha=base))
        self.store.end_iteration(request.id, winner=winner, head_sha=head)
        self.store.update_run(request.id, base_sha=base, branch="hasten/f", merge_request=mr.iid)
        self.store.life.end(request.id, "done")
        self.board.show(request.id, Stage.DONE, "")
        return self.store.run(request.id), mr

    def remark(self, mr: MergeRequestHandle, text: str, verb: str = "remark", *words: str, user: User | None = None) -> Request:
        """What somebody says in a new thread on a merge request."""
        note = mr.start_thread(user or self.dev, text).notes[0]
        return self.request(mr, note, verb, *words, user=user, text=text)

    def reviewed(self, iteration: str, *requests: Request):
        """The ticket of one review, of which these are the remarks; None where nothing of it asks for anything."""
        for request in requests:
            self.review.hear(request)
        return self.review.admit(iteration, requests[0])

    def origin(self) -> Origin:
        return Origin(self.project.clone_url, self.bot.tokens[0].value)

    def candidate(self, iteration: Iteration, number: int = 1, text: str = FASTER, outcome: str = "accepted") -> str:
        """A judged change of `a.py`; its id."""
        blobs, name = self.lab.ground.blobs, f"{iteration.id}:{number}.1"
        self.store.save_candidate(
            id=name,
            iteration_id=iteration.id,
            agent="recipes",
            title=f"Idea {number}",
            rationale="Adds nothing.",
            ingredients=["join"],
            changes=blobs.put_json({"a.py": text}),
        )
        reasons = [{"code": "speed.gain", "text": "at least 1.9× faster"}]
        self.store.judge_candidate(name, outcome=outcome, ratio=2.0, reasons=reasons, scorecard=blobs.put_json(PROVEN.to_json()))
        return name


def furnish(gitlab: StandIn, folder: Path) -> Office:
    """A new project and a new office for it."""
    number = next(numbers)
    dev, guest = gitlab.add_user(f"dev{number}", "Dev"), gitlab.add_user(f"guest{number}", "Guest")
    bot = gitlab.add_user(f"hasten{number}", "Hasten", bot=True)
    project = gitlab.add_project(f"team/frames{number}", {"a.py": "def f():\n    return 1\n"})
    for user, level in ((dev, 30), (guest, 10), (bot, 30)):
        project.add_member(user, level)
    token, clock = bot.tokens[0].value, Clock()
    forge, store, ground = Forge(gitlab.url, token), Store.open(folder), Ground(folder, Bubblewrap())
    archivist, board = Archivist(store, ground.blobs, "0.0.0"), Board(forge, store, KEY, clock)
    rules = tuple(known_rules())
    desk = Desk(forge, store, board, archivist, KEY, token=token)
    lab = Lab(ground, store, {})
    answers, press = Answers(desk, store, board, archivist, rules), Press(forge, store, lab, desk, board, archivist, KEY)
    review, recheck = Review(desk, store, archivist, ground, rules), Recheck(desk, store, lab, board, KEY)
    return Office(gitlab, project, dev, guest, bot, forge, store, board, clock, desk, answers, lab, press, review, recheck)
