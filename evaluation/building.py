"""Trees with what the project builds in place: extension modules, and files that a build writes beside them.

Each side is built from its own files, in a sandbox without a network. Of the pristine code's build all new files are kept; of a
candidate's only compiled modules, under the names that the pristine one gave them: what else it writes is nobody's business.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evaluation import causes
from evaluation.guard import guards
from evaluation.site import Site
from evaluation.speed.measurement import BaselineFailed
from evaluation.speed.samples import ARMS
from sandbox.environment import WORK
from sandbox.spec import Limits, Mount, Result, Spec

LIMITS = Limits(seconds=900, memory_mib=4096, processes=256, disk_mib=1024)
MOST_BYTES = 256 << 20  # of what is kept of one build
COMPILED = (".so", ".pyd")
_ASIDE = frozenset({".git", "build", "__pycache__"})  # folders of which nothing is kept
_TAIL = 4000  # characters of output looked at

Made = Mapping[str, Path]  # path in the tree -> file


class BuildFailed(Exception):
    """A candidate can't be built; `str(error)` says why."""


@contextmanager
def built(site: Site, *candidates: Path) -> Iterator[tuple[Site, list[Path]]]:
    """The site and the candidates with their trees as built, and copies of these; as they are where nothing is compiled.

    Raises BuildFailed for a candidate, BaselineFailed for the pristine code.
    """
    if not site.project.environment.build and not any(path.endswith(COMPILED) for path in _plain(site.tree)):
        yield site, list(candidates)
        return
    folder = Path(tempfile.mkdtemp(prefix="built-", dir=site.scratch))
    folder.chmod(0o755)  # the sandbox runs as another user
    try:
        made = _ours(site, folder / "build")
        theirs = [_theirs(site, each, made, folder / f"build-{number}") for number, each in enumerate(candidates)]
        trees = [_laid(site.tree, made, folder / "base")]
        trees += [
            _laid(each, files, folder / f"side-{at}") for at, (each, files) in enumerate(zip(candidates, theirs, strict=True))
        ]
        yield replace(site, tree=trees[0], copies={tree: [tree, *_copied(tree)] for tree in trees}), trees[1:]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ours(site: Site, place: Path) -> Made:
    if not site.project.environment.build:
        return {}
    site.watch.step("building the base commit")
    try:
        return _made(site, site.tree, place)
    except BuildFailed as error:
        raise BaselineFailed(str(error)) from error


def _copied(tree: Path) -> Iterator[Path]:
    """As many as a process has sides, less the tree itself."""
    for number in range(1, len(ARMS)):
        yield shutil.copytree(tree, tree.with_name(f"{tree.name}-{number}"), symlinks=True)


def _theirs(site: Site, candidate: Path, made: Made, place: Path) -> Made:
    """A candidate's compiled modules in place of the pristine code's; these themselves, where none can come out different."""
    if not made:
        return made
    stems = {path.partition(".")[0] for path in made if path.endswith(COMPILED)}
    changed = [change.path for change in guards.changes(site.tree, candidate)]
    if all(path.endswith(".py") and path.partition(".")[0] not in stems for path in changed):
        return made
    site.watch.step("building the candidate")
    found = _made(site, candidate, place)
    missing = [path for path in made if path.endswith(COMPILED) and path not in found]
    if missing:
        raise BuildFailed(f"its build makes no {missing[0]}")
    return {path: found[path] if path.endswith(COMPILED) else ours for path, ours in made.items()}


def _made(site: Site, tree: Path, place: Path) -> Made:
    """Build a copy of a tree: its new files. Raises BuildFailed."""
    shutil.copytree(tree, place, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    for command in site.project.environment.build:
        result = site.sandbox.run(_spec(site, place, command))
        if not result.ok:
            raise BuildFailed(f"`{command}` {_how(result)}")
    found = {path: place / path for path in _plain(place) if not os.path.lexists(tree / path)}
    if sum(file.lstat().st_size for file in found.values()) > MOST_BYTES:
        raise BuildFailed(f"its build leaves more than {MOST_BYTES >> 20} MiB")
    return found


def _spec(site: Site, place: Path, command: str) -> Spec:
    environment = site.limited
    variables = {**environment.variables, "HOME": "/tmp", "PATH": f"{Path(environment.python).parent}:/usr/bin:/bin"}
    mounts = (*environment.mounts, Mount(place, WORK, writable=True))
    return Spec(("/bin/sh", "-c", command), mounts, WORK, variables, limits=LIMITS, owner=site.owner)


def _how(result: Result) -> str:
    if result.timed_out or result.oom:
        return f"needs more than {LIMITS.memory_mib} MiB" if result.oom else f"takes more than {LIMITS.seconds:.0f} s"
    said = (result.stdout[-_TAIL:] + b"\n" + result.stderr[-_TAIL:]).decode("utf-8", "replace").strip()
    return f"fails: {causes.quoted(causes.telling(said))}"


def _plain(place: Path) -> Iterator[str]:
    """Plain files below a folder that a sandbox wrote into; no link is followed, folders of intermediate files are left out."""
    for root, folders, files in os.walk(place):
        folders[:] = [name for name in folders if name not in _ASIDE and not name.endswith(".egg-info")]
        for name in files:
            file = Path(root, name)
            if stat.S_ISREG(file.lstat().st_mode):
                yield file.relative_to(place).as_posix()


def _laid(tree: Path, made: Made, place: Path) -> Path:
    """A copy of a tree with files laid over it that it has not."""
    shutil.copytree(tree, place, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    for path, file in made.items():
        target = place / path
        above = [parent for parent in target.parents if parent != place and parent.is_relative_to(place)]
        if any(parent.is_symlink() or parent.is_file() for parent in above):
            raise BuildFailed(f"{path} can't be laid into its tree")
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target):
            raise BuildFailed(f"it brings {path}, which the build makes")
        shutil.copyfile(file, target, follow_symlinks=False)
        target.chmod(0o644)
    return place
