"""The stand-in as a server: under a sub-path, on a chosen clock, stopped cleanly."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gitlab import Gitlab

from pilot.gitlab.server import StandIn

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.slow
def test_everything_lives_under_a_sub_path(tmp_path: Path) -> None:
    with StandIn(tmp_path, base="/git/lab") as gitlab:
        dev = gitlab.add_user("dev", "Dev")
        project = gitlab.add_project("team/frames", {"a.txt": "a"})
        project.add_member(dev, 30)
        for number in range(3):
            project.create_issue(dev, f"Issue {number}")

        seen = Gitlab(gitlab.url, private_token=dev.token).projects.get("team/frames")
        titles = [issue.title for issue in seen.issues.list(iterator=True, per_page=1)]
        address = seen.http_url_to_repo.replace("//", f"//x:{dev.token}@")
        subprocess.run(["git", "clone", "-q", address, str(tmp_path / "clone")], check=True)

    assert "/git/lab/team/frames" in seen.web_url
    assert titles == ["Issue 2", "Issue 1", "Issue 0"]
    assert (tmp_path / "clone" / "a.txt").read_text() == "a"


def test_preparation_follows_the_clock(tmp_path: Path) -> None:
    clock = [NOON]
    with StandIn(tmp_path, clock=lambda: clock[0]) as gitlab:
        dev = gitlab.add_user("dev", "Dev")
        project = gitlab.add_project("team/frames", {"a.txt": "a"})
        project.add_member(dev, 30)
        project.commit(dev, "topic", {"a.txt": "b"})
        project.create_merge_request(dev, "topic", "Change")
        mergerequests = Gitlab(gitlab.url, private_token=dev.token).projects.get(project.id).mergerequests

        before = mergerequests.get(1).diff_refs
        clock[0] += timedelta(seconds=1)
        after = mergerequests.get(1).diff_refs

    assert before is None
    assert after["head_sha"] == project.branches["topic"]


def test_two_stand_ins_know_nothing_of_each_other(tmp_path: Path) -> None:
    with StandIn(tmp_path / "a") as one, StandIn(tmp_path / "b") as other:
        one.add_project("team/frames", {"a.txt": "a"})

        assert one.port != other.port
        assert other.state.projects == {}


def test_a_project_needs_a_known_visibility(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="private, internal, public"):
        StandIn(tmp_path).add_project("team/frames", visibility="secret")


@pytest.mark.slow
def test_many_hands_at_once_lose_nothing(tmp_path: Path) -> None:
    with StandIn(tmp_path) as gitlab:
        dev = gitlab.add_user("dev", "Dev")
        project = gitlab.add_project("team/frames", {"a.txt": "a"})
        project.add_member(dev, 30)
        issue = project.create_issue(dev, "Slow")

        def work(number: int) -> None:
            seen = Gitlab(gitlab.url, private_token=dev.token).projects.get(project.id)
            for turn in range(5):
                seen.issues.get(1, lazy=True).notes.create({"body": f"{number}.{turn}"})
                action = {"action": "create", "file_path": f"{number}.{turn}", "content": "x"}
                branch = {"branch": f"topic-{number}", "commit_message": "x", "actions": [action]}
                seen.commits.create(branch | ({} if turn else {"start_branch": "main"}))

        with ThreadPoolExecutor(6) as hands:
            list(hands.map(work, range(6)))

    notes = issue.notes()
    assert len({note.id for note in notes}) == len(notes) == 30
    assert all(len(project.project.repository.log(f"main..topic-{number}")) == 5 for number in range(6))
