"""A bare repository of ours for one project: what we fetch, commit and push. Nothing the project wrote is ever executed here."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from sandbox.export import FILE, LINK, PROGRAM, SUBMODULE, blobs, entries, export
from sandbox.gitcommand import AccessDenied, Git, GitError, GitTimeout, checked_url, credentials
from sandbox.paths import UnsafePath, checked

__all__ = [
    "AccessDenied",
    "GitError",
    "GitTimeout",
    "MalformedPatch",
    "NotFastForward",
    "PatchConflict",
    "PushRefused",
    "Repository",
]

_NO_BLOB = "0" * 40
_MOST_PATCH = 8 << 20
_NETWORK_SECONDS = 600
_MALFORMED = (
    "corrupt patch",
    "No valid patches",
    "patch fragment without",
    "unrecognized input",
    "invalid path",
    "lacks filename",
    "garbage",
)


class PatchConflict(GitError):
    """A well-formed patch that does not fit the tree."""


class MalformedPatch(GitError):
    """Something that is no patch, or one that asks for what no patch may (leave the tree, make links)."""


class PushRefused(GitError):
    """The server took nothing; `str(error)` is what it said (a protected branch, a hook)."""


class NotFastForward(PushRefused):
    """The branch holds other commits than we thought."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A bare repository that only we write to."""

    git: Git

    @classmethod
    def open_or_create(cls, path: Path, *, ca_bundle: Path | None = None) -> Self:
        """The repository at `path`, made there if it is missing."""
        git = Git(path.absolute(), ca_bundle)
        git.create()
        return cls(git)

    def fetch(self, url: str, *, token: str | None = None, refs: Sequence[str] = ("+refs/heads/*:refs/heads/*",)) -> None:
        """Bring refs of the server up to date here; branches that are gone there go here too.

        From a shallow clone, too: without being told so, git leaves such refs as they were and calls that a success.
        """
        options = ("--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--update-head-ok")
        self._remote("fetch", *options, "--update-shallow", "--", url, *refs, url=url, token=token)

    def resolve(self, rev: str) -> str:
        """The commit that `rev` names; GitError when there is none."""
        try:
            return self.git.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        except GitError as error:
            raise GitError(f"there is no commit {rev!r}") from error

    def export(self, sha: str, to: Path) -> None:
        """Write the commit's files below `to`, without .git and without honouring anything in them."""
        export(self.git, sha, to)

    def read(self, sha: str, name: str) -> bytes | None:
        """One file of a commit; None if there is no such ordinary file."""
        found = [entry for entry in entries(self.git, sha, str(checked(name))) if entry.name == name]
        if not found or found[0].mode not in (FILE, PROGRAM):
            return None
        return next(blobs(self.git, [found[0].blob]))

    def commit(
        self,
        parent: str,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        author_name: str,
        author_email: str,
        date: datetime | None = None,
    ) -> str:
        """A new commit on `parent` with files written or (None) removed. Same arguments with a date give the same commit."""
        tree = self.tree(parent, changes)
        variables = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", author_name), ("EMAIL", author_email))
        }
        if date is not None:
            variables |= {"GIT_AUTHOR_DATE": date.isoformat(), "GIT_COMMITTER_DATE": date.isoformat()}
        made = self.git.run("commit-tree", "-p", parent, "-F", "-", tree, stdin=message.encode(), variables=variables)
        return made.decode().strip()

    def tree(self, base: str | None, changes: Mapping[str, bytes | None], programs: frozenset[str] = frozenset()) -> str:
        """The tree of `base` with `changes` applied; files keep their mode, new ones in `programs` become executable."""
        modes = {entry.name: entry.mode for entry in entries(self.git, base)} if base else {}
        with self._index(base) as variables:
            rows = b"".join(self._row(name, content, modes, programs) for name, content in changes.items())
            self.git.run("update-index", "-z", "--index-info", stdin=rows, variables=variables)
            return self.git.text("write-tree", variables=variables)

    def apply(self, sha: str, patch: bytes) -> Mapping[str, bytes | None]:
        """What the patch makes of the commit's files, or PatchConflict, or MalformedPatch. It applies cleanly or not at all."""
        if len(patch) > _MOST_PATCH:
            raise MalformedPatch(f"the patch is larger than {_MOST_PATCH >> 20} MiB")
        with self._index(sha) as variables:
            try:
                self.git.run("apply", "--cached", "--whitespace=nowarn", "-", stdin=patch, variables=variables)
            except GitTimeout:
                raise
            except GitError as error:
                raise _patch_error(str(error)) from error
            return self._changes(self.git.text("write-tree", variables=variables), sha)

    def diff(self, sha_a: str, sha_b: str) -> bytes:
        """A git diff that leads from one commit (or tree) to the other."""
        options = ("-r", "-p", "--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color")
        return self.git.run("diff-tree", *options, sha_a, sha_b)

    def fork_point(self, sha_a: str, sha_b: str) -> str:
        """The newest commit that both histories share; GitError where they share none."""
        return self.git.text("merge-base", sha_a, sha_b)

    def changed_between(self, sha_a: str, sha_b: str) -> tuple[str, ...]:
        """Names of the files that differ."""
        return tuple(name for _, _, name in self._differences(sha_a, sha_b))

    def push(self, url: str, sha: str, branch: str, *, token: str | None, expected: str | None) -> None:
        """Put `sha` on the server's branch, which must be at `expected` (None: must not exist). Never overwrites anything.

        Raises NotFastForward or PushRefused. A branch that is there already counts as pushed.
        """
        there = self.ls_remote(url, branch, token=token)
        if there == sha:
            return
        if there != expected:
            raise NotFastForward(f"the branch {branch} is at {there or 'nothing'} instead of {expected or 'nothing'}")
        try:
            self._remote(
                "push", "--porcelain", "--no-verify", "--no-follow-tags", "--", url, f"{sha}:{_ref(branch)}", url=url, token=token
            )
        except AccessDenied:
            raise
        except GitTimeout:
            raise
        except GitError as error:
            raise _push_error(str(error)) from error

    def ls_remote(self, url: str, branch: str, *, token: str | None = None) -> str | None:
        """The commit a branch of the server is at; None if there is no such branch."""
        ref = _ref(branch)
        for row in self._remote("ls-remote", "--", url, ref, url=url, token=token).decode(errors="replace").splitlines():
            sha, _, name = row.partition("\t")
            if name == ref:
                return sha
        return None

    def default_branch(self, url: str, *, token: str | None = None) -> str | None:
        """The branch that HEAD of the server names."""
        answer = self._remote("ls-remote", "--symref", "--", url, "HEAD", url=url, token=token).decode(errors="replace")
        found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", answer, re.MULTILINE)
        return found.group(1) if found else None

    def _remote(self, *arguments: str, url: str, token: str | None) -> bytes:
        checked_url(url)
        return self.git.run(*arguments, variables=credentials(url, token), seconds=_NETWORK_SECONDS)

    @contextmanager
    def _index(self, base: str | None) -> Iterator[dict[str, str]]:
        """A private index filled from `base`, as variables for git."""
        with tempfile.TemporaryDirectory(prefix="hasten-index-") as folder:
            variables = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.git.run("read-tree", base or "--empty", variables=variables)
            yield variables

    def _row(self, name: str, content: bytes | None, modes: Mapping[str, str], programs: frozenset[str]) -> bytes:
        """One line for `update-index --index-info`."""
        try:
            path = os.fsencode(str(checked(name)))
        except UnsafePath as error:
            raise GitError(str(error)) from error
        mode = modes.get(name, PROGRAM if name in programs else FILE)
        if content is None:
            return b"0 %s\t%s\0" % (_NO_BLOB.encode(), path)
        if mode in (LINK, SUBMODULE):
            raise GitError(f"{name!r} is a link in the project and cannot be overwritten")
        blob = self.git.run("hash-object", "-w", "--stdin", stdin=content).strip()
        return b"%s %s\t%s\0" % (mode.encode(), blob, path)

    def _changes(self, tree: str, base: str) -> Mapping[str, bytes | None]:
        """Contents of what differs; links have no place in a change."""
        rows = self._differences(base, tree)
        for mode, _, name in rows:
            if mode in (LINK, SUBMODULE):
                raise MalformedPatch(f"the patch makes or changes the link {name!r}")
        kept = [(blob, name) for mode, blob, name in rows if mode != "000000"]
        contents = dict(zip((name for _, name in kept), blobs(self.git, [blob for blob, _ in kept]), strict=True))
        return {name: contents.get(name) for _, _, name in rows}

    def _differences(self, sha_a: str, sha_b: str) -> list[tuple[str, str, str]]:
        """(new mode, new blob, name) of every file that differs."""
        fields = self.git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", sha_a, sha_b).split(b"\0")
        rows = []
        for head, name in zip(fields[::2], fields[1::2], strict=False):
            _, mode, _, blob, _ = head.decode().split()
            rows.append((mode, blob, os.fsdecode(name)))
        return rows


def _ref(branch: str) -> str:
    if not re.fullmatch(r"[\w][\w./+@#=-]*", branch) or ".." in branch or "@{" in branch or branch.endswith((".lock", "/", ".")):
        raise GitError(f"{branch!r} is no name for a branch")
    return f"refs/heads/{branch}"


def _patch_error(said: str) -> GitError:
    message = re.sub(r"^(error|fatal): ", "", said, flags=re.MULTILINE)
    kind = MalformedPatch if any(sign in said for sign in _MALFORMED) else PatchConflict
    return kind(message)


def _push_error(said: str) -> PushRefused:
    """The server's own words where it said any, else git's."""
    remote = [line.removeprefix("remote:").strip() for line in said.splitlines() if line.startswith("remote:")]
    words = [line for line in remote if line.strip("=- ")]
    rows = [line.split("\t")[-1] for line in said.splitlines() if line.startswith("!\t")]
    message = " ".join(words) or "; ".join(rows) or said
    behind = any(sign in said for sign in ("non-fast-forward", "fetch first", "stale info"))
    return NotFastForward(message) if behind else PushRefused(message)
