import pytest

from bot.agents.recipes import known_rules

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TARGET = "src/words.py::frequent_words"


def test_a_command_becomes_a_measured_merge_request_and_a_review_the_next_iteration(world):
    issue, thread = world.ask(f"/optimize {TARGET}")
    world.work()

    (mr,) = world.project.merge_requests
    assert "faster" in mr.title
    assert mr.reviewers == ["dev"] and mr.labels == ["hasten"]
    assert f"Related to #{issue.iid}" in mr.description or f"#{issue.iid}" in mr.description
    assert f"!{mr.iid}" in thread()[-1]
    assert len(mr.commits) == 1

    rule = next(name for name in known_rules() if f"`{name}`" in mr.description)
    review = mr.start_thread(world.reviewer, f"/optimize avoid {rule}")
    world.work()

    assert len(review.notes) == 2, "one answer in the reviewer's thread"
    assert len(mr.commits) in (1, 2)
    assert (len(mr.commits) == 2) == review.resolved
    assert len(world.project.merge_requests) == 1


def test_a_thread_in_which_somebody_else_spoke_stays_open(world):
    world.ask(f"/optimize {TARGET}")
    world.work()
    (mr,) = world.project.merge_requests
    review = mr.start_thread(world.reviewer, "Could you do it without a set?")
    note = review.reply(world.dev, "/optimize prefer join")
    world.work()

    assert note and not review.resolved
