"""Every body that GitLab documents lands where it should, and no other body does harm."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import retold
from handlers.events import EmojiEvent, IssueEvent, Malformed, MergeRequestEvent, NoteEvent, Other, TokenEvent, parse, read

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return loaded


def told(body: dict[str, Any], hook: str = "") -> Any:
    return parse({"X-Gitlab-Event": hook}, json.dumps(body).encode())


LANDS = {
    "emoji_award_note_on_issue": EmojiEvent,
    "issue": IssueEvent,
    "merge_request": MergeRequestEvent,
    "note_commit": NoteEvent,
    "note_issue": NoteEvent,
    "note_issue_confidential.derived": NoteEvent,
    "note_issue_edited.derived": NoteEvent,
    "note_issue_optimize.derived": NoteEvent,
    "note_merge_request": NoteEvent,
    "note_merge_request_diffnote.derived": NoteEvent,
    "note_merge_request_discussionnote.derived": NoteEvent,
    "note_snippet": NoteEvent,
    "pipeline": Other,
    "push": Other,
    "resource_access_token_project": TokenEvent,
}


def test_every_sample_is_listed():
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(LANDS)


@pytest.mark.parametrize("name", LANDS)
def test_each_sample_lands_where_it_should(name):
    assert type(told(sample(name))) is LANDS[name]


@pytest.mark.parametrize("name", sorted(path.stem for path in (SAMPLES / "systemhooks").glob("*.json")))
def test_system_hooks_are_none_of_our_business(name):
    assert type(told(sample(f"systemhooks/{name}"), "System Hook")) is Other


def test_a_note_on_an_issue():
    note = told(sample("note_issue_optimize.derived"))

    assert (note.on, note.iid, note.noteable_id, note.action, note.system) == ("Issue", 17, 92, "create", False)
    assert note.text.startswith("/optimize")
    assert (note.project.id, note.project.path, note.project.default_branch) == (5, "gitlab-org/gitlab-test", "master")
    assert note.project.http_url == "http://example.com/gitlab-org/gitlab-test.git"
    assert not note.confidential
    assert note.labels == {"Afterpod", "Element"}
    assert note.branches is None


def test_a_diff_note_knows_its_place():
    note = told(sample("note_merge_request_diffnote.derived"))

    assert (note.type, note.on, note.iid) == ("DiffNote", "MergeRequest", 1)
    assert (note.position.new_path, note.position.new_line, note.position.old_line) == ("package.json", 27, None)
    assert note.position == note.original_position
    assert (note.branches.source, note.branches.target, note.branches.fork) == ("master", "markdown", False)
    assert note.head == "562e173be03b8ff2efb05345d12df18815438a4b"
    assert note.discussion_id == "6a9c1750b37d513a43987b574953fceb50b03ce7"


def test_a_position_full_of_nulls_is_no_position():
    body = sample("note_merge_request_diffnote.derived")
    body["object_attributes"]["position"] = body["object_attributes"]["change_position"]

    assert told(body).position is None


def test_an_edit_by_somebody_else_keeps_actor_and_author_apart():
    body = sample("note_issue_edited.derived")
    body["user"]["id"] = 77

    note = told(body)

    assert (note.action, note.actor.id, note.author_id) == ("update", 77, 1)
    assert note.updated_at == datetime(2015, 5, 17, 17, 9, 40, tzinfo=UTC)


def test_before_16_11_there_is_no_action():
    body = sample("note_issue")
    del body["object_attributes"]["action"]

    assert told(body).action is None


@pytest.mark.parametrize(
    "how",
    [
        lambda body: body.update(event_type="confidential_note"),
        lambda body: body["object_attributes"].update(internal=True),
        lambda body: body["issue"].update(confidential=True),
    ],
)
def test_whatever_says_confidential_is_believed(how):
    body = sample("note_issue")
    how(body)

    assert told(body).confidential


def test_the_header_alone_makes_it_confidential():
    assert told(sample("note_issue"), "Confidential Note Hook").confidential
    assert told(sample("issue"), "Confidential Issue Hook").confidential


def test_a_note_on_a_commit_names_the_commit():
    note = told(sample("note_commit"))

    assert (note.on, note.iid, note.commit) == ("Commit", None, "cfe32cf61b73a0d5e9f13e774abde7ff789b1660")


def test_a_note_on_something_unknown_is_other():
    body = sample("note_issue")
    body["object_attributes"]["noteable_type"] = "WikiPage::Meta"

    assert told(body) == Other("note", 5)


def test_a_note_on_an_issue_that_is_not_shown_is_other():
    body = sample("note_issue")
    del body["issue"]

    assert type(told(body)) is Other


def test_an_update_adds_only_the_labels_that_were_not_there():
    body = sample("issue")
    body["object_attributes"]["action"] = "update"

    assert told(body).new_labels == {"Platform"}


def test_a_fresh_issue_brings_all_its_labels():
    assert told(sample("issue")).new_labels == {"API"}


def test_an_update_without_a_label_change_adds_none():
    body = sample("merge_request")
    body["object_attributes"]["action"] = "update"
    del body["changes"]["labels"]

    assert told(body).new_labels == frozenset()


def test_other_work_items_are_issues_with_a_type():
    body = sample("issue")
    body["object_kind"] = "work_item"
    body["object_attributes"]["type"] = "Task"

    assert (told(body).type, told(body).kind) == ("Task", "issue")


def test_a_merge_request():
    event = told(sample("merge_request"))

    assert (event.action, event.state, event.iid, event.oldrev) == ("open", "opened", 1, None)
    assert (event.branches.source, event.branches.target) == ("ms-viewport", "master")
    assert event.reviewer_ids == (6,)
    assert event.head == "da1560886d4f094c3e6c9ef40349f7d38b5d27d7"
    assert event.threads_resolved is True


def test_a_push_to_a_merge_request_shows_its_former_head():
    body = sample("merge_request")
    body["object_attributes"] |= {"action": "update", "oldrev": "a" * 40}

    assert told(body).oldrev == "a" * 40


def test_a_reviewer_who_was_just_asked_is_new():
    body = sample("merge_request")
    body["object_attributes"]["action"] = "update"
    body["changes"]["reviewers"] = {"previous": [{"id": 6}], "current": [{"id": 6}, {"id": 9}]}

    assert told(body).new_reviewer_ids == {9}


def test_a_fork_is_recognised_also_when_its_project_is_gone():
    body = sample("merge_request")
    body["object_attributes"]["source_project_id"] = None

    assert told(body).branches.fork


def test_an_emoji_on_a_note():
    event = told(sample("emoji_award_note_on_issue"))

    assert (event.name, event.action, event.on, event.awarded_id) == ("thumbsup", "award", "Note", 363)
    assert (event.note_author_id, event.issue_iid, event.merge_request_iid) == (1, 42, None)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b'{"a": NaN}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "body"),
        (b" " * (8 * 1024 * 1024 + 1), "larger"),
        (b'{"object_kind": "note"}', "object_attributes"),
        (b'{"object_kind": "issue", "object_attributes": {"id": 1, "iid": 1}}', "project.id"),
        (b'{"object_kind": "issue", "project": {"id": 1}, "object_attributes": {"id": 1, "iid": 1}}', "user.id"),
        (b'{"object_kind": "issue", "object_attributes": {"id": 99999999999999999999, "iid": 1}}', "object_attributes.id"),
    ],
)
def test_what_is_no_webhook_is_malformed_and_says_where(body, says):
    with pytest.raises(Malformed, match=says):
        parse({}, body)


def test_the_complaint_does_not_repeat_the_content():
    body = sample("note_issue")
    body["object_attributes"]["id"] = "glpat-not-for-the-log"

    with pytest.raises(Malformed) as complaint:
        told(body)

    assert "glpat" not in str(complaint.value)


@pytest.mark.parametrize("body", [b"{}", b'{"object_kind": "brand_new"}', b'{"object_kind": null, "event_name": "x"}'])
def test_what_we_do_not_know_is_other(body):
    assert type(parse({}, body)) is Other


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(sorted(LANDS)), data=st.data())
def test_a_damaged_body_is_an_event_or_malformed(name, data):
    body = sample(name)
    place = data.draw(st.sampled_from([body, *(part for part in body.values() if isinstance(part, dict) and part)]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)

    try:
        event = told(body)
    except Malformed:
        return
    assert event.kind in ("note", "issue", "merge_request", "emoji", "access_token", "other")


def test_what_an_account_that_is_gone_did_is_no_event_when_it_is_told_again():
    item = {"id": 1, "iid": 1, "labels": [], "web_url": "", "author": None}
    said = {"id": 2, "noteable_type": "Issue", "body": "", "author": None, "created_at": "", "updated_at": ""}
    for again in (retold.note({"id": 1}, "issue", item, said), retold.item({"id": 1}, "issue", item, None, "open")):
        with pytest.raises(Malformed, match="user"):
            read(again)
