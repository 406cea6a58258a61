"""Labels, reviewers, descriptions, emoji, pushes and merges: what of them asks something of us, and under which id."""

import json
from pathlib import Path

from bot.inbox import requests
from handlers import events

SAMPLES = Path(__file__).parents[1] / "handlers" / "samples"
LABEL = {"id": 1, "title": "optimize", "project_id": 1}
OTHER = {"id": 2, "title": "bug", "project_id": 1}
US = 999


def heard(sample, *, us=US, **parts):
    body = json.loads((SAMPLES / f"{sample}.json").read_text())
    for name, value in parts.items():
        body[name] = {**body.get(name, {}), **value} if isinstance(value, dict) else value
    return requests(events.parse({}, json.dumps(body).encode()), us=us, name="hasten", word="optimize", label="optimize")


def labelled(sample, previous, current):
    changes = {"labels": {"previous": previous, "current": current}}
    return heard(sample, object_attributes={"action": "update"}, changes=changes, labels=current)


def test_the_label_starts_a_run_and_taking_it_off_none():
    for sample, kind in (("issue", "issue"), ("merge_request", "merge_request")):
        (request,) = labelled(sample, [OTHER], [OTHER, LABEL])
        (again,) = labelled(sample, [], [LABEL])

        assert (request.verb, request.words, request.thread.kind, request.thread.note) == ("optimize", (), kind, None)
        assert request.id == again.id
        assert labelled(sample, [LABEL, OTHER], [OTHER]) == []
        assert labelled(sample, [LABEL], [LABEL, OTHER]) == [], "another label was put beside it"


def test_an_issue_that_is_opened_with_the_label_is_one_that_got_it_later():
    (opened,) = heard("issue", object_attributes={"action": "open"}, labels=[LABEL], changes={})

    assert opened.id == labelled("issue", [], [LABEL])[0].id


def test_a_labelled_issue_says_itself_what_it_is_about():
    told = {"action": "open", "title": "slow", "description": "Look at `src/a.py::Table.sort`, not at b.py."}
    (request,) = heard("issue", object_attributes=told, labels=[LABEL], changes={})

    assert request.words == ("src/a.py::Table.sort",)


def test_our_own_label_asks_for_nothing():
    actor = json.loads((SAMPLES / "issue.json").read_text())["user"]["id"]

    assert heard("issue", us=actor, object_attributes={"action": "open"}, labels=[LABEL]) == []


def test_a_command_in_the_description_of_something_new_is_carried_out_and_a_mistake_in_it_ignored():
    (request,) = heard("issue", object_attributes={"action": "open", "description": "Slow!\n\n/optimize a.py::f --claim 5%"})

    assert (request.words, request.options["claim"], request.thread.note) == (("a.py::f",), 0.05, None)
    assert heard("issue", object_attributes={"action": "open", "description": "/optimise a.py::f"}) == []
    assert heard("issue", object_attributes={"action": "close", "description": "/optimize a.py::f"}) == []


def test_being_asked_for_a_review_is_being_asked_to_optimize():
    changes = {"reviewers": {"previous": [], "current": [{"id": US, "username": "hasten", "name": "Hasten"}]}}
    (request,) = heard("merge_request", object_attributes={"action": "update"}, changes=changes)

    assert (request.verb, request.thread.kind) == ("optimize", "merge_request")
    assert heard("merge_request", us=1000, object_attributes={"action": "update"}, changes=changes) == []


def test_a_push_an_approval_and_a_merge_are_told():
    pushed = heard("merge_request", object_attributes={"action": "update", "oldrev": "a" * 40})
    merged = heard("merge_request", object_attributes={"action": "merge"})
    approved = heard("merge_request", object_attributes={"action": "approved"})

    assert [each.verb for each in pushed] == ["pushed"] and len(pushed[0].words[0]) == 40
    assert [(each.verb, each.words) for each in merged] == [("ended", ("merged",)), ("merged", ())]
    assert [(each.verb, each.words) for each in approved] == [("ended", ("approved",))]


def test_a_thumb_on_a_note_of_ours_is_feedback_and_on_others_none():
    (award,) = heard("emoji_award_note_on_issue", note={"author_id": US})
    (revoke,) = heard(
        "emoji_award_note_on_issue", note={"author_id": US}, event_type="revoke", object_attributes={"action": "revoke"}
    )

    assert (award.words, award.text, award.thread.kind) == (("award", "thumbsup"), "363", "issue")
    assert revoke.words == ("revoke", "thumbsup") and revoke.id != award.id
    assert heard("emoji_award_note_on_issue", note={"author_id": 5}) == []
    assert heard("emoji_award_note_on_issue", us=1, note={"author_id": 1}) == [], "our own reaction"
    assert heard("emoji_award_note_on_issue", note={"author_id": US}, object_attributes={"name": "eyes"}) == []


def test_a_command_in_a_diff_knows_its_line():
    body = json.loads((SAMPLES / "note_merge_request_diffnote.derived.json").read_text())
    (request,) = heard("note_merge_request_diffnote.derived", object_attributes={"note": "/optimize"})
    position = body["object_attributes"]["position"]

    assert (request.at.path, request.at.line, request.at.sha) == (
        position["new_path"],
        position["new_line"],
        position["head_sha"],
    )
    assert type(request).from_json(json.loads(json.dumps(request.to_json()))).at == request.at
