import base64
import json
import time

import pytest
from fastapi.testclient import TestClient

from bot.app import Edge, create
from handlers.signatures import sign

KEY = b"0123456789abcdef0123456789abcdef"
NOTE = {
    "object_kind": "note",
    "user": {"id": 1, "username": "dev", "name": "Dev"},
    "project": {"id": 5, "path_with_namespace": "a/p", "default_branch": "main", "web_url": "", "git_http_url": ""},
    "object_attributes": {"id": 7, "note": "/optimize a.py::f", "noteable_type": "Issue", "author_id": 1, "system": False},
    "issue": {"id": 9, "iid": 3},
}


class Inbox:
    def __init__(self):
        self.deliveries = []

    def enqueue(self, key, payload):
        self.deliveries.append((key, payload))


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def client(inbox):
    edge = Edge("legacy", "whsec_" + base64.b64encode(KEY).decode(), inbox.enqueue, lambda: True)
    with TestClient(create(edge)) as client:
        yield client


def signed(body, *, key="msg-1", at=None):
    stamp = str(int(at or time.time()))
    signature = sign(KEY, delivery=key, timestamp=stamp, body=body)
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signature, "X-Gitlab-Event": "Note Hook"}


def test_a_signed_delivery_is_enqueued_under_its_own_key_before_the_answer(client, inbox):
    body = json.dumps(NOTE).encode()

    answer = client.post("/webhook/gitlab", content=body, headers=signed(body))

    assert answer.status_code == 202
    assert [key for key, _ in inbox.deliveries] == ["inbox-msg-1"]
    assert json.loads(inbox.deliveries[0][1]["body"]) == NOTE


def test_the_legacy_token_is_enough_and_a_wrong_one_is_not(client, inbox):
    body = json.dumps(NOTE).encode()

    answers = [client.post("/webhook/gitlab", content=body, headers={"X-Gitlab-Token": token}) for token in ("legacy", "wrong")]

    assert [answer.status_code for answer in answers] == [202, 401]
    assert len(inbox.deliveries) == 1


def test_an_old_or_altered_delivery_is_refused(client, inbox):
    body = json.dumps(NOTE).encode()

    old = client.post("/webhook/gitlab", content=body, headers=signed(body, at=time.time() - 3600))
    altered = client.post("/webhook/gitlab", content=body + b" ", headers=signed(body))

    assert (old.status_code, altered.status_code, inbox.deliveries) == (401, 401, [])


def test_what_is_signed_but_of_no_use_is_answered_kindly_so_that_the_hook_stays_on(client, inbox):
    for body in (b"not json", b'{"object_kind": "pipeline"}'):
        assert client.post("/webhook/gitlab", content=body, headers=signed(body)).status_code == 200

    assert inbox.deliveries == []


def test_a_flood_is_cut_off(client):
    body = b"x" * (9 << 20)

    assert client.post("/webhook/gitlab", content=body, headers=signed(body)).status_code == 413


def test_health_is_told(client):
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/readyz").status_code == 200
