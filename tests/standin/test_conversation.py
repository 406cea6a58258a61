"""Notes, threads, reactions and quick actions behave as people and bots know them."""

from __future__ import annotations

from typing import Any

import pytest
from gitlab import GitlabCreateError, GitlabDeleteError, GitlabUpdateError

from pilot.gitlab.handles import IssueHandle
from tests.standin.conftest import House


@pytest.fixture
def issue(house: House) -> IssueHandle:
    return house.project.create_issue(house.dev, "Slow", "It takes minutes.")


def seen(house: House, issue: IssueHandle, user: Any = None) -> Any:
    return house.api(user or house.bot).issues.get(issue.iid)


def test_notes_are_listed_newest_first(house: House, issue: IssueHandle) -> None:
    for text in ("one", "two", "three"):
        issue.comment(house.dev, text)

    newest = [note.body for note in seen(house, issue).notes.list(get_all=True)]
    oldest = [note.body for note in seen(house, issue).notes.list(get_all=True, sort="asc")]

    assert newest == ["three", "two", "one"]
    assert oldest == newest[::-1]


def test_a_command_unknown_to_gitlab_stays_in_the_note(house: House, issue: IssueHandle) -> None:
    note = seen(house, issue).notes.create({"body": "/optimize src/a.py::f\n/label ~perf\r\nthanks"})

    assert note.body == "/optimize src/a.py::f\nthanks"
    assert issue.labels == ["perf"]


def test_a_note_of_quick_actions_only_is_not_stored(house: House, issue: IssueHandle) -> None:
    answer = seen(house, issue).notes.create({"body": "/label ~perf"})

    assert "id" not in answer.attributes
    assert answer.attributes["summary"] == ["Added ~perf label."]
    assert issue.notes() == []


def test_quick_actions_of_somebody_without_the_right_change_nothing(house: House, issue: IssueHandle) -> None:
    issue.quick_action(house.guest, "/label ~perf\n/close")

    assert (issue.labels, issue.status) == ([], "opened")


def test_an_empty_note_is_refused(house: House, issue: IssueHandle) -> None:
    with pytest.raises(GitlabCreateError) as refusal:
        seen(house, issue).notes.create({"body": "  "})

    assert refusal.value.response_code == 400


def test_the_same_reaction_twice_is_not_found(house: House, issue: IssueHandle) -> None:
    note = issue.comment(house.dev, "hello")
    awards = seen(house, issue).notes.get(note.id).awardemojis
    awards.create({"name": "eyes"})

    with pytest.raises(GitlabCreateError) as refusal:
        awards.create({"name": "eyes"})

    assert refusal.value.response_code == 404
    assert note.emojis == ["eyes"]


def test_only_ones_own_reaction_can_be_taken_back(house: House, issue: IssueHandle) -> None:
    issue.react(house.dev, "thumbsup")
    mine = seen(house, issue).awardemojis.create({"name": "eyes"})

    with pytest.raises(GitlabDeleteError) as refusal:
        seen(house, issue).awardemojis.delete(issue.item.awards[0].id)
    mine.delete()

    assert refusal.value.response_code == 403
    assert issue.emojis == [("dev", "thumbsup")]


def test_an_answer_turns_a_note_into_a_thread(house: House, issue: IssueHandle) -> None:
    note = issue.comment(house.dev, "/optimize")
    thread = seen(house, issue).discussions.get(note.discussion_id)
    assert thread.individual_note

    thread.notes.create({"body": "working on it"})

    again = seen(house, issue).discussions.get(note.discussion_id)
    assert not again.individual_note
    assert [item["type"] for item in again.attributes["notes"]] == ["DiscussionNote", "DiscussionNote"]


def test_only_maintainers_edit_what_others_wrote(house: House, issue: IssueHandle) -> None:
    note = issue.comment(house.dev, "hello")
    theirs = seen(house, issue).notes.get(note.id)
    theirs.body = "changed"

    with pytest.raises(GitlabUpdateError):
        theirs.save()
    allowed = seen(house, issue, house.maintainer).notes.get(note.id)
    allowed.body = "moderated"
    allowed.save()

    assert (note.body, note.edits) == ("moderated", ["hello"])


def test_internal_notes_are_for_reporters_and_above(house: House, issue: IssueHandle) -> None:
    seen(house, issue).notes.create({"body": "secret", "internal": True})
    issue.comment(house.dev, "open")

    guests = [note.body for note in seen(house, issue, house.guest).notes.list(get_all=True)]
    reporters = [note.body for note in seen(house, issue, house.reporter).notes.list(get_all=True)]

    assert guests == ["open"]
    assert reporters == ["open", "secret"]


def test_threads_on_merge_requests_are_resolved_by_developers_and_authors(house: House) -> None:
    mr = house.open_merge_request()
    thread = mr.start_thread(house.dev, "why?")
    theirs = house.api(house.reporter).mergerequests.get(mr.iid).discussions.get(thread.id)
    theirs.resolved = True

    with pytest.raises(GitlabUpdateError) as refusal:
        theirs.save()
    ours = house.api(house.bot).mergerequests.get(mr.iid).discussions.get(thread.id)
    ours.resolved = True
    ours.save()

    assert refusal.value.response_code == 403
    assert thread.resolved
    assert thread.notes[0].resolved_by is house.bot


def test_a_reply_opens_a_resolved_thread_again(house: House) -> None:
    thread = house.open_merge_request().start_thread(house.dev, "why?")
    thread.resolve(house.bot)

    thread.reply(house.dev, "not yet")

    assert not thread.resolved


def test_labels_are_added_without_touching_the_others(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow", labels=["team::a"])
    api = house.api(house.bot)

    api.issues.update(issue.iid, {"add_labels": "perf,bot", "remove_labels": "absent"})

    assert issue.labels == ["bot", "perf", "team::a"]
    events = api.issues.get(issue.iid).resourcelabelevents.list(get_all=True)
    assert [(event.user["username"], event.label["name"]) for event in events][-2:] == [("hasten", "perf"), ("hasten", "bot")]


def test_an_update_needs_something_to_update(house: House, issue: IssueHandle) -> None:
    with pytest.raises(GitlabUpdateError) as refusal:
        house.api(house.dev).issues.update(issue.iid, {})

    assert refusal.value.response_code == 400


def test_lists_filter_by_label_state_and_time(house: House) -> None:
    old = house.project.create_issue(house.dev, "Old", labels=["perf"])
    old.close(house.dev)
    house.project.create_issue(house.bot, "New", labels=["perf"])
    issues = house.api(house.dev).issues

    assert [item.title for item in issues.list(labels="perf", state="opened", get_all=True)] == ["New"]
    assert [item.title for item in issues.list(author_username="dev", get_all=True)] == ["Old"]
    assert issues.list(updated_after="2999-01-01T00:00:00Z", get_all=True) == []
