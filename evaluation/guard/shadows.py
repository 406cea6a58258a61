"""New files that would be imported in place of what is installed, or of Python's own modules."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from evaluation.probe.loading import places
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Mount

RUNNERS = frozenset(  # what runs tests, and what that imports before it has read a line of the project's
    {"pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments", "exceptiongroup", "tomli", "hypothesis", "attr"}
)
WELL_KNOWN = RUNNERS | {"numpy", "pandas", "scipy", "polars", "pyarrow", "numba"}
_CODE = (".py", ".pyi", ".so")


@dataclass(frozen=True, slots=True)
class Importing:
    """From which folders of the project modules are imported, before which others."""

    roots: frozenset[str] = frozenset({"", "src"})  # `/`-separated, from the project's root
    names: frozenset[str] = WELL_KNOWN

    def hides(self, path: str) -> bool:
        """Whether a new file would be imported in place of another module."""
        return any(name in self.names or name in sys.stdlib_module_names for name in self._names(PurePosixPath(path)))

    def _names(self, path: PurePosixPath) -> Iterator[str]:
        for root in self.roots:
            if path.suffix in _CODE and path.is_relative_to(root):
                first, *further = path.relative_to(root).parts
                if not further or further[0] == "__init__.py":
                    yield first.partition(".")[0]


ANYWHERE = Importing()  # as far as no project and no environment is known


def importing(tree: Path, target: Target, environment: Environment, tools: Mount | None) -> Importing:
    """Where a project's modules are imported from at its base commit, and what is installed beside them."""
    found = (Path(root).relative_to(tree).as_posix() for root, _ in places(str(tree), target.path))
    roots = frozenset({"", "src", *("" if root == "." else root for root in found)})
    folders = [*_installed(environment), *([tools.source] if tools else [])]
    names = {name.replace("-", "_") for name in environment.versions}  # all that is told where the folders lie in an image
    names |= {name for folder in folders for name in _modules(folder)}
    own = {entry.name for each in roots if (tree / each).is_dir() for entry in (tree / each).iterdir() if entry.is_dir()}
    return Importing(roots, WELL_KNOWN | (names - own - {"python"}))


def _installed(environment: Environment) -> Iterator[Path]:
    """The folders of installed packages, as far as they lie on this host."""
    prefix = PurePosixPath(environment.python).parents[1]
    for mount in environment.mounts:
        if prefix.is_relative_to(mount.target):
            yield from (mount.source / prefix.relative_to(mount.target)).glob("lib*/python3*/site-packages")


def _modules(folder: Path) -> Iterator[str]:
    for entry in folder.iterdir() if folder.is_dir() else ():
        name = entry.name.partition(".")[0]
        if name.isidentifier() and (entry.suffix in _CODE or (entry / "__init__.py").is_file()):
            yield name
