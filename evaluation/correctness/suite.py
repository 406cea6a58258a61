"""The project's own tests, run in a sandbox: twice at the base commit; for a candidate, with the base's tests laid over it."""

import os
import secrets
import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation.capture import pytest_arguments
from evaluation.correctness import junit
from evaluation.fence import overlaid
from evaluation.project import Project
from evaluation.scorecard import Tests
from sandbox.environment import WORK, Environment
from sandbox.spec import Limits, Mount, Result, Spec
from sandbox.tier import Sandbox

NONE_COLLECTED = 5  # pytest's exit code
TAIL = 4000  # characters of output kept
WHOLE = "the test command"  # the one test of a command that tells us no names
LIMITS = Limits(seconds=300)
_OUTSIDE = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS"})


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How the tests ended. `collected` counts all that were reported, skipped ones too."""

    passed: frozenset[str] = frozenset()
    failed: Mapping[str, str] = field(default_factory=dict)  # name -> what was said
    errors: Mapping[str, str] = field(default_factory=dict)  # names of tests, or of files that could not be collected
    collected: int = 0
    exit: int | None = None
    seconds: float = 0.0
    tail: str = ""
    skipped: frozenset[str] = frozenset()
    problem: str | None = None  # why there is no proper result: time-out, memory, no report, a report that is none

    @property
    def broken(self) -> Mapping[str, str]:
        """Everything that did not end well."""
        return {**self.errors, **self.failed}


def run(
    sandbox: Sandbox, *, environment: Environment, tree: Path, project: Project, scratch: Path, owner: str,
    base: Path | None = None, tools: Mount | None = None, limits: Limits = LIMITS,
) -> SuiteResult:  # fmt: skip
    """Run the project's test command on a tree; `base` is the commit whose fenced files are laid over a candidate's tree."""
    folder = Path(tempfile.mkdtemp(prefix="tests-", dir=scratch))
    try:
        folder.chmod(0o755)
        source = tree if base is None else overlaid(tree, base, project, folder / "tree")
        (folder / "out").mkdir()
        (folder / "out").chmod(0o777)  # the sandbox runs as another user
        out = f"/results-{secrets.token_hex(8)}"  # a name that nobody can know beforehand
        report = f"{out}/{secrets.token_hex(8)}.xml"
        argv = _argv(environment, project, report)
        mounts = [*environment.mounts, Mount(source, WORK), Mount(folder / "out", out, writable=True)]
        mounts += [tools] if tools is not None else []
        result = sandbox.run(Spec(argv, tuple(mounts), WORK, _variables(environment, tools), limits=limits, owner=owner))
        return _result(result, folder / "out" / Path(report).name, pytest_arguments(project.tests.command) is not None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def against(first: SuiteResult, second: SuiteResult, candidate: SuiteResult) -> Tests:
    """The candidate's tests against two runs of the base commit: what those two disagree about is flaky and says nothing."""
    flaky = (first.passed ^ second.passed) | (set(first.broken) ^ set(second.broken))
    steady = (first.passed & second.passed) - flaky
    failed = tuple(sorted(steady & set(candidate.broken)))
    missing = tuple(sorted(steady - candidate.passed - set(candidate.broken)))
    new = tuple(sorted(set(candidate.errors) - set(first.broken) - set(second.broken) - steady - flaky))
    return Tests(len(steady & candidate.passed), failed + new, tuple(sorted(flaky)), missing)


def failing(first: SuiteResult, second: SuiteResult) -> tuple[str, ...]:
    """Tests that fail before any change, for the one sentence that says so."""
    return tuple(sorted(set(first.broken) & set(second.broken)))


def _argv(environment: Environment, project: Project, report: str) -> tuple[str, ...]:
    arguments = pytest_arguments(project.tests.command)
    if arguments is None:
        selected = map(shlex.quote, project.tests.select)
        return ("/bin/sh", "-c", " ".join([_with_python(project.tests.command, environment), *selected]))
    words = (*arguments, *project.tests.select, "-p", "no:cacheprovider", f"--junit-xml={report}", "-o", "junit_family=xunit1")
    return (environment.python, "-B", "-m", "pytest", *words)


def _with_python(command: str, environment: Environment) -> str:
    """The command with the environment's interpreter where it says `python`."""
    words: Sequence[str] = command.split(" ")
    return " ".join(shlex.quote(environment.python) if word in ("python", "python3") else word for word in words)


def _variables(environment: Environment, tools: Mount | None) -> dict[str, str]:
    variables = {name: value for name, value in environment.variables.items() if name not in _OUTSIDE}
    paths = [variables[name] for name in ("PYTHONPATH",) if variables.get(name)] + ([tools.target] if tools else [])
    extra = {"PYTHONPATH": ":".join(paths)} if paths else {}
    return {**variables, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1", **extra}


def _result(result: Result, report: Path, named: bool) -> SuiteResult:
    output = (result.stdout[-TAIL:] + b"\n" + result.stderr[-TAIL:]).decode("utf-8", "replace").strip()[-TAIL:]
    plain = SuiteResult(exit=result.exit, seconds=result.usage.wall_s, tail=output)
    if result.timed_out or result.oom:
        return replace(plain, problem="the tests ran out of " + ("memory" if result.oom else "time"))
    if not named:
        passed = frozenset({WHOLE}) if result.ok else frozenset()
        return replace(plain, passed=passed, failed={} if result.ok else {WHOLE: output[-500:]}, collected=1)
    if result.exit == NONE_COLLECTED:
        return plain
    try:
        return _told(plain, junit.read(_bytes(report)))
    except OSError:
        return replace(plain, problem=f"the tests left no report: {output.splitlines()[-1][:200] if output else 'no output'}")
    except junit.BadReport as error:
        return replace(plain, problem=str(error))


def _told(plain: SuiteResult, cases: Sequence[junit.Case]) -> SuiteResult:
    """The cases by how they ended; a name that ended in two ways ended badly."""
    failed = {case.name: case.text for case in cases if case.outcome == "failed"}
    errors = {case.name: case.text for case in cases if case.outcome == "error"}
    passed = frozenset(case.name for case in cases if case.outcome == "passed") - set(failed) - set(errors)
    skipped = frozenset(case.name for case in cases if case.outcome == "skipped")
    collected = len({case.name for case in cases})
    return replace(plain, passed=passed, failed=failed, errors=errors, skipped=skipped, collected=collected)


def _bytes(path: Path) -> bytes:
    """A report's bytes: a plain file, no link to one."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(junit.SIZE + 1)
