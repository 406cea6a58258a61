"""How much a command writes to the host's disk through its writable mounts; there is no quota there, so somebody has to look."""

import os
from collections.abc import Sequence
from pathlib import Path

from sandbox.spec import Mount

PERIOD = 0.5  # seconds between looks
_MIB = 1 << 20
_ENTRY = 1024  # what an empty file costs, roughly: files without content fill a disk too


class Growth:
    """Watches the writable mounts of one sandbox. A look costs two system calls unless the disk has really become fuller."""

    def __init__(self, mounts: Sequence[Mount], most_mib: int) -> None:
        self._most = most_mib * _MIB
        self._before = {mount.source: (_taken(mount.source), _size(mount.source)) for mount in mounts if mount.writable}

    def __bool__(self) -> bool:
        return bool(self._before)

    def beyond(self) -> bool:
        """Whether a mount has grown by more than it may."""
        for path, (taken, size) in self._before.items():
            if _taken(path) - taken > self._most // 2 and _size(path) - size > self._most:
                return True
        return False


def _taken(path: Path) -> int:
    """What is used of the disk that holds `path`, by anybody."""
    status = os.statvfs(path)
    return (status.f_blocks - status.f_bfree) * status.f_frsize + (status.f_files - status.f_ffree) * _ENTRY


def _size(top: Path) -> int:
    """What the files below `top` take; links are not followed, what vanishes meanwhile counts as nothing."""
    total = 0
    for _, folders, files, fd in os.fwalk(top):
        for name in (*folders, *files):
            try:
                total += os.stat(name, dir_fd=fd, follow_symlinks=False).st_blocks * 512 + _ENTRY
            except FileNotFoundError:
                continue
    return total
