"""Whom a sandbox runs as on the host when root starts it, and what that user may read and write of the mounts."""

import os
import stat
import zlib
from pathlib import Path

from sandbox.spec import Mount

_FIRST, _COUNT = 60800, 380  # between the ranges that systemd gives to home folders and to dynamic service users
_FOR_ALL_FILE, _FOR_ALL_FOLDER = stat.S_IROTH, stat.S_IROTH | stat.S_IXOTH


def user_for(owner: str) -> int:
    """An unprivileged host uid of our own range; one owner keeps its uid, so its files stay its own from run to run."""
    return _FIRST + zlib.crc32(owner.encode()) % _COUNT


def grant(mount: Mount, uid: int) -> None:
    """Give a mount's files to `uid` as far as it needs them: all of a writable mount, what others may not read of a private one.

    Sockets that lie directly in a mounted folder are given too: connecting needs the right to write.
    """
    if mount.writable or not _readable(mount.source.stat()):
        give_tree(mount.source, uid)
    elif mount.source.is_dir():
        _give_sockets(mount.source, uid)
    elif mount.source.is_socket():
        os.chown(mount.source, uid, uid)


def give_tree(top: Path, uid: int) -> None:
    """Change the owner of a file or a whole tree, never through a symbolic link."""
    _give(top, uid, None)
    if not top.is_dir():
        return
    for _, folders, files, fd in os.fwalk(top):
        for name in (*folders, *files):
            _give(name, uid, fd)


def _give(path: str | Path, uid: int, within: int | None) -> None:
    if os.stat(path, dir_fd=within, follow_symlinks=False).st_uid != uid:
        os.chown(path, uid, uid, dir_fd=within, follow_symlinks=False)


def _give_sockets(folder: Path, uid: int) -> None:
    for entry in os.scandir(folder):
        if stat.S_ISSOCK(entry.stat(follow_symlinks=False).st_mode):
            os.chown(entry.path, uid, uid, follow_symlinks=False)


def _readable(status: os.stat_result) -> bool:
    needed = _FOR_ALL_FOLDER if stat.S_ISDIR(status.st_mode) else _FOR_ALL_FILE
    return status.st_mode & needed == needed or stat.S_ISSOCK(status.st_mode)
