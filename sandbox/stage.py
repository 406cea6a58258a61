"""Host folders made reachable for an unprivileged bwrap, in a mount namespace that only one thread of ours lives in.

bwrap resolves every source by walking its path as the user it runs as. Started by root but running as a user of our own, it could
not walk into root's home. So the launching thread leaves the host's mount namespace and binds each source below `STAGE` first:
nothing of that is visible outside the thread and its children, and nothing of it outlives them.
"""

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

STAGE = Path("/run/hasten")

_NEW_MOUNTS = 0x00020000
_BIND = 0x1000
_RECURSIVE = 0x4000
_DOWNSTREAM = 0x80000
_DETACH = 2


def enter() -> None:
    """Move the calling thread, for good, into a mount namespace of its own with an empty `STAGE`."""
    libc = _libc()
    _checked(libc.unshare(_NEW_MOUNTS), "unshare")
    _mount(libc, None, Path("/"), _RECURSIVE | _DOWNSTREAM)
    STAGE.mkdir(mode=0o755, parents=True, exist_ok=True)
    _checked(libc.mount(b"tmpfs", os.fsencode(STAGE), b"tmpfs", ctypes.c_ulong(0), b"mode=755,size=1m"), "mount tmpfs")


@contextmanager
def reachable(sources: Sequence[Path]) -> Iterator[list[Path]]:
    """Bind every source below the stage while the block lasts; call it in the thread that entered."""
    libc = _libc()
    with ExitStack() as undo:
        staged = []
        for number, source in enumerate(sources):
            target = _bind(libc, source, number)
            undo.callback(_unbind, libc, target)
            staged.append(target)
        yield staged


def _bind(libc: ctypes.CDLL, source: Path, number: int) -> Path:
    if source.is_dir():
        target = STAGE / f"folder{number}"
        target.mkdir(exist_ok=True)
    else:
        target = STAGE / f"file{number}"
        target.touch()
    _mount(libc, source, target, _BIND | _RECURSIVE)
    return target


def _unbind(libc: ctypes.CDLL, target: Path) -> None:
    """Only here: bwrap has its own copy of our mounts by now. Removing the empty folder would take it from that copy too."""
    _checked(libc.umount2(os.fsencode(target), _DETACH), "umount")


def _mount(libc: ctypes.CDLL, source: Path | None, target: Path, flags: int) -> None:
    origin = None if source is None else os.fsencode(source)
    _checked(libc.mount(origin, os.fsencode(target), None, ctypes.c_ulong(flags), None), f"mount {source}")


def _checked(answer: int, what: str) -> None:
    if answer != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
