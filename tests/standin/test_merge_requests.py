"""Merge requests: prepared in the background, found again, versioned, and commented on the right line."""

from __future__ import annotations

from typing import Any

import pytest
from gitlab import GitlabAuthenticationError, GitlabCreateError, GitlabHttpError, GitlabMRClosedError, GitlabUpdateError

from tests.standin.conftest import FASTER, House, Inbox

pytestmark = pytest.mark.slow

NEW = {"source_branch": "faster", "target_branch": "main", "title": "Sort faster"}


@pytest.fixture
def branch(house: House) -> str:
    house.project.commit(house.bot, "faster", FASTER, "Sort in one go")
    return "faster"


def prepared(house: House) -> Any:
    """The bot's merge request once the background work is done."""
    (mr,) = house.project.merge_requests
    mr.mr.ready_at = house.gitlab.state.now()
    return house.api(house.bot).mergerequests.get(mr.iid)


@pytest.mark.usefixtures("branch")
def test_a_fresh_merge_request_is_not_prepared_yet(house: House) -> None:
    fresh = house.api(house.bot).mergerequests.create(NEW)

    assert (fresh.diff_refs, fresh.changes_count, fresh.prepared_at) == (None, None, None)
    assert fresh.detailed_merge_status == "preparing"
    assert fresh.diffs.list(get_all=True) == []

    ready = prepared(house)
    assert ready.diff_refs["head_sha"] == ready.sha
    assert (ready.changes_count, ready.detailed_merge_status) == ("1", "mergeable")


@pytest.mark.usefixtures("branch")
def test_a_second_one_for_the_same_branch_is_a_conflict_with_a_list(house: House) -> None:
    mergerequests = house.api(house.bot).mergerequests
    first = mergerequests.create(NEW)

    with pytest.raises(GitlabCreateError) as refusal:
        mergerequests.create(NEW)

    assert refusal.value.response_code == 409
    assert refusal.value.error_message == [f"Another open merge request already exists for this source branch: !{first.iid}"]
    assert [mr.iid for mr in mergerequests.list(source_branch="faster", state="opened", get_all=True)] == [first.iid]


@pytest.mark.usefixtures("branch")
def test_labels_reviewers_and_quick_actions_come_with_the_creation(house: House) -> None:
    values = NEW | {"labels": ["perf"], "reviewer_ids": [house.dev.id], "description": "Faster.\n\n/label ~bot\n/draft"}

    house.api(house.bot).mergerequests.create(values)

    (mr,) = house.project.merge_requests
    assert (mr.labels, mr.reviewers, mr.description) == (["bot", "perf"], ["dev"], "Faster.")


def test_all_missing_parameters_are_named(house: House) -> None:
    with pytest.raises(GitlabHttpError) as refusal:
        house.client(house.bot).http_post(f"/projects/{house.project.id}/merge_requests", post_data={"title": "x"})

    assert (refusal.value.response_code, refusal.value.error_message) == (
        400,
        "source_branch is missing, target_branch is missing",
    )


@pytest.mark.usefixtures("branch")
def test_draft_is_a_matter_of_the_title(house: House) -> None:
    mr = house.api(house.bot).mergerequests.create(NEW)
    mr.title = "Draft: Sort faster"
    mr.save()

    assert prepared(house).draft is True


@pytest.mark.usefixtures("branch")
def test_a_push_makes_a_version_and_a_system_note(house: House) -> None:
    house.api(house.bot).mergerequests.create(NEW)

    house.project.commit(house.dev, "faster", {"src/frames/sort.py": "sort = sorted\n"}, "Simplify")

    versions = prepared(house).diffs.list(get_all=True)
    (mr,) = house.project.merge_requests
    assert [version.head_commit_sha for version in versions] == [mr.versions[1].head, mr.versions[0].head]
    assert mr.notes(system=True)[0].body.startswith("added 1 commit")
    assert [commit.title for commit in mr.commits] == ["Sort in one go", "Simplify"]


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize(
    ("path", "old", "new", "good"),
    [
        ("src/frames/sort.py", None, 5, True),
        ("src/frames/sort.py", 6, None, True),
        ("src/frames/sort.py", 4, 4, True),
        ("src/frames/sort.py", None, 4, False),
        ("src/frames/sort.py", None, 99, False),
        ("README.md", None, 1, False),
    ],
)
def test_a_comment_needs_a_line_of_the_diff(house: House, path: str, old: int | None, new: int | None, good: bool) -> None:
    mr = house.project.create_merge_request(house.bot, "faster", "Sort faster")
    discussions = prepared(house).discussions
    position = mr.position(path, new_line=new, old_line=old)

    if good:
        thread = discussions.create({"body": "why?", "position": position})
        assert thread.attributes["notes"][0]["type"] == "DiffNote"
    else:
        with pytest.raises(GitlabCreateError) as refusal:
            discussions.create({"body": "why?", "position": position})
        assert refusal.value.response_code == 400
        assert "line_code" in str(refusal.value.error_message)


