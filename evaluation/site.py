"""Where a judge works: one target of one project at one base commit, in one kind of sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.correctness import suite
from evaluation.inputs import Source
from evaluation.project import Project, TargetSettings
from evaluation.speed.referee import Bench
from evaluation.target import Target
from evaluation.watch import Watch
from sandbox.environment import Environment
from sandbox.spec import Limits, Mount
from sandbox.tier import Sandbox

LIMITS = Limits(seconds=3600, memory_mib=4096)  # of one worker on a crowded host; how long one sample may take is much less
_THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS", "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """All that every stage of judging needs."""

    sandbox: Sandbox
    environment: Environment
    tree: Path  # the pristine base commit
    project: Project
    target: Target
    scratch: Path
    owner: str
    tools: Mount | None = None  # pytest and hypothesis for projects that have none
    watch: Watch = Watch()

    @property
    def settings(self) -> TargetSettings:
        """What the project says about the target."""
        return self.project.target_settings(self.target)

    def bench(self, target: Target | None = None) -> Bench:
        """Where workers for the target (or another function, its reference) are started."""
        threads = self.project.environment.threads
        variables: Mapping[str, str] = dict.fromkeys(_THREADS, str(threads))
        return Bench(
            self.sandbox,
            self.environment,
            target or self.target,
            self.scratch,
            self.owner,
            LIMITS,
            variables,
            one_core=threads == 1,
        )

    def source(self) -> Source:
        """The process that makes inputs, base commit only."""
        return Source(
            self.sandbox, self.environment, self.tree, self.target, self.project, self.scratch, self.owner, tools=self.tools
        )

    def suite(self, tree: Path, base: Path | None = None, seconds: float = suite.LIMITS.seconds) -> suite.SuiteResult:
        """The project's own tests on a tree, with the fenced files of `base` laid over it."""
        limits = replace(suite.LIMITS, seconds=min(seconds, suite.LIMITS.seconds))
        return suite.run(
            self.sandbox, environment=self.environment, tree=tree, project=self.project, scratch=self.scratch, owner=self.owner,
            base=base, tools=self.tools, limits=limits,
        )  # fmt: skip
