"""Branches, commits, files, comparisons and commit statuses through python-gitlab."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from gitlab import GitlabCreateError, GitlabDeleteError, GitlabGetError

from tests.standin.conftest import FILES, House

pytestmark = pytest.mark.slow


def commit(house: House, *actions: dict[str, Any], branch: str = "topic", **more: Any) -> Any:
    values = {"branch": branch, "commit_message": "Change", "actions": list(actions)} | more
    return house.api(house.bot).commits.create(values)


def test_a_commit_carries_out_all_kinds_of_actions(house: House) -> None:
    made = commit(
        house,
        {"action": "create", "file_path": "a b/ü.bin", "content": base64.b64encode(b"\x00\xff").decode(), "encoding": "base64"},
        {"action": "update", "file_path": "README.md", "content": "new"},
        {"action": "move", "file_path": "sort.py", "previous_path": "src/frames/sort.py"},
        start_branch="main",
    )

    project = house.api(house.bot)
    assert project.files.get("a b/ü.bin", "topic").decode() == b"\x00\xff"
    assert project.files.raw("README.md", ref="topic") == b"new"
    assert sorted(item["path"] for item in project.repository_tree(ref="topic", recursive=True, get_all=True)) == [
        "README.md",
        "a b",
        "a b/ü.bin",
        "sort.py",
    ]
    assert made.parent_ids == [house.project.branches["main"]]


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        ({"action": "create", "file_path": "README.md", "content": "x"}, "already exists"),
        ({"action": "update", "file_path": "absent", "content": "x"}, "doesn't exist"),
        ({"action": "delete", "file_path": "absent"}, "doesn't exist"),
        ({"action": "create", "file_path": "../../etc/passwd", "content": "x"}, "valid file path"),
        ({"action": "create", "file_path": ".git/hooks/x", "content": "x"}, "valid file path"),
        ({"action": "update", "file_path": "README.md", "content": "x", "last_commit_id": "0" * 40}, "has changed since"),
        ({"action": "explode", "file_path": "README.md"}, "does not have a valid value"),
    ],
)
def test_a_bad_action_refuses_the_whole_commit(house: House, action: dict[str, Any], complaint: str) -> None:
    good = {"action": "create", "file_path": "fine", "content": "x"}

    with pytest.raises(GitlabCreateError) as refusal:
        commit(house, good, action, start_branch="main")

    assert refusal.value.response_code == 400
    assert complaint in str(refusal.value.error_message)
    assert "topic" not in house.project.branches


def test_a_branch_is_made_once(house: House) -> None:
    branches = house.api(house.bot).branches
    branches.create({"branch": "feature/a", "ref": "main"})

    with pytest.raises(GitlabCreateError) as again:
        branches.create({"branch": "feature/a", "ref": "main"})
    with pytest.raises(GitlabCreateError) as nowhere:
        branches.create({"branch": "b", "ref": "absent"})

    assert branches.get("feature/a").name == "feature/a"
    assert (again.value.error_message, nowhere.value.response_code) == ("Branch already exists", 400)


def test_the_protected_branch_is_kept(house: House) -> None:
    with pytest.raises(GitlabDeleteError) as refusal:
        house.api(house.bot).branches.delete("main")
    with pytest.raises(GitlabCreateError) as direct:
        commit(house, {"action": "create", "file_path": "x", "content": "x"}, branch="main")

    assert (refusal.value.response_code, direct.value.response_code) == (403, 403)


def test_what_is_not_there_is_named(house: House) -> None:
    project = house.api(house.bot)

    with pytest.raises(GitlabGetError, match="404 File Not Found"):
        project.files.get("absent", "main")
    with pytest.raises(GitlabGetError, match="404 Tree Not Found"):
        project.repository_tree(path="absent", get_all=True)
    with pytest.raises(GitlabGetError, match="404 Branch Not Found"):
        project.branches.get("absent")


def test_a_comparison_shows_what_a_branch_adds(house: House) -> None:
    commit(house, {"action": "update", "file_path": "README.md", "content": "new\n"}, start_branch="main")

    found = house.api(house.dev).repository_compare("main", "topic")

    assert [item["title"] for item in found["commits"]] == ["Change"]
    assert found["diffs"][0]["diff"] == "@@ -1 +1 @@\n-# Frames\n+new\n"


def test_commits_have_no_totals(house: House) -> None:
    answer = house.client(house.dev).http_list(f"/projects/{house.project.id}/repository/commits", iterator=True)

    assert answer.total is None
    assert len(list(answer)) == 1


def test_a_status_goes_forward_only(house: House) -> None:
    statuses = house.api(house.bot).commits.get(house.project.branches["main"]).statuses
    statuses.create({"state": "running", "name": "hasten/benchmark"})
    done = statuses.create({"state": "success", "name": "hasten/benchmark", "target_url": "http://127.0.0.1/run"})

    with pytest.raises(GitlabCreateError) as refusal:
        statuses.create({"state": "running", "name": "hasten/benchmark"})

    (only,) = statuses.list(get_all=True)
    assert (only.status, only.target_url, only.id) == ("success", "http://127.0.0.1/run", done.id)
    assert "Cannot transition status" in str(refusal.value.error_message)
    assert [pipe.status for pipe in house.api(house.bot).pipelines.list(get_all=True)] == ["success"]


def test_an_upload_is_served_again(house: House) -> None:
    project = house.api(house.bot)

    made = project.upload("chart.png", filedata=b"\x89PNG\r\n\x1a\n\x00\x01")

    assert made["markdown"] == f"![chart]({made['url']})"
    found = house.client(house.bot).session.get(house.gitlab.url + made["full_path"], timeout=5)
    assert found.content == b"\x89PNG\r\n\x1a\n\x00\x01"


def test_labels_exist_once_and_keep_their_scope(house: House) -> None:
    labels = house.api(house.reporter).labels
    labels.create({"name": "perf::running", "color": "#ff0000"})

    with pytest.raises(GitlabCreateError) as refusal:
        labels.create({"name": "perf::running", "color": "#00ff00"})

    assert (refusal.value.response_code, refusal.value.error_message) == (409, "Label already exists")
    assert labels.get("perf::running").color == "#ff0000"


def test_lists_come_in_pages(house: House) -> None:
    for number in range(5):
        house.project.create_issue(house.dev, f"Issue {number}")
    path = f"{house.gitlab.url}/api/v4/projects/{house.project.id}/issues"
    session = house.client(house.dev).session

    first = session.get(path, params={"per_page": 2, "private_token": house.dev.token}, timeout=5)
    every = house.api(house.dev).issues.list(iterator=True, per_page=2)

    assert [first.headers[name] for name in ("x-page", "x-next-page", "x-prev-page", "x-total", "x-total-pages")] == [
        "1",
        "2",
        "",
        "5",
        "3",
    ]
    assert house.dev.token not in first.headers["link"]
    assert [issue.title for issue in every] == [f"Issue {number}" for number in (4, 3, 2, 1, 0)]


def test_the_first_files_are_those_given(house: House) -> None:
    assert {path: house.project.file(path) for path in FILES} == FILES


def test_odd_messages_and_names_are_kept(house: House) -> None:
    message = "Title with \x1e and \x1f\n\nBody\twith \u00e9 and ``` and -- \n"
    author = {"author_name": "A <b> \n c", "author_email": "a@b\n> evil"}

    commit(
        house,
        {"action": "create", "file_path": 'q"uo\\te', "content": "x"},
        start_branch="main",
        commit_message=message,
        **author,
    )

    (made, _) = house.api(house.bot).commits.list(ref_name="topic", get_all=True)
    assert made.message == message.removesuffix("\n")
    assert (made.author_name, made.author_email) == ("A b  c", "a@b evil")
    assert house.project.file('q"uo\\te', "topic") == "x"


@pytest.mark.parametrize("name", ["@{-1}", "-x", "a..b", "a b", "", "x.lock", "refs~1"])
def test_a_bad_branch_name_is_refused(house: House, name: str) -> None:
    with pytest.raises(GitlabCreateError) as refusal:
        house.api(house.bot).branches.create({"branch": name, "ref": "main"})

    assert refusal.value.response_code == 400


def test_the_first_commit_adds_everything(house: House) -> None:
    first = house.api(house.dev).commits.get(house.project.branches["main"])

    assert {item["new_path"] for item in first.diff(get_all=True)} == set(FILES)
