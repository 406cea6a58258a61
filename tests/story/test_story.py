import pytest

from bot.agents.recipes import known_rules
from pilot.gitlab.edits import Edit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
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
    theirs = world.project.commit(world.dev, mr.source_branch, {"NOTES.md": "Merge on Monday.\n"})
    review = mr.start_thread(world.reviewer, f"/optimize avoid {rule}")
    world.work()

    assert len(review.notes) == 2, "one answer in the reviewer's thread"
    assert f"I started from `{theirs[:8]}`" in review.notes[1].body
    assert world.project.file("NOTES.md", mr.source_branch) == "Merge on Monday.\n"
    assert len(mr.commits) in (2, 3)
    assert (len(mr.commits) == 3) == review.resolved
    assert [note.body for note in mr.notes(world.bot_user) if f"`{theirs[:8]}`" in note.body and "pushed" in note.body]
    assert len(world.project.merge_requests) == 1

    world.project.add_member(world.dev, 40)  # only maintainers merge into a protected branch
    mr.merge(world.dev)
    world.work()

    (told,) = [note.body for note in mr.notes(world.bot_user) if note.body.startswith("Merged.")]
    assert "with this change and without it" in told and "faster" in told
    assert any("The merge request was merged." in body for body in thread())


def test_a_label_on_a_merge_request_optimizes_what_it_touches_and_a_thread_of_several_people_stays_open(world):
    path = TARGET.partition("::")[0]
    world.project.commit(world.dev, "work", {path: world.project.file(path).replace("words = []", "words: list[str] = []", 1)})
    theirs = world.project.create_merge_request(world.dev, "work", "Copy the words first")
    theirs.change(world.dev, Edit(add_labels=["optimize"]))
    world.work()
    mr = world.project.merge_requests[-1]
    assert mr.target_branch == "work" and "frequent_words" in mr.title
    review = mr.start_thread(world.reviewer, "Could you do it without a set?")
    note = review.reply(world.dev, "/optimize prefer join")
    world.work()

    assert note and not review.resolved
