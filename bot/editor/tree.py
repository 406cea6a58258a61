"""The rim of the editor: a folder that edits are read from and written to, confined to it whatever links lie in there."""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.editor.applier import LARGEST, Refused, apply
from bot.editor.edits import FileEdit, Request, digest
from bot.editor.refusal import Refusal
from bot.editor.scope import Scope, inside


@dataclass(frozen=True, slots=True)
class Tree:
    """A project's files below `root`, of which those in `scope` may change."""

    root: Path
    scope: Scope

    def find(self, path: str) -> Path | None:
        """The real place of `path` below the root, existing or not; None where it, or a link in it, leads elsewhere."""
        root = self.root.resolve()
        try:
            real = (root / path).resolve()
        except (OSError, RuntimeError):  # a loop of links
            return None
        return real if inside(path) and real.is_relative_to(root) else None

    def read(self, path: str) -> bytes | None:
        """The content of a regular file of the project (of a huge one, just too much to be edited); None for everything else."""
        real = self.find(path)
        if real is None or not real.is_file():
            return None
        try:
            with real.open("rb") as file:
                return file.read(LARGEST + 1)
        except OSError:  # not for us to read
            return None

    def edit(self, requests: Sequence[Request]) -> tuple[FileEdit, ...] | Refused:
        """Carry out one reply's edits: all of them are on disk afterwards, or none."""
        refusals = tuple(refusal for request in requests if (refusal := self._refusal(request.path)))
        if refusals:
            return Refused(refusals)
        answer = apply(requests, self.read)
        return answer if isinstance(answer, Refused) else self.write(answer)

    def write(self, edits: Sequence[FileEdit]) -> tuple[FileEdit, ...] | Refused:
        """Write contents whose `before_hash` still holds; a failure on the way takes back what was written."""
        before = {edit.path: self.read(edit.path) for edit in edits}
        stale = [edit.path for edit in edits if digest(before[edit.path]) != edit.before_hash]
        outside = tuple(refusal for edit in edits if (refusal := self._refusal(edit.path)))
        if stale or outside:
            return Refused(outside + tuple(Refusal("stale", path, "the file changed meanwhile; view it again") for path in stale))
        done: list[FileEdit] = []
        try:
            for edit in edits:
                self._put(edit.path, edit.new_content)
                done.append(edit)
        except OSError:
            for edit in done:
                self._put(edit.path, before[edit.path])
            raise
        return tuple(edits)

    def _refusal(self, path: str) -> Refusal | None:
        """The scope is asked twice: about the path as written, and about where links really lead."""
        if refusal := self.scope.refusal(path):
            return refusal
        real = self.find(path)
        if real is None or real.is_dir():
            return Refusal("path", path, "this leads to no file of the project")
        return self.scope.refusal(real.relative_to(self.root.resolve()).as_posix())

    def _put(self, path: str, content: bytes | None) -> None:
        real = self.find(path)
        if real is None:
            raise OSError(f"{path} left the project while it was edited")
        if content is None:
            real.unlink(missing_ok=True)
            return
        real.parent.mkdir(parents=True, exist_ok=True)
        _replace(real, content)


def _replace(path: Path, content: bytes) -> None:
    """Swap the content in one step, keeping the mode."""
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".edit-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
