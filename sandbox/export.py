"""A commit's files written out as plain files: no .git, no filters, no attributes, no link that leads outside."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sandbox.gitcommand import Git, GitError
from sandbox.paths import UnsafePath, checked

LINK, SUBMODULE, PROGRAM, FILE = "120000", "160000", "100755", "100644"
_MOST_BYTES = 2 << 30
_MOST_FILES = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree; `name` keeps bytes that are no UTF-8 as surrogates."""

    mode: str
    blob: str
    size: int
    name: str


def entries(git: Git, tree: str, *paths: str) -> list[Entry]:
    """All files of a commit or tree (or those at `paths`)."""
    rows = git.run("--literal-pathspecs", "ls-tree", "-r", "-l", "-z", "--full-tree", tree, "--", *paths).split(b"\0")
    found = []
    for row in filter(None, rows):
        head, _, name = row.partition(b"\t")
        mode, _, blob, size = head.decode().split()
        found.append(Entry(mode, blob, 0 if size == "-" else int(size), os.fsdecode(name)))
    return found


def blobs(git: Git, wanted: list[str], most: int = _MOST_BYTES) -> Iterator[bytes]:
    """Contents of blobs, in order, from one process."""
    with tempfile.TemporaryFile() as answer:
        answer.write(git.run("cat-file", "--batch", stdin="\n".join([*wanted, ""]).encode(), seconds=300, most=most))
        answer.seek(0)
        for blob in wanted:
            yield _one_blob(answer, blob)


def export(git: Git, sha: str, to: Path) -> None:
    """Write the tree of `sha` below `to`, which must be empty or missing; on an error nothing of it stays."""
    listed = entries(git, sha)
    if len(listed) > _MOST_FILES or sum(entry.size for entry in listed) > _MOST_BYTES:
        raise GitError(f"the project is too large: more than {_MOST_FILES} files or {_MOST_BYTES >> 30} GiB")
    to.mkdir(parents=True, exist_ok=True)
    try:
        _write(git, listed, to)
    except (UnsafePath, FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        shutil.rmtree(to)
        raise GitError(f"the project cannot be used: {error}") from error


def _write(git: Git, listed: list[Entry], to: Path) -> None:
    """Links come last: while files are written there is nothing to follow."""
    places = [to / checked(entry.name) for entry in listed]
    pairs = list(zip(listed, places, strict=True))
    written = [(entry, place) for entry, place in pairs if entry.mode != SUBMODULE]
    written.sort(key=lambda pair: pair[0].mode == LINK)
    for (entry, place), content in zip(written, blobs(git, [entry.blob for entry, _ in written]), strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == LINK:
            place.symlink_to(os.fsdecode(content))
        else:
            _create(place, content, 0o755 if entry.mode == PROGRAM else 0o644)
    for entry, place in written:
        if entry.mode == LINK:
            _inside(place, to)
    for entry, place in pairs:
        if entry.mode == SUBMODULE:
            place.mkdir(parents=True)


def _create(place: Path, content: bytes, mode: int) -> None:
    fd = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(fd, "wb") as file:
        os.fchmod(fd, mode)
        file.write(content)


def _inside(link: Path, top: Path) -> None:
    """Follow the link for real: a chain of harmless-looking links can lead outside."""
    if link.readlink().is_absolute() or not _followed(link).is_relative_to(top.resolve()):
        raise UnsafePath(f"the symbolic link {str(link.relative_to(top))!r} leads outside the project")


def _followed(link: Path) -> Path:
    try:
        return link.resolve()
    except (OSError, RuntimeError) as error:
        raise UnsafePath(f"the symbolic link {link.name!r} leads in a circle") from error


def _one_blob(answer: IO[bytes], blob: str) -> bytes:
    head = answer.readline().split()
    if len(head) != 3 or head[1] != b"blob":
        raise GitError(f"git has no file {blob}")
    content = answer.read(int(head[2]))
    answer.read(1)
    return content
