"""Tokens, scopes and roles are refused the way GitLab refuses them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from gitlab import Gitlab, GitlabAuthenticationError, GitlabCreateError, GitlabGetError

from pilot.gitlab.server import StandIn
from tests.standin.conftest import House


def ask(house: House, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{house.gitlab.url}/api/v4{path}", headers=headers, timeout=5)


def test_a_private_project_does_not_exist_for_strangers(house: House) -> None:
    with pytest.raises(GitlabGetError) as refusal:
        house.api(house.stranger)

    assert (refusal.value.response_code, refusal.value.error_message) == (404, "404 Project Not Found")


def test_a_wrong_token_is_refused_everywhere(house: House) -> None:
    with pytest.raises(GitlabAuthenticationError) as refusal:
        Gitlab(house.gitlab.url, private_token="glpat-wrong").auth()

    assert refusal.value.error_message == "401 Unauthorized"


def test_bearer_and_private_token_are_the_same_person(house: House) -> None:
    by_header = ask(house, "/user", **{"PRIVATE-TOKEN": house.dev.token})
    by_bearer = ask(house, "/user", Authorization=f"Bearer {house.dev.token}")

    assert by_header.json()["username"] == by_bearer.json()["username"] == "dev"


def test_a_revoked_or_expired_token_says_so(gitlab: StandIn, house: House) -> None:
    user = gitlab.add_user("leaver", "Leaver")
    user.tokens[0].expires_at = (gitlab.state.now() - timedelta(days=1)).date()
    expired = ask(house, "/user", **{"PRIVATE-TOKEN": user.token})
    user.tokens[0].revoked = True
    revoked = ask(house, "/user", **{"PRIVATE-TOKEN": user.token})

    assert (expired.status_code, revoked.status_code) == (401, 401)
    assert "expired" in expired.json()["error_description"]
    assert "revoked" in revoked.json()["error_description"]


def test_a_reading_token_cannot_write(gitlab: StandIn, house: House) -> None:
    reader = gitlab.add_user("reader", "Reader", scopes=["read_api"])
    house.project.add_member(reader, 30)
    issue = house.project.create_issue(house.dev, "Slow")

    with pytest.raises(GitlabCreateError) as refusal:
        house.api(reader).issues.get(issue.iid).notes.create({"body": "hello"})

    assert refusal.value.response_code == 403
    assert refusal.value.error_message == "insufficient_scope"


def test_a_token_tells_its_own_scopes(house: House) -> None:
    token = house.client(house.bot).personal_access_tokens.get("self")

    assert token.scopes == ["api", "write_repository"]
    assert not token.revoked


def test_roles_are_told_and_strangers_are_no_members(house: House) -> None:
    project = house.api(house.bot)

    assert project.members_all.get(house.reporter.id).access_level == 20
    with pytest.raises(GitlabGetError):
        project.members_all.get(house.stranger.id)


def test_only_the_single_view_of_a_user_says_bot(house: House) -> None:
    client = house.client(house.dev)

    (listed,) = client.users.list(username="hasten", get_all=True)

    assert client.users.get(house.bot.id).bot is True
    assert "bot" not in listed.attributes


@pytest.mark.parametrize(("level", "status"), [(10, 403), (20, 403), (30, 201)])
def test_branches_are_for_developers(gitlab: StandIn, house: House, level: int, status: int) -> None:
    user = house.stranger
    house.project.add_member(user, level)

    answer = requests.post(
        f"{gitlab.url}/api/v4/projects/{house.project.id}/repository/branches",
        headers={"PRIVATE-TOKEN": user.token},
        json={"branch": "topic", "ref": "main"},
        timeout=5,
    )

    assert answer.status_code == status


def test_a_guest_reads_issues_but_no_code(house: House) -> None:
    project = house.api(house.guest)
    issue = house.project.create_issue(house.dev, "Slow")

    assert project.issues.get(issue.iid).title == "Slow"
    with pytest.raises(GitlabGetError) as refusal:
        project.files.get("README.md", "main")
    assert refusal.value.response_code == 403


def test_a_public_project_is_read_by_anybody_and_written_by_members(house: House) -> None:
    house.project.project.visibility = "public"
    issue = house.project.create_issue(house.dev, "Slow")
    path = f"/projects/{house.project.path.replace('/', '%2F')}"

    assert ask(house, f"{path}/issues/{issue.iid}").status_code == 200
    assert ask(house, f"{path}/repository/tree").status_code == 200
    assert house.api(house.stranger).issues.get(issue.iid).notes.create({"body": "me too"}).id
    assert requests.post(f"{house.gitlab.url}/api/v4{path}/issues/1/notes", json={"body": "x"}, timeout=5).status_code == 401


def test_a_confidential_issue_is_hidden_from_guests(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Leak", confidential=True)

    assert house.api(house.reporter).issues.get(issue.iid).confidential is True
    with pytest.raises(GitlabGetError) as refusal:
        house.api(house.guest).issues.get(issue.iid)
    assert refusal.value.response_code == 404


def test_an_archived_project_can_only_be_read(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow")
    house.project.project.archived = True

    found = house.api(house.dev).issues.get(issue.iid)
    with pytest.raises(GitlabCreateError) as refusal:
        found.notes.create({"body": "hello"})

    assert refusal.value.response_code == 403


def test_a_renamed_project_redirects_reading(house: House) -> None:
    before = house.project.path
    house.project.rename(f"{before}-renamed")

    found = house.client(house.dev).projects.get(before)

    assert found.path_with_namespace == f"{before}-renamed"


def test_an_unknown_route_or_parameter_is_noticed(gitlab: StandIn, house: House) -> None:
    headers = {"PRIVATE-TOKEN": house.dev.token}

    route = requests.get(f"{gitlab.url}/api/v4/projects/1/epics", headers=headers, timeout=5)
    parameter = requests.get(f"{gitlab.url}/api/v4/projects/{house.project.id}/issues?colour=red", headers=headers, timeout=5)

    assert (route.status_code, parameter.status_code) == (500, 500)
    assert len(gitlab.complaints) == 2
    assert "colour" in gitlab.complaints[1]
    gitlab.complaints.clear()
