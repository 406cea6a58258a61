"""kill -9 at any moment: exactly one merge request, one status note, one reply, and no step lost."""

import pytest

from tests.story.conftest import hurry, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
TARGET = "src/words.py::frequent_words"


@pytest.fixture
def brief(world):
    """The same project, in a hurry: one candidate, one size."""
    hurry(world.project, world.dev)
    return world


WRITES = ("POST ", "PUT ")


def outcome(world, thread):
    """What a person sees at the end, without the figures that differ from run to run."""
    (mr,) = world.project.merge_requests
    bodies = thread()[1:]
    return {
        "status notes": sum("<sub>" in body for body in bodies),
        "answers": sum("<sub>" not in body for body in bodies),
        "commits": len(mr.commits),
        "branches": len(world.project.branches),
        "reviewers": mr.reviewers,
        "labels": mr.labels,
    }


ONE_OF_EACH = {"status notes": 1, "answers": 1, "commits": 1, "branches": 2, "reviewers": ["dev"], "labels": ["hasten"]}


def test_killed_after_each_step_in_turn_the_story_ends_alike(brief):
    world = brief
    issue, thread = world.ask(f"/optimize {TARGET}")
    assert world.gitlab.settle()
    kills = 0
    until(lambda: world.bot.steps() > 0, 30, "the first step")
    while world.bot.busy():
        seen = world.bot.steps()
        until(lambda seen=seen: world.bot.steps() > seen or not world.bot.busy(), 240, "the next step")
        if world.bot.busy():
            world.bot.kill()
            kills += 1
            world.bot.start()

    assert kills >= 8
    assert outcome(world, thread) == ONE_OF_EACH
    assert issue.notes(world.dev)[0].emojis == ["eyes"]


def test_killed_right_after_each_thing_it_said_to_gitlab_nothing_is_said_twice(brief):
    world = brief
    issue, thread = world.ask(f"/optimize {TARGET}")
    assert world.gitlab.settle()
    killed_after: set[str] = set()
    seen = len(world.gitlab.requests)
    until(lambda: world.bot.steps() > 0, 30, "the first step")
    while world.bot.busy():
        fresh = world.gitlab.requests[seen:]
        seen += len(fresh)
        acts = [shape(request) for request in fresh if request.startswith(WRITES)]
        new = [act for act in acts if act not in killed_after]
        if new:
            killed_after.update(new)
            world.bot.kill()
            world.bot.start()

    assert len(killed_after) >= 4, killed_after
    assert outcome(world, thread) == ONE_OF_EACH
    assert issue.notes(world.dev)[0].emojis == ["eyes"]


def shape(request: str) -> str:
    """`POST /api/v4/projects/:id/issues/:id/notes`: an act without its numbers."""
    return "/".join(":id" if part.isdecimal() or len(part) == 40 else part for part in request.split("/"))
