"""The real git clones and pushes, and is refused as GitLab refuses."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from pilot.gitlab.server import StandIn
from tests.standin.conftest import FILES, House, Inbox

pytestmark = pytest.mark.slow


def address(house: House, token: str) -> str:
    return house.project.clone_url.replace("//", f"//oauth2:{token}@")


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = ("-c", "credential.helper=", "-c", "core.askPass=")
    return subprocess.run(
        ["git", *quiet, *arguments], capture_output=True, text=True, check=False, env={"GIT_TERMINAL_PROMPT": "0"}
    )


def test_the_first_request_is_asked_who_it_is(house: House) -> None:
    answer = requests.get(f"{house.project.clone_url}/info/refs?service=git-upload-pack", timeout=5)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="GitLab"'


def test_a_clone_has_the_files(house: House, clone: Any) -> None:
    checkout = clone(house.dev)

    assert (checkout.folder / "README.md").read_text() == FILES["README.md"]


def test_a_wrong_token_and_a_stranger_get_nothing(house: House, tmp_path: Path) -> None:
    wrong = git("clone", address(house, "glpat-wrong"), str(tmp_path / "a"))
    stranger = git("clone", address(house, house.stranger.token), str(tmp_path / "b"))

    assert "Authentication failed" in wrong.stderr
    assert "not found" in stranger.stderr


def test_a_push_is_seen_everywhere(house: House, inbox: Inbox, clone: Any) -> None:
    house.project.add_hook(inbox.url)
    mr = house.open_merge_request()
    checkout = clone(house.bot)
    checkout.git("checkout", "-q", "faster")
    before = mr.mr.newest.head
    checkout.commit("notes.txt", "measured", "Note the measurement")

    pushed = checkout.git("push", "-q", "origin", "faster")
    house.gitlab.settle()

    assert "View merge request for faster" in pushed.stderr
    assert len(mr.versions) == 2
    push, update = inbox.of("Push Hook")[-1].body, inbox.of("Merge Request Hook")[-1].body
    assert (push["before"], push["after"], push["commits"][0]["added"]) == (before, mr.mr.newest.head, ["notes.txt"])
    assert (update["object_attributes"]["action"], update["object_attributes"]["oldrev"]) == ("update", before)
    assert update["object_attributes"]["last_commit"]["id"] == mr.mr.newest.head


def test_a_new_branch_is_told_how_to_become_a_merge_request(house: House, clone: Any) -> None:
    checkout = clone(house.bot)
    checkout.git("checkout", "-q", "-b", "topic/a")
    checkout.commit("a.txt", "a")

    pushed = checkout.git("push", "origin", "topic/a")

    assert "To create a merge request for topic/a, visit:" in pushed.stderr


def test_a_push_of_many_branches_tells_nobody(house: House, inbox: Inbox, clone: Any) -> None:
    house.project.add_hook(inbox.url)
    checkout = clone(house.bot)

    checkout.git("push", "-q", "origin", *(f"HEAD:refs/heads/topic-{number}" for number in range(4)))
    house.gitlab.settle()

    assert len(house.project.branches) == 5
    assert inbox.letters == []


def test_push_options_open_a_merge_request(house: House, clone: Any) -> None:
    checkout = clone(house.bot)
    checkout.git("checkout", "-q", "-b", "topic")
    checkout.commit("a.txt", "a")

    checkout.git("push", "-q", "-o", "merge_request.create", "-o", "merge_request.title=Add a; $(id)", "origin", "topic")

    assert [mr.title for mr in house.project.merge_requests] == ["Add a; $(id)"]


def test_a_developer_cannot_push_to_the_protected_branch(house: House, clone: Any) -> None:
    checkout = clone(house.dev)
    checkout.commit("a.txt", "a")

    refused = checkout.git("push", "origin", "main", check=False)

    assert refused.returncode != 0
    assert "GitLab: You are not allowed to push code to protected branches" in refused.stderr


def test_a_maintainer_pushes_to_it_but_never_by_force(house: House, clone: Any) -> None:
    checkout = clone(house.maintainer)
    checkout.commit("a.txt", "a")
    checkout.git("push", "-q", "origin", "main")
    checkout.git("reset", "-q", "--hard", "HEAD~1")
    checkout.commit("a.txt", "b")

    refused = checkout.git("push", "--force", "origin", "main", check=False)
    deleted = checkout.git("push", "origin", ":main", check=False)

    assert "not allowed to force push" in refused.stderr
    assert "only delete protected branches using the web interface" in deleted.stderr
    assert house.project.file("a.txt") == "a"


def test_a_pattern_protects_branches_too(house: House, clone: Any) -> None:
    house.project.project.protected.append("release/*")
    checkout = clone(house.dev)

    refused = checkout.git("push", "origin", "HEAD:release/1", check=False)
    accepted = checkout.git("push", "origin", "HEAD:released", check=False)

    assert (refused.returncode != 0, accepted.returncode) == (True, 0)


def test_a_reading_token_clones_and_does_not_push(gitlab: StandIn, house: House, clone: Any) -> None:
    reader = gitlab.add_user("git-reader", "Reader", scopes=["read_repository"])
    house.project.add_member(reader, 30)
    checkout = clone(reader)
    checkout.git("checkout", "-q", "-b", "topic")
    checkout.commit("a.txt", "a")

    refused = checkout.git("push", "origin", "topic", check=False)

    assert "403" in refused.stderr
    assert "topic" not in house.project.branches


def test_somebody_elses_push_in_between_is_not_overwritten(house: House, clone: Any) -> None:
    ours = clone(house.bot)
    ours.git("checkout", "-q", "-b", "topic")
    ours.commit("a.txt", "a")
    ours.git("push", "-q", "origin", "topic")
    house.project.commit(house.dev, "topic", {"b.txt": "b"})
    ours.commit("c.txt", "c")

    refused = ours.git("push", "origin", "topic", check=False)

    assert "rejected" in refused.stderr
    assert house.project.file("b.txt", "topic") == "b"


def test_an_empty_project_takes_its_first_push(gitlab: StandIn, house: House, tmp_path: Path) -> None:
    empty = gitlab.add_project("team/empty")
    empty.add_member(house.maintainer, 40)
    folder = tmp_path / "new"
    git("clone", "-q", empty.clone_url.replace("//", f"//x:{house.maintainer.token}@"), str(folder))
    (folder / "a.txt").write_text("a")
    who = ("-c", "user.name=M", "-c", "user.email=m@example.com")
    for arguments in (("add", "."), (*who, "commit", "-qm", "First"), ("push", "-q", "origin", "HEAD:main")):
        assert git("-C", str(folder), *arguments).returncode == 0

    assert house.client(house.maintainer).projects.get(empty.id).default_branch == "main"


def test_a_project_is_copied_from_another_repository(gitlab: StandIn, house: House, clone: Any) -> None:
    checkout = clone(house.dev)

    copied = gitlab.add_project("team/copied", checkout.folder)

    assert copied.file("README.md") == FILES["README.md"]
    assert copied.branches == {"main": house.project.branches["main"]}


def test_a_renamed_project_is_still_cloned_by_its_old_address(house: House, tmp_path: Path) -> None:
    old = address(house, house.dev.token)
    house.project.rename(f"{house.project.path}-renamed")

    assert git("clone", "-q", old, str(tmp_path / "moved")).returncode == 0
