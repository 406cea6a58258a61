"""Every webhook body has the keys of the documented sample, and what the samples shorten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pilot.gitlab.handles import MergeRequestHandle
from pilot.gitlab.hooks import FLAGS
from tests.standin.conftest import FASTER, House, Inbox
from tests.standin.test_api_samples import lacks

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parent / "samples" / "webhooks"

# Keys of a sample that no body of ours has, with the reason.
MISSING = {
    "merge_request": {
        "updated_by_id": "in `changes`, which tells only what this event changed",
        "draft": "in `changes`, as above",
        "labels": "in `changes`, as above",
        "last_edited_at": "in `changes`, as above",
        "last_edited_by_id": "in `changes`, as above",
        "updated_at": "in `changes`, as above",
    },
    "issue": {"updated_by_id": "in `changes`, which tells only what this event changed"},
}


def emoji(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow", labels=["perf"])
    issue.react(house.dev, "thumbsup", issue.comment(house.dev, "Testing"))


def issue(house: House) -> None:
    made = house.project.create_issue(house.dev, "Slow", labels=["perf"])
    made.item.assignees = [house.dev]
    made.quick_action(house.dev, "/label ~more")


def merge_request(house: House) -> None:
    mr = _mr(house)
    mr.quick_action(house.dev, "/label ~more")


def _mr(house: House) -> MergeRequestHandle:
    house.project.commit(house.bot, "faster", FASTER)
    mr = house.project.create_merge_request(house.bot, "faster", "Sort faster", "/label ~perf")
    mr.mr.assignees = mr.mr.reviewers = [house.dev]
    return mr


def note_issue(house: House) -> None:
    house.project.create_issue(house.dev, "Slow", labels=["perf"]).comment(house.dev, "Hello")


def confidential(house: House) -> None:
    house.project.create_issue(house.dev, "Slow", labels=["perf"], confidential=True).comment(house.dev, "Hello")


def edited(house: House) -> None:
    made = house.project.create_issue(house.dev, "Slow", labels=["perf"])
    made.edit_note(house.maintainer, made.comment(house.dev, "Hello"), "Bye")


def note_merge_request(house: House) -> None:
    _mr(house).comment(house.dev, "needs work")


def diff_note(house: House) -> None:
    mr = _mr(house)
    mr.start_thread(house.dev, "why", mr.position("src/frames/sort.py", new_line=5))


def thread_note(house: House) -> None:
    _mr(house).start_thread(house.dev, "why")


def pipeline(house: House) -> None:
    sha = house.project.branches["main"]
    house.api(house.dev).commits.get(sha, lazy=True).statuses.create({"state": "success"})


def push(house: House) -> None:
    house.project.commit(house.dev, "topic", {"a.txt": "x"})


def token(house: House) -> None:
    house.project.token_expires(house.bot, (house.gitlab.state.now() + timedelta(days=7)).date())


CASES: dict[str, tuple[str, Callable[[House], None]]] = {
    "emoji_award_note_on_issue": ("Emoji Hook", emoji),
    "issue": ("Issue Hook", issue),
    "merge_request": ("Merge Request Hook", merge_request),
    "note_issue": ("Note Hook", note_issue),
    "note_issue_confidential.derived": ("Confidential Note Hook", confidential),
    "note_issue_edited.derived": ("Note Hook", edited),
    "note_merge_request": ("Note Hook", note_merge_request),
    "note_merge_request_diffnote.derived": ("Note Hook", diff_note),
    "note_merge_request_discussionnote.derived": ("Note Hook", thread_note),
    "pipeline": ("Pipeline Hook", pipeline),
    "push": ("Push Hook", push),
    "resource_access_token_project": ("Resource Access Token Hook", token),
}
# A pipeline of external statuses has no merge request of its own and no jobs.
EMPTY_HERE = {"pipeline": {"merge_request", "source_pipeline", "variables", "builds"}}


def test_every_sample_is_held_against_a_body() -> None:
    assert sorted(path.stem for path in SAMPLES.glob("*.json")) == sorted(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_body_has_the_documented_keys(house: House, inbox: Inbox, name: str) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    event, happen = CASES[name]
    house.project.add_hook(inbox.url, events=FLAGS)

    happen(house)
    house.gitlab.settle()

    body = inbox.of(event)[-1].body
    missing = [key for key in lacks(sample, body) if key.rpartition(".")[2] not in MISSING.get(name, {})]
    assert [key for key in missing if key.partition(".")[0] not in EMPTY_HERE.get(name, ())] == []
    assert body["object_kind"] == sample["object_kind"]


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("derived")])
def test_the_kinds_of_values_are_those_of_a_note(house: House, inbox: Inbox, name: str) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text())["object_attributes"]
    event, happen = CASES[name]
    house.project.add_hook(inbox.url, events=FLAGS)

    happen(house)
    house.gitlab.settle()

    attributes = inbox.of(event)[-1].body["object_attributes"]
    known = {key: value for key, value in sample.items() if value is not None and key != "updated_by_id"}
    assert {key: type(attributes[key]) for key in known} == {key: type(value) for key, value in known.items()}
    assert (attributes["type"], attributes["action"]) == (sample["type"], sample["action"])