@pytest.mark.usefixtures("branch")
def test_a_suggestion_says_what_it_replaces(house: House) -> None:
    mr = house.project.create_merge_request(house.bot, "faster", "Sort faster")
    body = "Simpler:\n\n```suggestion:-1+0\nsort = sorted\n```"

    thread = mr.start_thread(house.dev, body, mr.position("src/frames/sort.py", new_line=5))

    (found,) = prepared(house).discussions.get(thread.id).attributes["notes"][0]["suggestions"]
    assert (found["from_line"], found["to_line"], found["to_content"]) == (4, 5, "sort = sorted\n")
    assert found["from_content"] == "def sort(rows):\n    return sorted(rows)\n"


@pytest.mark.usefixtures("branch")
def test_an_old_thread_keeps_its_place_after_a_push(house: House) -> None:
    mr = house.project.create_merge_request(house.bot, "faster", "Sort faster")
    thread = mr.start_thread(house.dev, "why?", mr.position("src/frames/sort.py", new_line=5))
    before = dict(thread.notes[0].position or {})

    house.project.commit(house.bot, "faster", {"src/frames/sort.py": "sort = sorted\n"})
    prepared(house).discussions.get(thread.id).notes.create({"body": "done"})

    assert thread.notes[1].position == before
    assert thread.notes[1].type == "DiffNote"


@pytest.mark.usefixtures("branch")
def test_merging_has_conditions(house: House) -> None:
    house.api(house.bot).mergerequests.create(NEW | {"title": "Draft: Sort faster"})
    draft = house.api(house.maintainer).mergerequests.get(1)

    with pytest.raises(GitlabMRClosedError) as refusal:
        draft.merge()
    prepared(house)
    draft.title = "Sort faster"
    draft.save()
    with pytest.raises(GitlabHttpError) as stale:
        draft.manager.gitlab.http_put(f"/projects/{house.project.id}/merge_requests/1/merge", post_data={"sha": "0" * 40})
    draft.merge()

    assert refusal.value.response_code == 405
    assert stale.value.response_code == 409
    assert house.project.merge_requests[0].status == "merged"
    assert house.project.file("src/frames/sort.py") == FASTER["src/frames/sort.py"]


@pytest.mark.usefixtures("branch")
def test_a_merged_one_is_not_reopened_and_a_closed_one_is(house: House) -> None:
    house.api(house.bot).mergerequests.create(NEW)
    mr = prepared(house)
    mr.state_event = "close"
    mr.save()
    assert house.project.merge_requests[0].status == "closed"
    house.api(house.bot).mergerequests.update(1, {"state_event": "reopen"})

    house.project.merge_requests[0].merge(house.maintainer)

    with pytest.raises(GitlabUpdateError):
        house.api(house.bot).mergerequests.update(1, {"state_event": "reopen"})


@pytest.mark.usefixtures("branch")
def test_gitlab_remarks_on_changes_and_mentions(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow")
    house.api(house.bot).mergerequests.create(NEW | {"description": "Related to #1, twice: #1"})

    house.api(house.bot).mergerequests.update(1, {"title": "Sort twice as fast", "reviewer_ids": [house.dev.id]})

    (mr,) = house.project.merge_requests
    assert [note.body for note in mr.notes(system=True)] == [
        "changed title from **Sort faster** to **Sort twice as fast**",
        "requested review from @dev",
    ]
    assert [note.body for note in issue.notes(system=True)] == ["mentioned in merge request !1"]


@pytest.mark.usefixtures("branch")
def test_a_merge_closes_only_what_it_says_it_closes(house: House) -> None:
    closed, related = (house.project.create_issue(house.dev, title) for title in ("Slow", "Slower"))
    mr = house.project.create_merge_request(house.bot, "faster", "Sort faster", "Closes #1. Related to #2.")

    mr.merge(house.maintainer)

    assert (closed.status, related.status) == ("closed", "opened")


@pytest.mark.usefixtures("branch")
def test_a_description_has_a_limit(house: House) -> None:
    with pytest.raises(GitlabCreateError) as refusal:
        house.api(house.bot).mergerequests.create(NEW | {"description": "x" * 1_048_577})

    assert refusal.value.error_message == {"description": ["is too long (maximum is 1048576 characters)"]}


@pytest.mark.usefixtures("branch")
def test_an_approval_is_told_once_and_not_given_to_oneself(house: House, inbox: Inbox) -> None:
    house.project.add_hook(inbox.url, events=["merge_requests_events"])
    house.project.create_merge_request(house.bot, "faster", "Sort faster", "Closes #9")

    house.api(house.dev).mergerequests.get(1).approve()
    with pytest.raises(GitlabAuthenticationError):
        house.api(house.bot).mergerequests.get(1).approve()
    house.gitlab.settle()

    assert [user.username for user in house.project.merge_requests[0].mr.approvals] == ["dev"]
    assert [letter.body["object_attributes"]["action"] for letter in inbox.letters] == ["open", "approved"]


@pytest.mark.usefixtures("branch")
def test_issues_and_merge_requests_that_belong_together_are_found(house: House) -> None:
    house.project.create_issue(house.dev, "Slow")
    house.project.create_merge_request(house.bot, "faster", "Sort faster", "Closes #1 and closes #77")

    mr = house.api(house.bot).mergerequests.get(1)
    issue = house.api(house.bot).issues.get(1)

    assert [item.title for item in mr.closes_issues()] == ["Slow"]
    assert [item["title"] for item in issue.related_merge_requests()] == ["Sort faster"]
