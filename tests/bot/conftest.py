from dataclasses import dataclass

import pytest

from bot.forge import Forge
from bot.thread import Thread
from pilot.gitlab.handles import IssueHandle, MergeRequestHandle
from pilot.gitlab.notes import Note
from pilot.gitlab.project_handle import ProjectHandle
from pilot.gitlab.server import StandIn
from pilot.gitlab.state import Options
from pilot.gitlab.users import User
from tests.bot.office import furnish


@dataclass
class Place:
    """A GitLab with one project, a developer, a guest, and the bot's account."""

    gitlab: StandIn
    project: ProjectHandle
    dev: User
    guest: User
    bot: User
    forge: Forge

    def issue(self, text: str = "slow") -> tuple[IssueHandle, Note, Thread]:
        issue = self.project.create_issue(self.dev, "Sorting is slow")
        note = issue.comment(self.dev, text)
        return issue, note, thread_of(issue, note, "issue")

    def merge_request(self) -> MergeRequestHandle:
        self.project.commit(self.dev, "work", {"a.py": "def f():\n    return 2\n"})
        return self.project.create_merge_request(self.dev, "work", "Work")


def thread_of(item, note: Note, kind: str) -> Thread:
    return Thread(item.item.project.id, kind, item.iid, note.id, item.thread_of(note).id)


@pytest.fixture
def place(tmp_path):
    with StandIn(tmp_path / "gitlab", options=Options(strict=True)) as gitlab:
        dev, guest, bot = (
            gitlab.add_user("dev", "Dev"),
            gitlab.add_user("guest", "Guest"),
            gitlab.add_user("hasten", "Hasten", bot=True),
        )
        project = gitlab.add_project("team/tools/frames", {"a.py": "def f():\n    return 1\n"})
        for user, level in ((dev, 30), (guest, 10), (bot, 30)):
            project.add_member(user, level)
        yield Place(gitlab, project, dev, guest, bot, Forge(gitlab.url, bot.tokens[0].value))
        assert gitlab.complaints == []


@pytest.fixture(scope="module")
def gitlab(tmp_path_factory):
    with StandIn(tmp_path_factory.mktemp("gitlab"), options=Options(strict=True)) as gitlab:
        yield gitlab
        assert gitlab.complaints == []


@pytest.fixture
def office(gitlab, tmp_path):
    office = furnish(gitlab, tmp_path)
    yield office
    office.store.close()
