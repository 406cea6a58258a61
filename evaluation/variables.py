"""What processes that run a project's code are told: how many threads, where caches lie, where its modules are."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.command import ModuleRun
from evaluation.probe.loading import locate
from evaluation.target import Target
from sandbox.environment import WORK, Environment
from sandbox.spec import Mount

CACHES = "/tmp/.cache"
_THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS", "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
)  # fmt: skip
_PLACES = {"XDG_CACHE_HOME": CACHES, "NUMBA_CACHE_DIR": f"{CACHES}/numba", "COVERAGE_FILE": "/tmp/.coverage"}
_WORKERS = {"PYTEST_XDIST_AUTO_NUM_WORKERS": "2"}  # a large host's cores would be more processes than a sandbox may have
_CODE = (".py", ".so", ".pyc")


def with_threads(environment: Environment, threads: int) -> Environment:
    """The environment for processes that may use so many threads; libraries would start one for each core of the host."""
    told = {**dict.fromkeys(_THREADS, str(threads)), **_PLACES, **_WORKERS}
    return replace(environment, variables={**environment.variables, **told})


def roots(tree: Path, target: Target | None) -> list[str]:
    """Folders to import from before what is installed, which may be a copy of the base; none that hides Python's own modules."""
    found = [tree, tree / "src", *([Path(locate(str(tree), target.path)[0])] if target else [])]
    inside = dict.fromkeys(place.relative_to(tree).as_posix() for place in found if place.is_dir() and not _hides(place))
    return [WORK if place == "." else f"{WORK}/{place}" for place in inside]


def searched(run: ModuleRun | None, environment: Environment, places: Sequence[str], tools: Mount | None) -> dict[str, str]:
    """The command's own variables, and all that leads to modules in one PYTHONPATH: what the project names first, tools last."""
    own = dict(run.variables) if run else {}
    named = own.get("PYTHONPATH") or environment.variables.get("PYTHONPATH", "")
    paths = [entry if entry.startswith("/") else f"{WORK}/{entry}" for entry in named.split(":") if entry]
    return {**own, "PYTHONPATH": ":".join(dict.fromkeys([*paths, *places, *([tools.target] if tools else [])]))}


def quiet(environment: Environment, *, alone: bool = False) -> tuple[str, ...]:
    """What tells pytest, whatever the project's own options are, that files are read-only and that nobody asks for coverage.

    `alone`: in one process, which sees all calls.
    """
    counted = ("--no-cov",) if "pytest-cov" in environment.versions else ()
    together = ("-n0",) if alone and "pytest-xdist" in environment.versions else ()
    return ("-o", f"cache_dir={CACHES}/pytest", *counted, *together)


def _hides(folder: Path) -> bool:
    """Whether a folder is a package itself, or something in it would be imported in place of the standard library."""
    names = {entry.name.partition(".")[0] for entry in folder.iterdir() if _importable(entry)}
    return "__init__" in names or not names.isdisjoint(sys.stdlib_module_names)


def _importable(entry: Path) -> bool:
    return entry.suffix in _CODE or (entry / "__init__.py").is_file()
