"""Profiles taken in a sandbox: of a target on given inputs, or of a project's test run."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.localization import benchmarks
from bot.localization import profile as profiles
from bot.localization.profile import Profile, Unprofiled
from evaluation import command as commands
from evaluation import variables as surroundings
from evaluation.command import ModuleRun
from evaluation.probe.loading import locate
from evaluation.target import Target
from sandbox.environment import WORK, Environment
from sandbox.spec import Limits, Mount, Result, Spec
from sandbox.tier import Sandbox

PROBE = "/probe"
SECONDS = 2.0  # of profiled calls
_ROOM = Limits(seconds=120.0, output_bytes=profiles.MOST_BYTES)


def profile(
    sandbox: Sandbox, environment: Environment, tree: Path, target: Target, inputs: Sequence[bytes],
    *, timed: Sequence[bytes] = (), seconds: float = SECONDS, limits: Limits = _ROOM, owner: str = "hasten",
) -> Profile:  # fmt: skip
    """Watch `target` on `inputs` (pickles of (args, kwargs), opaque to us); `timed` are others to be timed. Raises Unprofiled."""
    if not inputs:
        raise Unprofiled(f"there are no inputs to profile `{target}` on")
    folder, module = locate(str(tree), target.path)
    roots = dict.fromkeys([WORK, f"{WORK}/src", _inside(folder, tree)])
    words = {"mode": "target", "module": module, "name": target.name}
    request = {**words, "roots": list(roots), "seconds": seconds, "timed": len(timed)}
    return _watch(sandbox, environment, tree, request, [*inputs, *timed], limits=limits, owner=owner, variables={})


def profile_tests(
    sandbox: Sandbox, environment: Environment, tree: Path, command: str,
    *, tools: Mount | None = None, limits: Limits = _ROOM, owner: str = "hasten",
) -> Profile:  # fmt: skip
    """Watch the project's test run. Raises Unprofiled, also for a command that is no Python module.

    `tools` is where pytest lies for a project that has none.
    """
    run = module_run(command)
    roots = [*surroundings.roots(tree, None), *([tools.target] if tools else [])]
    request = {"mode": "tests", "module": run.module, "arguments": list(run.arguments), "roots": roots}
    beside = replace(environment, mounts=(*environment.mounts, tools)) if tools else environment
    variables = {"PYTEST_ADDOPTS": shlex.join(_options(environment)), **run.variables}
    return _watch(sandbox, beside, tree, request, (), limits=limits, owner=owner, variables=variables)


def _options(environment: Environment) -> tuple[str, ...]:
    """What pytest is told besides: not to measure, either, which puts profilers off."""
    untimed = ("--benchmark-disable",) if benchmarks.PLUGIN in environment.versions else ()
    return (*surroundings.quiet(environment, alone=True), *untimed)


def module_run(command: str) -> ModuleRun:
    """What a test command runs in Python. Raises Unprofiled for a command that is no module."""
    run = commands.module_run(command)
    if run is None:
        cure = "write it as `python -m pytest ...` to have it profiled"
        raise Unprofiled(f"the test command `{command}` is no Python module; {cure}")
    return run


def _watch(
    sandbox: Sandbox, environment: Environment, tree: Path, request: Mapping[str, Any], inputs: Sequence[bytes],
    *, limits: Limits, owner: str, variables: Mapping[str, str],
) -> Profile:  # fmt: skip
    line = json.dumps({**request, "tree": WORK, "sizes": [len(blob) for blob in inputs]}).encode()
    mounts = (Mount(tree, WORK), Mount(Path(__file__).parent / "probe", PROBE))
    spec = Spec(
        argv=(environment.python, "-B", f"{PROBE}/watch.py"),
        mounts=(*environment.mounts, *mounts),
        workdir=WORK,
        environment={**environment.variables, "PYTHONDONTWRITEBYTECODE": "1", **variables},
        stdin=b"".join([line, b"\n", *inputs]),
        limits=limits,
        owner=owner,
    )
    return _read(sandbox.run(spec), limits)


def _read(result: Result, limits: Limits) -> Profile:
    if result.timed_out:
        raise Unprofiled(f"the profile was not done within {limits.seconds:.0f} s")
    if result.oom:
        raise Unprofiled(f"the profile needed more than {limits.memory_mib} MiB")
    if not result.ok or not result.stdout:
        raise Unprofiled(f"the profiled code ended the process (exit code {result.exit})")
    return profiles.read(result.stdout)


def _inside(folder: str, tree: Path) -> str:
    """The place within the sandbox of a folder of the tree."""
    below = Path(folder).relative_to(tree)
    return WORK if below == Path() else f"{WORK}/{below.as_posix()}"
