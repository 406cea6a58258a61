"""What the target is called with while the project's own tests run: recorded in a sandbox, kept as opaque bytes."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from evaluation.causes import quoted
from evaluation.channel import PROBE
from evaluation.command import ModuleRun, pytest_run
from evaluation.probe.capture import LARGEST, MOST
from evaluation.project import Project
from evaluation.target import Target
from evaluation.variables import quiet, roots, searched
from sandbox.environment import WORK, Environment
from sandbox.spec import Limits, Mount, Spec
from sandbox.tier import Sandbox

OUT = "/calls"
KEPT = 4 << 20  # bytes of all calls together, the smallest first: one of the largest fits, and small ones are sharp
LIMITS = Limits(seconds=120)
BESIDE = Limits(seconds=30)  # a generator exists, so recorded calls only add to the comparison: stop early
_DROPPED = {  # how the recorder counts what it drops -> how people are told
    "large": f"left out of what the tests call: {{count}} with arguments of more than {LARGEST >> 20} MiB",
    "unpicklable": "left out of what the tests call: {count} with arguments that can't be pickled",
}
_BENCHMARKS = ("benchmarks", "bench", "tests/benchmarks")
_BENCHMARK_FILES = ("test_*.py", "bench_*.py", "*_bench.py", "*_benchmark.py")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Pickles of (args, kwargs), none of them ever opened here, and why others were left out, in words."""

    calls: tuple[bytes, ...] = ()
    left_out: tuple[str, ...] = ()


def recorded(
    sandbox: Sandbox, environment: Environment, tree: Path, target: Target, project: Project, scratch: Path, owner: str,
    tools: Mount | None = None,
) -> Recorded:  # fmt: skip
    """What pytest's tests and benchmarks call the target with; nothing where neither are pytest's."""
    limits = BESIDE if project.target_settings(target).inputs else LIMITS
    found: list[bytes] = []
    left_out: list[str] = []
    for run in _runs(tree, project):
        folder = Path(tempfile.mkdtemp(prefix="calls-", dir=scratch))
        try:
            found += _recorded(sandbox, environment, tree, target, run, folder, owner, tools, limits)
            left_out += _dropped(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Recorded(kept(found[:MOST]), tuple(left_out))


def kept(calls: Sequence[bytes]) -> tuple[bytes, ...]:
    """Those that are few enough bytes together to be carried along, in the order they were made."""
    room, chosen = KEPT, set()
    for at in sorted(range(len(calls)), key=lambda at: len(calls[at])):
        room -= len(calls[at])
        if room < 0:
            break
        chosen.add(at)
    return tuple(call for at, call in enumerate(calls) if at in chosen)


def _runs(tree: Path, project: Project) -> Iterator[ModuleRun]:
    """How to run pytest: for the tests, and for benchmarks that are tests of another name."""
    asked = pytest_run(project.tests.command)
    if asked is not None:
        yield replace(asked, arguments=(*asked.arguments, *project.tests.select))
    for name in _BENCHMARKS:
        if any(fnmatch(file.name, pattern) for file in (tree / name).glob("*.py") for pattern in _BENCHMARK_FILES):
            words = ("-o", f"python_files={' '.join(_BENCHMARK_FILES)}", "-o", "python_functions=test_* bench_*", name)
            yield ModuleRun("pytest", words, asked.variables if asked else {})


def _recorded(
    sandbox: Sandbox, environment: Environment, tree: Path, target: Target, run: ModuleRun, folder: Path, owner: str,
    tools: Mount | None, limits: Limits,
) -> list[bytes]:  # fmt: skip
    """What one run of pytest calls the target with."""
    folder.chmod(0o777)  # the sandbox runs as another user
    words = (*run.arguments, *quiet(environment, alone=True))
    argv = (environment.python, "-I", "-B", *run.options, "/probe/capture.py", OUT, target.path, target.name, *words)
    mounts = [*environment.mounts, Mount(PROBE, "/probe"), Mount(tree, WORK), Mount(folder, OUT, writable=True)]
    variables = {**environment.variables, "HOME": "/tmp", **searched(run, environment, roots(tree, target), None)}
    if tools is not None:
        mounts.append(tools)
        variables["HASTEN_TOOLS"] = tools.target
    sandbox.run(Spec(argv, tuple(mounts), WORK, variables, limits=limits, owner=owner))
    return _read(folder)


def _dropped(folder: Path) -> Iterator[str]:
    """Why the recorder kept less than it saw, in words."""
    try:
        told = json.loads(_bytes(folder / "dropped.json") or b"{}")
    except ValueError:
        return
    for said, text in _DROPPED.items():
        count = told.get(said) if isinstance(told, dict) else None
        if isinstance(count, int) and count > 0:
            yield text.format(count=count)
    if isinstance(told, dict) and isinstance(told.get("why"), str):
        yield f"the recorder says {quoted(told['why'])}"


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
