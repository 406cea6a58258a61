"""Deliveries: signed, logged, repeated, muted, and unreliable on request."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from random import Random

import pytest
import requests
from gitlab import Gitlab, GitlabCreateError

from pilot.gitlab.courier import Postage
from pilot.gitlab.hooks import FREE_FAILURES
from pilot.gitlab.server import StandIn
from tests.standin.conftest import House, Inbox

KEY = b"k" * 32
SIGNING_TOKEN = "whsec_" + base64.b64encode(KEY).decode()


@pytest.fixture
def postage(gitlab: StandIn) -> Iterator[Postage]:
    """The post, made reliable again afterwards."""
    yield gitlab.postage
    gitlab.postage.duplicate = gitlab.postage.drop = gitlab.postage.reorder = 0.0


def comments(house: House, *texts: str) -> None:
    issue = house.project.create_issue(house.dev, "Slow")
    for text in texts:
        issue.comment(house.dev, text)
    house.gitlab.settle()


def test_a_delivery_carries_both_signatures(house: House, inbox: Inbox) -> None:
    house.project.add_hook(inbox.url, secret="s3cret", signing_token=SIGNING_TOKEN, events=["note_events"])

    comments(house, "hello")

    (letter,) = inbox.letters
    signed = f"{letter.headers['webhook-id']}.{letter.headers['webhook-timestamp']}.".encode() + letter.raw
    expected = "v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode()
    assert letter.headers["webhook-signature"] == expected
    assert letter.headers["X-Gitlab-Token"] == "s3cret"
    assert letter.headers["Idempotency-Key"] == letter.headers["webhook-id"]
    assert letter.headers["X-Gitlab-Instance"] == house.gitlab.url


def test_without_secrets_there_are_no_signatures(house: House, inbox: Inbox) -> None:
    house.project.add_hook(inbox.url, events=["note_events"])

    comments(house, "hello")

    assert {"X-Gitlab-Token", "webhook-signature"} & set(inbox.letters[0].headers) == set()


def test_confidential_talk_needs_its_own_flag(house: House, inbox: Inbox) -> None:
    house.project.add_hook(inbox.url, events=["note_events", "issues_events"])
    issue = house.project.create_issue(house.dev, "Leak", confidential=True)
    issue.comment(house.dev, "hush")
    house.project.create_issue(house.dev, "Open").comment(house.dev, "internal", internal=True)
    house.gitlab.settle()

    assert [letter.event for letter in inbox.letters] == ["Issue Hook"]


def test_system_notes_and_swallowed_notes_are_silent(house: House, inbox: Inbox) -> None:
    house.project.add_hook(inbox.url)
    mr = house.open_merge_request()
    house.project.commit(house.bot, "faster", {"a.txt": "x"})
    mr.quick_action(house.dev, "/label ~perf")
    house.gitlab.settle()

    assert mr.notes(system=True)
    assert inbox.of("Note Hook") == []
    changes = inbox.of("Merge Request Hook")[-1].body["changes"]
    assert [label["title"] for label in changes["labels"]["current"]] == ["perf"]


def test_a_resend_keeps_the_key(house: House, inbox: Inbox) -> None:
    hook = house.project.add_hook(inbox.url, secret="s3cret", events=["note_events"])
    comments(house, "hello")
    gitlab = house.client(house.maintainer)
    path = f"/projects/{house.project.id}/hooks/{hook.id}/events"

    (event,) = gitlab.http_list(path, get_all=True)
    answer = gitlab.http_post(f"{path}/{event['id']}/resend")

    first, second = inbox.letters
    assert answer == {"response_status": 200}
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.headers["X-Gitlab-Webhook-UUID"] != second.headers["X-Gitlab-Webhook-UUID"]
    assert event["request_headers"]["X-Gitlab-Token"] == "[REDACTED]"


def test_resending_is_limited(house: House, inbox: Inbox) -> None:
    hook = house.project.add_hook(inbox.url, events=["note_events"])
    comments(house, "hello")
    client = Gitlab(house.gitlab.url, private_token=house.maintainer.token)
    path = f"/projects/{house.project.id}/hooks/{hook.id}/events/{hook.deliveries[0].id}/resend"

    codes = [client.http_request("post", path).status_code for _ in range(house.gitlab.options.resends_per_minute)]
    with pytest.raises(Exception, match="too many times"):
        client.http_post(path, obey_rate_limit=False)

    assert set(codes) == {201}


def test_failures_mute_a_hook_and_a_test_delivery_wakes_it(house: House, inbox: Inbox) -> None:
    hook = house.project.add_hook(inbox.url, events=["note_events"])
    inbox.status = 500
    issue = house.project.create_issue(house.dev, "Slow")
    for number in range(FREE_FAILURES + 2):
        issue.comment(house.dev, f"hello {number}")
        house.gitlab.settle()

    muted = house.api(house.maintainer).hooks.get(hook.id)
    inbox.status = 200
    muted.test("note_events")

    assert muted.alert_status == "temporarily_disabled"
    assert len(inbox.letters) == FREE_FAILURES + 1 + 1
    assert [delivery.dropped for delivery in hook.deliveries][FREE_FAILURES + 1] == "disabled"
    assert house.api(house.maintainer).hooks.get(hook.id).alert_status == "executable"


def test_a_receiver_that_is_gone_is_a_failure(house: House, closed_port: int) -> None:
    hook = house.project.add_hook(f"http://127.0.0.1:{closed_port}/", events=["note_events"])

    comments(house, "hello")

    assert (hook.failures, hook.deliveries[0].response_status) == (1, "internal error")


def test_a_forwarded_event_id_blocks_the_same_hook(house: House, inbox: Inbox) -> None:
    house.project.add_hook(inbox.url, events=["note_events"])
    comments(house, "hello")
    path = f"{house.gitlab.url}/api/v4/projects/{house.project.id}/issues/1/notes"
    cause = {"PRIVATE-TOKEN": house.bot.token, "X-Gitlab-Event-UUID": inbox.letters[0].headers["X-Gitlab-Event-UUID"]}

    requests.post(path, json={"body": "echo"}, headers=cause, timeout=5)
    requests.post(path, json={"body": "answer"}, headers={"PRIVATE-TOKEN": house.bot.token}, timeout=5)
    house.gitlab.settle()

    assert [letter.body["object_attributes"]["note"] for letter in inbox.letters] == ["hello", "answer"]


def test_the_post_repeats_with_the_same_key(house: House, inbox: Inbox, postage: Postage) -> None:
    house.project.add_hook(inbox.url, events=["note_events"])
    postage.duplicate = 1.0

    comments(house, "hello")

    assert len(inbox.letters) == 2
    assert len({letter.headers["Idempotency-Key"] for letter in inbox.letters}) == 1


def test_the_post_loses_letters(house: House, inbox: Inbox, postage: Postage) -> None:
    hook = house.project.add_hook(inbox.url, events=["note_events"])
    postage.drop = 1.0

    comments(house, "hello")

    assert inbox.letters == []
    assert [delivery.dropped for delivery in hook.deliveries] == ["lost"]


def test_the_post_swaps_letters_and_loses_none(house: House, inbox: Inbox, postage: Postage) -> None:
    house.project.add_hook(inbox.url, events=["note_events"])
    postage.reorder, postage.chance = 0.5, Random(3)
    texts = [f"note {number}" for number in range(12)]

    with house.gitlab.state.lock:
        issue = house.project.create_issue(house.dev, "Slow")
        for text in texts:
            issue.comment(house.dev, text)
    house.gitlab.settle()

    arrived = [letter.body["object_attributes"]["note"] for letter in inbox.letters]
    assert sorted(arrived) == sorted(texts)
    assert arrived != texts


def test_a_hook_is_installed_by_a_maintainer_and_never_tells_its_secrets(house: House, inbox: Inbox) -> None:
    with pytest.raises(GitlabCreateError):
        house.api(house.dev).hooks.create({"url": inbox.url})
    hooks = house.api(house.maintainer).hooks

    made = hooks.create({"url": inbox.url, "note_events": True, "token": "s3cret", "signing_token": SIGNING_TOKEN})

    assert (made.token_present, made.signing_token_present, made.note_events) == (True, True, True)
    assert "s3cret" not in str(made.attributes)
    with pytest.raises(GitlabCreateError, match="signing_token"):
        hooks.create({"url": inbox.url, "signing_token": "whsec_short"})
