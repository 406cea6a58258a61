"""The project's own tests, run in a sandbox: twice at the base commit; for a candidate, with the base's tests laid over it."""

import os
import secrets
import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation import causes
from evaluation.channel import PROBE
from evaluation.command import ModuleRun, pytest_run
from evaluation.correctness import junit
from evaluation.fence import overlaid
from evaluation.project import Project
from evaluation.scorecard import Tests
from evaluation.target import Target
from evaluation.variables import quiet, roots, searched
from sandbox.environment import WORK, Environment
from sandbox.spec import Limits, Mount, Result, Spec
from sandbox.tier import Sandbox

NONE_COLLECTED = 5  # pytest's exit code
TAIL = 4000  # characters of output kept
WHOLE = "the test command"  # the one test of a command that tells us no names
LIMITS = Limits(seconds=300)
OUT_OF_TIME, OUT_OF_MEMORY = "the tests ran out of time", "the tests ran out of memory"
_WATCHER = "/hasten/hasten_where.py"  # where the plugin lies that tells where tests have the target from
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
    base: Path | None = None, tools: Mount | None = None, limits: Limits = LIMITS, target: Target | None = None,
) -> SuiteResult:  # fmt: skip
    """Run the project's test command on a tree; `base` is the commit whose fenced files are laid over a candidate's tree.

    At the base commit, tests that have the `target` from an installed copy are a problem: no candidate would ever be run.
    """
    folder = Path(tempfile.mkdtemp(prefix="tests-", dir=scratch))
    try:
        folder.chmod(0o755)
        source = tree if base is None else overlaid(tree, base, project, folder / "tree")
        (folder / "out").mkdir()
        (folder / "out").chmod(0o777)  # the sandbox runs as another user
        out = f"/results-{secrets.token_hex(8)}"  # a name that nobody can know beforehand
        report = f"{out}/{secrets.token_hex(8)}.xml"
        asked = pytest_run(project.tests.command)
        variables = _variables(environment, asked, roots(base or tree, target), tools)
        mounts = [*environment.mounts, Mount(source, WORK), Mount(folder / "out", out, writable=True)]
        mounts += [tools] if tools is not None else []
        if watched := asked is not None and base is None and target is not None:
            mounts.append(Mount(PROBE / "where.py", _WATCHER))
            variables = _watching(variables, f"{WORK}/{target.path}" if target else "", out)
        argv = _argv(environment, project, report, watched)
        result = sandbox.run(Spec(argv, tuple(mounts), WORK, variables, limits=limits, owner=owner))
        found = _result(result, folder / "out" / Path(report).name, asked is not None)
        copy = _copy(folder / "out") if watched else None
        return replace(found, problem=copy) if copy and found.problem is None else found
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


def doubted(tests: Tests, again: Tests, base: SuiteResult, before: Set[str]) -> Tests:
    """What still counts when the candidate (`again`) and the base commit have run once more.

    What passed `before` must end badly again and pass again without the change; what was no test before, not fail without it.
    What the base commit passes each time and the candidate not is told as unsteady; what fails without the change is flaky.
    """
    bad, once_more = {*tests.failed, *tests.missing}, {*again.failed, *again.missing}
    theirs = {name for name in bad | once_more if (name in base.passed if name in before else name not in base.broken)}
    sure = bad & once_more & theirs
    return replace(
        tests,
        failed=tuple(name for name in tests.failed if name in sure),
        missing=tuple(name for name in tests.missing if name in sure),
        flaky=tuple(sorted({*tests.flaky, *(bad - theirs)})),
        unsteady=tuple(sorted(theirs - sure)),
    )


def failing(first: SuiteResult, second: SuiteResult) -> tuple[str, ...]:
    """Tests that fail before any change, for the one sentence that says so."""
    return tuple(sorted(set(first.broken) & set(second.broken)))


def _argv(environment: Environment, project: Project, report: str, watched: bool = False) -> tuple[str, ...]:
    asked = pytest_run(project.tests.command)
    if asked is None:
        selected = map(shlex.quote, project.tests.select)
        return ("/bin/sh", "-c", " ".join([_with_python(project.tests.command, environment), *selected]))
    words = (*asked.arguments, *project.tests.select, *quiet(environment), f"--junit-xml={report}", "-o", "junit_family=xunit1")
    watcher = ("-p", Path(_WATCHER).stem) if watched else ()
    return (environment.python, "-B", *asked.options, "-m", "pytest", *words, *watcher)


def _with_python(command: str, environment: Environment) -> str:
    """The command with the environment's interpreter where it says `python`."""
    words: Sequence[str] = command.split(" ")
    return " ".join(shlex.quote(environment.python) if word in ("python", "python3") else word for word in words)


def _variables(environment: Environment, asked: ModuleRun | None, places: Sequence[str], tools: Mount | None) -> dict[str, str]:
    variables = {name: value for name, value in environment.variables.items() if name not in _OUTSIDE}
    return {**variables, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1", **searched(asked, environment, places, tools)}


def _watching(variables: Mapping[str, str], file: str, out: str) -> dict[str, str]:
    paths = ":".join([variables["PYTHONPATH"], str(Path(_WATCHER).parent)])
    return {**variables, "HASTEN_TARGET": file, "HASTEN_WHERE": out, "PYTHONPATH": paths}


def _copy(out: Path) -> str | None:
    """What is wrong where tests had the target from an installed copy."""
    for told in sorted(out.glob("*.where"))[:9]:
        try:
            said = _bytes(told)[:500]
        except OSError:  # a folder or a link that a test has put there
            continue
        place = causes.quoted(said.decode("utf-8", "replace"))
        return (
            f"the tests import the function from {place}, an installed copy, so a change would never be tested: "
            "install the project as editable (`pip install -e .`) under `environment.setup`"
        )
    return None


def _result(result: Result, report: Path, named: bool) -> SuiteResult:
    output = (result.stdout[-TAIL:] + b"\n" + result.stderr[-TAIL:]).decode("utf-8", "replace").strip()[-TAIL:]
    plain = SuiteResult(exit=result.exit, seconds=result.usage.wall_s, tail=output)
    if result.timed_out or result.oom:
        return replace(plain, problem=OUT_OF_MEMORY if result.oom else OUT_OF_TIME)
    if not named:
        passed = frozenset({WHOLE}) if result.ok else frozenset()
        return replace(plain, passed=passed, failed={} if result.ok else {WHOLE: causes.telling(output)}, collected=1)
    if result.exit == NONE_COLLECTED:
        return plain
    try:
        return _told(plain, junit.read(_bytes(report)))
    except OSError:
        return replace(plain, problem=f"the tests left no report: {_last_words(output)}")
    except junit.BadReport as error:
        return replace(plain, problem=str(error))


def _last_words(output: str) -> str:
    """The line that says most, and what helps."""
    line = causes.telling(output)
    helps = causes.remedy(line)
    return causes.quoted(line) + (f"; {helps}" if helps else "")


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
