"""Pilot projects as git repositories of their own, each with a small past. Deterministic: the same files give the same commits.

A `history.yml` beside the project lists its commits from the first to the last:

    - message: "Sort by one column"
      date: "2025-03-03T09:12:00+00:00"
      add: ["src/**", "README.md"]       # patterns over the project's files, as they are today
      write: {README.md: "A sketch."}    # an earlier text of a file; some later commit adds today's
      author: reviewers                  # optional; default: maintainers

The last commit is exactly the project's folder, less `history.yml`.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

PROJECTS = Path(__file__).parent / "projects"
BRANCH = "main"
_SCRAPS = ("__pycache__", ".pytest_cache", ".hypothesis")
_AUTHORS = {
    "maintainers": ("Pilot Maintainers", "pilot@example.invalid"),
    "reviewers": ("Pilot Reviewers", "reviewers@example.invalid"),
}


class HistoryError(Exception):
    """A pilot project whose declared history does not lead to its files; `str(error)` says where."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One declared commit: the files it changes, with their content at that time."""

    message: str
    date: str
    author: str
    files: Mapping[str, bytes]


def names() -> tuple[str, ...]:
    """The pilot projects that there are."""
    return tuple(sorted(path.parent.name for path in PROJECTS.glob("*/history.yml")))


def plant(name: str, repository: Path) -> str:
    """Make a git repository with the history of project `name` in the new or empty folder `repository`; the commit of `main`."""
    if name not in names():
        raise HistoryError(f"there is no pilot project `{name}`; there are: {', '.join(names())}")
    project = files(PROJECTS / name)
    history = commits((PROJECTS / name / "history.yml").read_text(encoding="utf-8"), project)
    repository.mkdir(parents=True, exist_ok=True)
    _git(repository, "init", "--quiet", "--template=", "--object-format=sha1", f"--initial-branch={BRANCH}")
    head = ""
    for commit in history:
        head = _commit(repository, commit, head)
    _git(repository, "update-ref", f"refs/heads/{BRANCH}", head)
    _git(repository, "reset", "--quiet", "--hard", head)
    return head


def files(project: Path) -> dict[str, bytes]:
    """Everything that belongs to a project, by its path in the repository."""
    found = {}
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.is_file() and not set(relative.parts) & set(_SCRAPS) and str(relative) != "history.yml":
            found[relative.as_posix()] = path.read_bytes()
    return found


def commits(declared: str, project: Mapping[str, bytes]) -> tuple[Commit, ...]:
    """Read a `history.yml`. Raises HistoryError unless its commits end in exactly the files of `project`."""
    history = tuple(_read(entry, project) for entry in yaml.safe_load(declared))
    end: dict[str, bytes] = {}
    for commit in history:
        end.update(commit.files)
    if astray := sorted(path for path in end.keys() | project.keys() if end.get(path) != project.get(path)):
        raise HistoryError(f"the history does not end in the project's files: {', '.join(astray)}")
    return history


def _read(entry: Mapping[str, Any], project: Mapping[str, bytes]) -> Commit:
    changed = {path: text.encode() for path, text in entry.get("write", {}).items()}
    for pattern in entry.get("add", ()):
        matching = _matching(pattern, project)
        if not matching:
            raise HistoryError(f"`{entry['message']}` adds {pattern}, and no file matches that")
        changed.update((path, project[path]) for path in matching)
    return Commit(entry["message"], entry["date"], entry.get("author", "maintainers"), changed)


def _matching(pattern: str, paths: Iterable[str]) -> list[str]:
    folder = pattern.removesuffix("**")
    return [path for path in paths if path == pattern or (folder != pattern and path.startswith(folder))]


def _commit(repository: Path, commit: Commit, parent: str) -> str:
    for path, content in commit.files.items():
        blob = _git(repository, "hash-object", "-w", "--no-filters", "--stdin", stdin=content)
        _git(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    tree = _git(repository, "write-tree")
    parents = ("-p", parent) if parent else ()
    return _git(repository, "commit-tree", tree, *parents, stdin=f"{commit.message}\n".encode(), who=_identity(commit))


def _identity(commit: Commit) -> dict[str, str]:
    name, address = _AUTHORS[commit.author]
    date = f"{int(datetime.fromisoformat(commit.date).timestamp())} +0000"
    return {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", name), ("EMAIL", address), ("DATE", date))
    }


def _git(repository: Path, *arguments: str, stdin: bytes = b"", who: Mapping[str, str] | None = None) -> str:
    """Run git on exactly this repository, deaf to the machine's and the user's configuration."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_DIR": str(repository / ".git"),
        "GIT_WORK_TREE": str(repository),
    }
    command = ("git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", *arguments)
    done = subprocess.run(
        command, cwd=repository, env=environment | dict(who or {}), input=stdin, capture_output=True, check=False, timeout=60
    )
    if done.returncode != 0:
        raise HistoryError(f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode().strip()
