"""GitLab's words are not settled: where a release says no in other words, nothing of ours may take it for a yes."""

import pytest

from bot.forge import Forge, Proposal
from bot.thread import Thread
from pilot.gitlab.server import StandIn
from pilot.gitlab.state import Options


def mute(status, _):
    """The code and nothing else."""
    return status, {"message": "…"}


@pytest.fixture
def gitlab(tmp_path):
    with StandIn(tmp_path, options=Options(strict=True, refusal=mute)) as running:
        yield running
        assert running.complaints == []


def test_what_is_there_already_is_found_whatever_gitlab_calls_it(gitlab):
    bot = gitlab.add_user("hasten", "Hasten", bot=True)
    project = gitlab.add_project("team/frames", {"a.py": "x = 1\n"})
    project.add_member(bot, 40)
    project.commit(bot, "hasten/f", {"b.py": "x = 1\n"})
    note = project.create_issue(bot, "Slow").comment(bot, "hello")
    thread, forge = Thread(project.id, "issue", 1, note.id, note.discussion_id), Forge(gitlab.url, bot.token)
    proposal = Proposal("hasten/f", "main", "Faster", "Because.")

    opened = [forge.open_merge_request(project.id, proposal).iid for _ in range(2)]
    labels = [forge.ensure_label(project.id, "optimize") for _ in range(2)]
    forge.react(thread)
    forge.react(thread)

    assert opened == [1, 1] and labels == [True, False] and len(note.awards) == 1
