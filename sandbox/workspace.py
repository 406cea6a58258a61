"""Working with an exported tree that foreign code may have touched: no link is followed, nothing but plain files is read."""

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from sandbox.git import Repository
from sandbox.paths import UnsafePath, checked

_LEFTOVERS = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".git"})
_FILE = "file"
_MOST_FILE = 32 << 20
_MOST_FILES = 200_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe put there must not make us wait
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK


class WorkspaceError(Exception):
    """A tree holds something that no change may consist of; `str(error)` names it."""


def write(tree: Path, changes: Mapping[str, bytes | None]) -> None:
    """Write or (None) remove files below `tree`; a link on the way is an error, not a way out."""
    for name, content in changes.items():
        try:
            _write_one(tree, name, content)
        except (UnsafePath, OSError) as error:
            raise WorkspaceError(f"{name!r} cannot be written: {getattr(error, 'strerror', None) or error}") from error


def copy(tree: Path, to: Path) -> Path:
    """A copy to work in; links stay links."""
    shutil.copytree(tree, to, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def difference(before: Path, after: Path) -> Mapping[str, bytes | None]:
    """Files that are new or other in `after`, and (None) those that are gone. Caches don't count; new links are refused."""
    old, new = _listed(before), _listed(after)
    changes: dict[str, bytes | None] = dict.fromkeys(sorted(old.keys() - new.keys()))
    for name, kind in sorted(new.items()):
        if kind != _FILE or old.get(name, _FILE) != _FILE:
            _unchanged(name, old.get(name), kind)
            continue
        content = read(after, name)
        if name not in old or content != read(before, name):
            changes[name] = content
    return changes


def patch(before: Path, after: Path, most: int = 8 << 20) -> bytes:
    """The difference as a git diff that applies to `before`."""
    changes = difference(before, after)
    originals = {name: read(before, name) for name in changes if (before / name).is_file()}
    programs = frozenset(name for name in changes for tree in (after, before) if os.access(tree / name, os.X_OK))
    with tempfile.TemporaryDirectory(prefix="hasten-patch-") as folder:
        repository = Repository.open_or_create(Path(folder))
        base = repository.tree(None, originals, programs)
        made = repository.diff(base, repository.tree(base, changes, programs))
    if len(made) > most:
        raise WorkspaceError(f"the change is larger than {most >> 20} MiB")
    return made


def read(tree: Path, name: str) -> bytes:
    """One plain file's content, reached without following a link."""
    with ExitStack() as stack:
        path = checked(name)
        try:
            fd = os.open(path.name, _READ, dir_fd=_descend(stack, tree, path.parts[:-1], make=False))
        except OSError as error:
            raise WorkspaceError(f"{name!r} cannot be read: {error.strerror}") from error
        with os.fdopen(fd, "rb") as file:
            _plain(os.fstat(fd), name)
            content = file.read(_MOST_FILE + 1)
    if len(content) > _MOST_FILE:
        raise WorkspaceError(f"{name!r} is larger than {_MOST_FILE >> 20} MiB")
    return content


def _write_one(tree: Path, name: str, content: bytes | None) -> None:
    path = checked(name)
    with ExitStack() as stack:
        folder = _descend(stack, tree, path.parts[:-1], make=content is not None)
        if content is None:
            os.unlink(path.name, dir_fd=folder)
            return
        with os.fdopen(os.open(path.name, _WRITE, 0o644, dir_fd=folder), "wb") as file:
            _plain(os.fstat(file.fileno()), name)
            file.truncate()
            file.write(content)


def _descend(stack: ExitStack, tree: Path, parts: tuple[str, ...], *, make: bool) -> int:
    """An open descriptor of a folder below `tree`, entered one step at a time."""
    fd = os.open(tree, os.O_RDONLY | os.O_DIRECTORY)
    stack.callback(os.close, fd)
    for part in parts:
        if make and not _exists(part, fd):
            os.mkdir(part, 0o755, dir_fd=fd)
        fd = os.open(part, _FOLDER, dir_fd=fd)
        stack.callback(os.close, fd)
    return fd


def _exists(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _listed(tree: Path) -> dict[str, str]:
    """Every name below `tree` that is no folder, and what it is."""
    found: dict[str, str] = {}
    for top, folders, files, fd in os.fwalk(tree, onerror=_unreadable):
        links = [name for name in folders if stat.S_ISLNK(os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode)]
        folders[:] = sorted(set(folders) - _LEFTOVERS - set(links))
        for name in (*files, *links):
            if name not in _LEFTOVERS:
                found[os.path.relpath(os.path.join(top, name), tree)] = _kind(name, fd)  # noqa: PTH118 (names may be any bytes)
        if len(found) > _MOST_FILES:
            raise WorkspaceError(f"more than {_MOST_FILES} files")
    return found


def _kind(name: str, folder: int) -> str:
    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return f"link to {os.readlink(name, dir_fd=folder)}"
    return _FILE if stat.S_ISREG(mode) else "special file"


def _unchanged(name: str, old: str | None, new: str) -> None:
    if old != new or new == "special file":
        raise WorkspaceError(f"{name!r} is a {new.split()[0]} now and was {'a ' + old.split()[0] if old else 'not there'} before")


def _plain(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise WorkspaceError(f"{name!r} is no plain file")


def _unreadable(error: OSError) -> None:
    raise WorkspaceError(f"a folder cannot be read: {error.strerror}") from error
