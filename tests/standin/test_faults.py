"""Bad days on request: throttled, broken, slow, lost and moved."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests

from pilot.gitlab.faults import Fault, Kind
from pilot.gitlab.server import StandIn
from tests.standin.conftest import House


@pytest.fixture(autouse=True)
def mended(gitlab: StandIn) -> Iterator[None]:
    yield
    gitlab.state.faults.clear()


def comment(house: House) -> requests.Response:
    path = f"{house.gitlab.url}/api/v4/projects/{house.project.id}/issues/1/notes"
    return requests.post(
        path, json={"body": "hello"}, headers={"PRIVATE-TOKEN": house.bot.token}, timeout=5, allow_redirects=False
    )


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        (Kind.THROTTLED_PLAIN, 429, "text/plain"),
        (Kind.THROTTLED_JSON, 429, "application/json"),
        (Kind.BAD_GATEWAY, 502, "text/html"),
        (Kind.MOVED, 301, "application/json"),
    ],
)
def test_a_fault_replaces_the_answer_and_is_used_up(house: House, kind: Kind, status: int, content_type: str) -> None:
    issue = house.project.create_issue(house.dev, "Slow")
    house.gitlab.fail(Fault(r"POST .*/notes$", kind, location="/elsewhere"))

    broken, whole = comment(house), comment(house)

    assert (broken.status_code, broken.headers["content-type"]) == (status, content_type)
    assert whole.status_code == 201
    assert len(issue.notes()) == 1


def test_a_throttled_client_is_told_when_to_come_back(house: House) -> None:
    house.project.create_issue(house.dev, "Slow")
    house.gitlab.fail(Fault("notes", Kind.THROTTLED_PLAIN, retry_after=1))

    assert comment(house).headers["Retry-After"] == "1"


def test_python_gitlab_obeys_a_throttle(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow")
    project = house.api(house.bot)
    house.gitlab.fail(Fault("POST .*notes", Kind.THROTTLED_PLAIN, retry_after=0))

    project.issues.get(1, lazy=True).notes.create({"body": "hello"})

    assert len(issue.notes()) == 1


def test_a_lost_answer_did_its_work(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow")
    house.gitlab.fail(Fault("POST .*notes", Kind.LOST_ANSWER))

    with pytest.raises(requests.ConnectionError):
        comment(house)

    assert [note.body for note in issue.notes()] == ["hello"]


def test_a_slow_answer_arrives_late(house: House) -> None:
    house.project.create_issue(house.dev, "Slow")
    house.gitlab.fail(Fault("POST .*notes", Kind.SLOW, seconds=0.1))
    began = time.monotonic()

    assert comment(house).status_code == 201
    assert time.monotonic() - began >= 0.1
