"""What a candidate must not do, as far as its changed files show: paths it may not touch, code with no business in a speed-up.

Static, and therefore only one of several defences: what matters is prevented by structure (fresh processes, a clock outside,
results compared outside). A note is something that was seen and is no reason by itself.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation import fence
from evaluation.guard import marks, suspects
from evaluation.guard.shadows import ANYWHERE, Importing
from evaluation.project import Project
from evaluation.scorecard import Reason

SIZE = 2 << 20  # of one file
MOST = 40  # reasons
_COMPILED = (".pyx", ".pxd", ".pxi", ".c", ".h", ".cc", ".cpp", ".hpp", ".rs", ".f90")  # what becomes of them is built elsewhere


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs between two trees; None where it does not exist. Links are text that begins with `link to`."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Guarded:
    """What was found: reasons to reject, and notes for whoever measures and reviews."""

    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()


def changes(base: Path, tree: Path) -> list[Change]:
    """Every path whose content differs between two trees."""
    paths = sorted(set(_files(base)) | set(_files(tree)))
    found = (Change(path, _content(base / path), _content(tree / path)) for path in paths if not _same(base / path, tree / path))
    return [change for change in found if change.before != change.after]


def scan(changed: Sequence[Change], project: Project, importing: Importing = ANYWHERE) -> Guarded:
    """Judge changed files by their paths and by what is new in their code."""
    if not changed:
        return Guarded((Reason("patch.empty", "the change changes nothing"),))
    reasons = [*_paths(changed, project), *_contents(changed, importing)]
    fresh = sorted(_new_marks(changed))
    told = [Reason(code, f"{path}: {text}") for code, path, text in fresh]
    harmless = suspects.THREADED if project.environment.threads > 1 else suspects.NOTES
    reasons += [Reason(each.code, each.text + suspects.CURES.get(each.code, "")) for each in told if each.code not in harmless]
    notes = [reason for reason in told if reason.code in harmless]
    notes += [
        Reason("guard.binary", f"{each.path} is compiled: nobody read it") for each in changed if each.path.endswith(_COMPILED)
    ]
    return Guarded(tuple(reasons[:MOST]), tuple(notes[:MOST]))


def _paths(changed: Sequence[Change], project: Project) -> Iterator[Reason]:
    inside, outside = fence.touched([change.path for change in changed], project)
    for path in inside:
        yield Reason("guard.fenced-path", f"{path} is fenced off{_cure(path, project)}")
    for path in outside:
        yield Reason("guard.not-editable", f"{path} is not among the project's editable paths")


def _cure(path: str, project: Project) -> str:
    if fence.decides_what_is_installed(path):
        return ": to use a new package, add it on the default branch first"
    if fence.named_like_a_test(path) and not fence.listed(path, project):
        return ", since tests are called so: if it is none, name the file itself in `paths.editable`"
    return ""


def _contents(changed: Sequence[Change], importing: Importing) -> Iterator[Reason]:
    for change in changed:
        if change.after is None:
            continue
        if len(change.after) > SIZE:
            yield Reason("patch.too-large", f"{change.path} is larger than {SIZE >> 20} MiB")
        elif b"\0" in change.after[:8192] or change.path.endswith((".so", ".pyd", ".pyc", ".dll", ".dylib")):
            yield Reason("guard.binary", f"{change.path} is a binary file")
        elif change.after.startswith(b"link to "):
            yield Reason("guard.import-origin", f"{change.path} is a link")
        if change.before is None and importing.hides(change.path):
            yield Reason("guard.import-origin", f"{change.path} hides a module of the same name")


def _new_marks(changed: Sequence[Change]) -> set[tuple[str, str, str]]:
    """(code, path, text) of marks in changed Python files that none of the changed files had before."""
    known = {mark for change in changed for mark in _marks(change.path, change.before)}
    found = set()
    for change in changed:
        for code, text in _marks(change.path, change.after):
            if (code, text) not in known:
                found.add((code, change.path, text))
    return found


def _marks(path: str, content: bytes | None) -> frozenset[marks.Mark]:
    if content is None or len(content) > SIZE or not path.endswith((".py", ".pyi", ".pyw")):
        return frozenset()
    try:
        return marks.of(content)
    except marks.Unparsable as error:
        return frozenset({("patch.syntax", f"no Python that can be parsed ({str(error)[:100]})")})


def _files(tree: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(name for name in folders if name != ".git" or Path(folder) != tree)
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            yield Path(folder, name).relative_to(tree).as_posix()


def _same(one: Path, other: Path) -> bool:
    """Whether two plain files are surely the same, without reading more than needed."""
    if one.is_symlink() or other.is_symlink() or not one.is_file() or not other.is_file():
        return False
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _content(path: Path) -> bytes | None:
    """What lies at a path, bounded; what is neither file nor link counts as nothing that could be read."""
    if path.is_symlink():
        return b"link to " + os.fsencode(path.readlink())
    if not path.exists():
        return None
    if not path.is_file():
        return b"link to nowhere"
    with path.open("rb") as file:
        return file.read(SIZE + 1)
