"""A bare git repository on disk, read and written through git itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pilot.gitlab.diffs import FileDiff, pair

TIMEOUT = 60
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
CONFIG = """[core]
	repositoryformatversion = 0
	bare = true
[http]
	receivepack = true
[receive]
	advertisePushOptions = true
[gc]
	auto = 0
"""
LOG_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"  # nothing in a commit can hold a NUL
LOG_FIELDS = 9


class GitFailed(Exception):
    """git said no; `str(error)` is what it wrote on stderr."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as `git log` tells it."""

    sha: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    authored: datetime
    committer_name: str
    committer_email: str
    committed: datetime
    message: str

    @property
    def title(self) -> str:
        return self.message.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree."""

    mode: str
    type: str
    sha: str
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Repository:
    """The path of a bare repository and what we ask of it."""

    folder: Path

    def run(self, *arguments: str, feed: bytes | None = None) -> bytes:
        """git's stdout; a non-zero exit raises `GitFailed`."""
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=self.folder,
            input=feed,
            stdin=subprocess.DEVNULL if feed is None else None,
            capture_output=True,
            env=environment(self.folder),
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode:
            raise GitFailed(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    def text(self, *arguments: str) -> str:
        return self.run(*arguments).decode("utf-8", "replace")

    def resolve(self, ref: str) -> str | None:
        """The commit that a branch, tag or (short) sha names."""
        if not ref or ref.startswith("-"):
            return None
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").strip()
        except GitFailed:
            return None

    def refs(self) -> dict[str, str]:
        lines = self.text("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.rsplit(" ", 1) for line in lines)

    def branches(self) -> dict[str, str]:
        prefix = "refs/heads/"
        return {ref.removeprefix(prefix): sha for ref, sha in self.refs().items() if ref.startswith(prefix)}

    def branch(self, name: str) -> str | None:
        return self.branches().get(name)

    def commit(self, sha: str) -> Commit:
        return self.log(sha, limit=1)[0]

    def log(self, revisions: str, path: str = "", limit: int = 1000) -> list[Commit]:
        """Commits, newest first; `revisions` may be a range."""
        where = ("--", path) if path else ("--",)
        shape = ("log", "-z", f"--format=tformat:{LOG_FORMAT}", f"--max-count={limit}")
        fields = self.text("--literal-pathspecs", *shape, revisions, *where).split("\0")[:-1]
        return [_commit(fields[start : start + LOG_FIELDS]) for start in range(0, len(fields), LOG_FIELDS)]

    def tree(self, sha: str, path: str = "", recursive: bool = False) -> list[Entry]:
        """Entries under a folder; an absent folder gives none."""
        flags = ["-r", "-t"] if recursive else []
        where = f"{sha}:{path.strip('/')}" if path.strip("/") else sha
        try:
            out = self.text("ls-tree", "-z", *flags, where)
        except GitFailed:
            return []
        prefix = f"{path.strip('/')}/" if path.strip("/") else ""
        return [_entry(line, prefix) for line in out.split("\0") if line]

    def entry(self, sha: str, path: str) -> Entry | None:
        out = self.text("--literal-pathspecs", "ls-tree", "-z", sha, "--", path)
        lines = [line for line in out.split("\0") if line]
        found = _entry(lines[0], "") if lines else None
        return found if found and found.type == "blob" and found.path == path else None

    def blob(self, sha: str) -> bytes:
        return self.run("cat-file", "blob", sha)

    def merge_base(self, one: str, other: str) -> str:
        """Where two commits parted; histories without a common start parted at the first of them."""
        try:
            return self.text("merge-base", one, other).strip()
        except GitFailed:
            return one

    def diffs(self, base: str, head: str) -> tuple[FileDiff, ...]:
        """What changed between two commits, a file each."""
        raw = self.text("diff", "--raw", "-z", "--find-renames", "--abbrev=40", base, head)
        return pair(raw, self.patch(base, head))

    def patch(self, base: str, head: str) -> str:
        return self.text("diff", "--find-renames", "--no-ext-diff", "--no-textconv", "--no-color", base, head)

    def diffs_of(self, sha: str) -> tuple[FileDiff, ...]:
        """What one commit changed against its first parent, or all of it where it has none."""
        parents = self.commit(sha).parents
        return self.diffs(parents[0] if parents else EMPTY_TREE, sha)

    def line_counts(self, sha: str) -> tuple[int, int]:
        """Lines added and removed by one commit."""
        rows = [row.split("\t") for row in self.text("show", "--numstat", "--format=", sha).splitlines() if row]
        added, removed = ([int(row[side]) for row in rows if row[side].isdigit()] for side in (0, 1))
        return sum(added), sum(removed)

    def set_branch(self, name: str, sha: str, expected: str = "") -> None:
        self.run("update-ref", f"refs/heads/{name}", sha, expected or "0" * 40)

    def delete_branch(self, name: str) -> None:
        self.run("update-ref", "-d", f"refs/heads/{name}")


def environment(folder: Path) -> Mapping[str, str]:
    """Nobody's own git configuration reaches ours."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "GIT_DIR": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }


def create(folder: Path, default_branch: str) -> Repository:
    """An empty bare repository that accepts pushes over HTTP; laid out by hand, which `git init` does no better."""
    for part in ("objects", "refs/heads"):
        (folder / part).mkdir(parents=True)
    (folder / "HEAD").write_text(f"ref: refs/heads/{default_branch}\n")
    (folder / "config").write_text(CONFIG)
    return Repository(folder)


def copy_from(source: Path, repository: Repository) -> str:
    """Take all branches and tags of another repository; the answer is the branch it stands on."""
    refspecs: Sequence[str] = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    repository.run("fetch", "--quiet", str(source.resolve()), *refspecs)
    head = repository.text("ls-remote", "--symref", str(source.resolve()), "HEAD")
    branch = head.partition("refs/heads/")[2].partition("\t")[0] or "main"
    repository.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    return branch


def _commit(fields: Sequence[str]) -> Commit:
    sha, parents, *people, message = fields
    name, email, authored, committer, committer_email, committed = people
    return Commit(
        sha=sha,
        parents=tuple(parents.split()),
        author_name=name,
        author_email=email,
        authored=datetime.fromisoformat(authored),
        committer_name=committer,
        committer_email=committer_email,
        committed=datetime.fromisoformat(committed),
        message=message.removesuffix("\n"),
    )


def _entry(line: str, prefix: str) -> Entry:
    facts, _, path = line.partition("\t")
    mode, kind, sha = facts.split()
    return Entry(mode, kind, sha, prefix + path)
