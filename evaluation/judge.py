"""The judge: is a change still right, and is it really faster? The one door through which the rest of the house asks."""

import itertools
import math
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from evaluation import causes, stages, timing
from evaluation.baseline import Baseline
from evaluation.building import BuildFailed, built
from evaluation.correctness import equivalence, strength
from evaluation.correctness.observer import Unloadable
from evaluation.correctness.suite import SuiteResult, failing
from evaluation.guard import guards
from evaluation.inputs import InputsFailed, Source
from evaluation.machine import hardware, needs
from evaluation.project import Project
from evaluation.scorecard import Mutants, Outcome, Scorecard
from evaluation.site import Site
from evaluation.speed.measurement import BaselineFailed
from evaluation.target import Target
from evaluation.watch import Cancelled, Watch
from sandbox.environment import Environment
from sandbox.spec import Mount, SandboxError
from sandbox.tier import Sandbox

__all__ = ["Baseline", "Cancelled", "CannotJudge", "Depth", "Judge"]

MOST_CELLS = 24


class CannotJudge(Exception):
    """Nothing can be said about any candidate here: `code` says what is in the way, the text is for people.

    `inputs`: the project's own functions for inputs and checks don't do what they are asked.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Depth(StrEnum):
    """How much evidence is wanted."""

    QUICK = "quick"  # for a search: no claim comes of it
    CONFIRM = "confirm"  # new processes, new inputs: what is published


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges candidates for one target of one project at one base commit."""

    sandbox: Sandbox
    environment: Environment
    tree: Path  # the pristine base commit
    project: Project
    target: Target
    scratch: Path
    owner: str
    progress: Callable[[str], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    tools: Mount | None = None  # pytest and hypothesis for projects that have none

    def baseline(self) -> Baseline:
        """Run the tests twice and look for inputs, all at the base commit. Raises CannotJudge, Cancelled."""
        with _world(), built(self.site) as (site, _):
            site.watch.step("tests at the base commit, first run")
            first = site.suite(site.tree)
            site.watch.step("tests at the base commit, second run")
            second = site.suite(site.tree)
            _check_suite(first, second)
            if self.project.tests.needs:
                _check_needs(self.project, first)
            site.watch.step("looking for inputs")
            calls = site.calls()
            with site.source(calls) as source:
                found = source.available
                _say_thinned(site, found.sizes)
                _check_reference(site, source)
                mutants = _strength(site, source)
            return Baseline(first, second, found.kind, grid(found.sizes), found.text, mutants, calls)

    def evaluate(
        self, candidate: Path, changed: Mapping[str, bytes | None], baseline: Baseline, *, depth: Depth, seed: int | None = None
    ) -> Scorecard:
        """Judge one candidate's tree, of which `changed` names the files. Raises CannotJudge, Cancelled."""
        start = time.monotonic()
        blank = Scorecard(
            str(self.target),
            Outcome.INCONCLUSIVE,
            (),
            machine=hardware.fingerprint().line(self.environment.versions.get("python", "")),
            versions=self.environment.versions,
            sandbox=self.sandbox.tier,
            seed=secrets.randbits(53) if seed is None else seed,  # JSON numbers keep 53 bits everywhere
            depth=str(depth),
        )
        with _world():
            _check_tree(self.tree, candidate, changed)
            card = stages.judge(self.site, blank, candidate, baseline)
        return replace(card, seconds=round(time.monotonic() - start, 3))

    def race(self, candidates: Mapping[str, Path], baseline: Baseline) -> list[str]:
        """Candidates that passed a first look, fastest first; who leads is then confirmed. Raises CannotJudge, Cancelled."""
        with _world(), built(self.site, *candidates.values()) as (site, trees):
            lanes = dict(zip(candidates, trees, strict=True))
            return timing.raced(site, lanes, baseline, secrets.randbits(53))

    @property
    def site(self) -> Site:
        """All that its stages need."""
        project = needs.reduced(self.project, hardware.fingerprint().flags) if self.project.tests.needs else self.project
        return Site(
            self.sandbox, self.environment, self.tree, project, self.target, self.scratch, self.owner, self.tools,
            Watch(self.progress, self.cancelled),
        )  # fmt: skip


def _say_thinned(site: Site, sizes: Mapping[str, Sequence[int]]) -> None:
    whole = math.prod(map(len, sizes.values()))
    if whole > MOST_CELLS:
        site.watch.step(f"the grid has {whole} sizes: an even selection of {MOST_CELLS} is measured")


def grid(sizes: Mapping[str, Sequence[int]]) -> tuple[Mapping[str, int], ...]:
    """Every combination of the parameters' values; of a very large grid an even selection."""
    names = sorted(sizes)
    cells = [dict(zip(names, values, strict=True)) for values in itertools.product(*(sizes[name] for name in names))]
    if len(cells) > MOST_CELLS:
        cells = [cells[round(at * (len(cells) - 1) / (MOST_CELLS - 1))] for at in range(MOST_CELLS)]
    return tuple(cells)


@contextmanager
def _world() -> Iterator[None]:
    """What is no candidate's fault becomes one named sentence."""
    try:
        yield
    except SandboxError as error:
        raise CannotJudge("sandbox", str(error)) from error
    except InputsFailed as error:
        raise CannotJudge("inputs", str(error)) from error
    except BuildFailed as error:  # it was built for its first look
        raise CannotJudge("sandbox", f"a candidate can no longer be built: {error}") from error
    except BaselineFailed as error:
        raise CannotJudge("baseline.unmeasurable", f"the function can't be measured before any change: {error}") from error


def _check_tree(base: Path, candidate: Path, changed: Mapping[str, bytes | None]) -> None:
    """The tree that is judged must be the base with this change: nothing else may have slipped in."""
    others = {change.path for change in guards.changes(base, candidate)} - set(changed)
    if others:
        raise CannotJudge("candidate.tree", f"its tree also differs from the base in {stages.listed(sorted(others))}")


def _check_suite(first: SuiteResult, second: SuiteResult) -> None:
    for result in (first, second):
        if result.problem is not None:
            raise CannotJudge("baseline.tests", f"before any change, {result.problem}")
    broken = failing(first, second)
    if broken:
        because, helps = causes.why(second.broken, broken), causes.cure(second.broken, broken)
        raise CannotJudge("baseline.tests", f"{stages.named(broken)} before any change{because}; {helps}")


def _check_needs(project: Project, result: SuiteResult) -> None:
    wrong = needs.unmet(project.tests.needs, hardware.fingerprint().flags, result.passed, result.skipped)
    if wrong is not None:
        raise CannotJudge("baseline.tests", f"before any change, {wrong}")


def _strength(site: Site, source: Source) -> Mutants | None:
    """Whether inputs like these would notice mistakes: asked once, for all candidates."""
    if source.available.kind == "none":
        return None
    site.watch.step("breaking the function on purpose, to see whether the inputs notice")
    count = stages.COMPARED["confirm"]
    return strength.measure(site.launcher(), site.tree, source, site.settings.equivalence, seed=1, count=count)


def _check_reference(site: Site, source: Source) -> None:
    """A reference of its own must agree with the function it stands for; a check must accept what the function gives."""
    settings = site.settings
    own = settings.reference not in (None, site.target)
    if not (own or settings.equivalence.check) or source.available.kind == "none":
        return
    site.watch.step(
        "comparing the function with its reference" if own else "asking the project's check about the function itself"
    )
    try:
        finding = equivalence.check(
            site.launcher(), base=site.tree, candidate=site.tree, reference=site.launcher(settings.reference),
            inputs=source, policy=settings.equivalence, seed=1, count=stages.COMPARED["quick"],
        )  # fmt: skip
    except Unloadable as error:
        raise CannotJudge("baseline.reference", f"the function or its reference can't be imported: {error}") from error
    if finding.equivalence.mismatches:
        first = finding.equivalence.mismatches[0]
        if not own:
            shown = "; ".join(filter(None, first.input.splitlines()))
            raise CannotJudge("inputs", f"before any change, {first.text}, on `{shown}`")
        raise CannotJudge("baseline.reference", f"`{site.target}` differs from its reference before any change: {first.text}")
