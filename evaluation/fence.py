"""Where a candidate may not write: the project's fenced paths, tests, and files that decide how these run, wherever they lie."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from evaluation.project import Project

DEPENDENCIES = ("**/pyproject.toml", "**/setup.cfg", "**/setup.py", "**/requirements*.txt", "**/*.lock", "**/Pipfile")
TESTS = ("**/test_*.py", "**/*_test.py", "**/tests/**", "**/test/**")  # as nearly everybody calls them
ALWAYS = (  # whatever the project says
    ".hasten.yml",
    "**/conftest.py",
    "**/sitecustomize.py",
    "**/usercustomize.py",
    "**/*.pth",
    "**/*.egg-link",
    "**/*.dist-info/**",  # an entry point there is a plugin of whoever looks for plugins
    "**/*.egg-info/**",
    "**/pytest.ini",
    "**/.pytest.ini",
    "**/pytest.toml",
    "**/.pytest.toml",
    "**/tox.ini",
    "**/.coveragerc",
    ".gitlab-ci.yml",
    *DEPENDENCIES,  # what is installed was installed before, and is not what is judged
)


def fenced(path: str, project: Project) -> bool:
    """Whether a candidate may not touch this path (`/`-separated, from the project's root)."""
    return _always(path) or listed(path, project) or (named_like_a_test(path) and path not in project.paths.editable)


def listed(path: str, project: Project) -> bool:
    """Whether the project itself fences it off."""
    return any(matches(path, pattern) for pattern in project.paths.fenced)


def named_like_a_test(path: str) -> bool:
    """Whether it is where tests mostly are: theirs, unless the project names this very file as one that may be changed."""
    return any(matches(path, pattern) for pattern in TESTS)


def closed(project: Project) -> tuple[str, ...]:
    """What whoever proposes a change is told to leave alone: the project's own patterns, and those of tests."""
    named = [path for path in project.paths.editable if named_like_a_test(path)]
    return (*project.paths.fenced, *(each for each in TESTS if not any(matches(path, each) for path in named)))


def _always(path: str) -> bool:
    return any(matches(path, pattern) for pattern in ALWAYS)


def decides_what_is_installed(path: str) -> bool:
    """Whether people write down here what a project depends on."""
    return any(matches(path, pattern) for pattern in DEPENDENCIES)


def editable(path: str, project: Project) -> bool:
    """Whether a candidate may write here."""
    return any(matches(path, pattern) for pattern in project.paths.editable) and not fenced(path, project)


def matches(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern: `**` any folders, `*` and `?` within one name; case does not save anybody."""
    return _compiled(pattern).fullmatch(str(PurePosixPath(path))) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("./").rstrip("/") + ("/**" if pattern.endswith("/") else ""))
    words = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return re.compile("".join(words.get(part) or re.escape(part) for part in parts), re.DOTALL | re.IGNORECASE)


def overlaid(tree: Path, base: Path, project: Project, place: Path) -> Path:
    """The tree with its fenced files as they are in `base`: the tree itself where they are, otherwise a copy at `place`."""
    ours, theirs = set(_fenced_files(base, project)), set(_fenced_files(tree, project))
    changed = [path for path in sorted(ours & theirs) if not _same(base / path, tree / path)]
    if ours == theirs and not changed:
        return tree
    shutil.copytree(tree, place, symlinks=True)
    for path in sorted(theirs - ours):
        (place / path).unlink()
    for path in [*sorted(ours - theirs), *changed]:
        _put(base / path, place / path, place)
    return place


def _put(source: Path, target: Path, root: Path) -> None:
    """Copy one file; nothing in the way of it, file or link, is followed."""
    for folder in reversed([parent for parent in target.parents if parent.is_relative_to(root) and parent != root]):
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        folder.mkdir(exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    elif target.exists() or target.is_symlink():
        target.unlink()
    shutil.copy2(source, target, follow_symlinks=False)


def _fenced_files(tree: Path, project: Project) -> Iterator[str]:
    for path in _files(tree):
        if fenced(path, project):
            yield path


def _files(tree: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(tree):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            yield Path(folder, name).relative_to(tree).as_posix()


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def touched(paths: Sequence[str], project: Project) -> tuple[list[str], list[str]]:
    """Of some changed paths, those that are fenced and those that are merely not editable."""
    inside = [path for path in paths if fenced(path, project)]
    return inside, [path for path in paths if path not in inside and not editable(path, project)]
