"""Pilot projects become git repositories with a past, the same ones every time."""

import subprocess
from pathlib import Path

import pytest

from pilot import histories


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(("git", "-C", str(repository), *arguments), capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = tmp_path_factory.mktemp("planted") / "plain_text"
    histories.plant("plain_text", repository)
    return repository


def test_the_same_project_gives_the_same_commits_whatever_the_machine_is_configured_to_do(planted, tmp_path, monkeypatch):
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[user]\n\tname = somebody\n[init]\n\tdefaultBranch = trunk\n[core]\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "somebody")
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    head = histories.plant("plain_text", tmp_path / "again")

    assert head == git(planted, "rev-parse", "main")


def test_the_repository_stands_on_main_with_nothing_left_to_commit(planted):
    assert git(planted, "symbolic-ref", "--short", "HEAD") == "main"
    assert git(planted, "status", "--porcelain", "--ignored") == ""


def test_the_last_commit_is_the_project_without_the_list_of_its_commits(planted):
    project = histories.files(histories.PROJECTS / "plain_text")

    listed = git(planted, "ls-tree", "-r", "--name-only", "main").splitlines()

    assert listed == sorted(project)
    assert "history.yml" not in listed
    assert all((planted / path).read_bytes() == content for path, content in project.items())


def test_authors_and_dates_are_those_of_the_list(planted):
    first, *_, last = git(planted, "log", "--reverse", "--date=iso-strict", "--format=%an <%ae> %ad").splitlines()

    assert first == "Pilot Maintainers <pilot@example.invalid> 2025-04-07T12:00:00+00:00"
    assert last == "Pilot Maintainers <pilot@example.invalid> 2025-05-19T08:20:00+00:00"


def test_a_file_may_have_had_an_earlier_text(planted):
    root = git(planted, "rev-list", "--max-parents=0", "main")

    assert "word_counts" in git(planted, "show", f"{root}:src/words.py")
    assert "word_counts" not in git(planted, "show", "main:src/words.py")


def test_hooks_and_templates_of_the_machine_are_not_taken_over(planted):
    assert not (planted / ".git" / "hooks").exists()


def test_an_unknown_project_is_named_with_those_that_there_are(tmp_path):
    with pytest.raises(histories.HistoryError, match=r"no pilot project `sorting`; there are: .*plain_text"):
        histories.plant("sorting", tmp_path / "sorting")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ('[{message: a, date: "2025-01-01T00:00:00+00:00", add: ["src/**"]}]', "does not end in the project's files: README.md"),
        ('[{message: a, date: "2025-01-01T00:00:00+00:00", add: ["doc/**"]}]', "`a` adds doc/\\*\\*, and no file matches"),
        (
            '[{message: a, date: "2025-01-01T00:00:00+00:00", add: ["**"], write: {gone.py: x}}]',
            "does not end in the project's files: gone.py",
        ),
    ],
)
def test_a_history_that_leads_elsewhere_is_refused(declared, complaint):
    project = {"README.md": b"#", "src/a.py": b"a = 1"}

    with pytest.raises(histories.HistoryError, match=complaint):
        histories.commits(declared, project)
