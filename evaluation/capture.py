"""What the target is called with while the project's own tests run: recorded in a sandbox, kept as opaque bytes."""

import os
import shlex
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from evaluation.channel import PROBE
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import WORK, Environment
from sandbox.spec import Limits, Mount, Spec
from sandbox.tier import Sandbox

OUT = "/calls"
MOST = 64  # calls
LARGEST = 4 << 20  # bytes of one call
_LIMITS = Limits(seconds=120)
_BENCHMARKS = ("benchmarks", "bench", "tests/benchmarks")
_BENCHMARK_FILES = ("test_*.py", "bench_*.py", "*_bench.py", "*_benchmark.py")


def recorded(
    sandbox: Sandbox, environment: Environment, tree: Path, target: Target, project: Project, folder: Path, owner: str,
    tools: Mount | None = None, limits: Limits = _LIMITS,
) -> list[bytes]:  # fmt: skip
    """Pickles of (args, kwargs), none of them ever opened here. Empty where neither tests nor benchmarks are pytest's."""
    found: list[bytes] = []
    for at, arguments in enumerate(_runs(tree, project)):
        place = folder / str(at)
        place.mkdir()
        found += _recorded(sandbox, environment, tree, target, arguments, place, owner, tools, limits)
    return found[:MOST]


def _runs(tree: Path, project: Project) -> Iterator[Sequence[str]]:
    """What to tell pytest: for the tests, and for benchmarks that are tests of another name."""
    arguments = pytest_arguments(project.tests.command)
    if arguments is not None:
        yield [*arguments, *project.tests.select]
    for name in _BENCHMARKS:
        if any(fnmatch(file.name, pattern) for file in (tree / name).glob("*.py") for pattern in _BENCHMARK_FILES):
            yield ["-o", f"python_files={' '.join(_BENCHMARK_FILES)}", "-o", "python_functions=test_* bench_*", name]


def _recorded(
    sandbox: Sandbox, environment: Environment, tree: Path, target: Target, arguments: Sequence[str], folder: Path, owner: str,
    tools: Mount | None, limits: Limits,
) -> list[bytes]:  # fmt: skip
    """What one run of pytest calls the target with."""
    folder.chmod(0o777)  # the sandbox runs as another user
    argv = (environment.python, "-I", "-B", "/probe/capture.py", OUT, target.path, target.name, *arguments)
    mounts = [*environment.mounts, Mount(PROBE, "/probe"), Mount(tree, WORK), Mount(folder, OUT, writable=True)]
    variables = {**environment.variables, "HOME": "/tmp"}
    if tools is not None:
        mounts.append(tools)
        variables["HASTEN_TOOLS"] = tools.target
    sandbox.run(Spec(argv, tuple(mounts), WORK, variables, limits=limits, owner=owner))
    return _read(folder)


def pytest_arguments(command: str) -> Sequence[str] | None:
    """What a test command tells pytest; None for a command that is not pytest's."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    for at, word in enumerate(words[:4]):
        if word == "pytest" or word.endswith("/pytest") or word == "py.test":
            return words[at + 1 :]
    return None


def _read(folder: Path) -> list[bytes]:
    found = []
    for at in range(MOST):
        data = _bytes(folder / f"{at}.pickle")
        if data is not None:
            found.append(data)
    return found


def _bytes(path: Path) -> bytes | None:
    """A plain file's bytes; a link, a pipe or a flood is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not path.is_file():
            return None
        data = file.read(LARGEST + 1)
    return data if 0 < len(data) <= LARGEST else None
