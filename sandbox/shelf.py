"""Folders that are built once and then only read: finished under their name or not there at all, however many want them."""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def once(root: Path, name: str) -> Iterator[Path | None]:
    """A temporary folder that becomes `root/name` when the block ends well; None if that is there. One builder at a time."""
    if (root / name).is_dir():
        yield None
        return
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (root / name).is_dir():
            yield None
            return
        folder = _fresh(root, name)
        try:
            yield folder
            folder.rename(root / name)
        except BaseException:  # nothing half-done stays, whatever ended it
            shutil.rmtree(folder)
            raise


def _fresh(root: Path, name: str) -> Path:
    """An empty folder of our own; what a killed builder left goes, for we hold the lock."""
    for abandoned in root.glob(f".{name}-*"):
        shutil.rmtree(abandoned)
    folder = root / f".{name}-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    return folder
