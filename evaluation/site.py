"""Where a judge works: one target of one project at one base commit, in one kind of sandbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation.capture import Recorded, recorded
from evaluation.correctness import suite
from evaluation.inputs import Source
from evaluation.project import Project, TargetSettings
from evaluation.speed.referee import Launcher
from evaluation.target import Target
from evaluation.variables import with_threads
from evaluation.watch import Watch
from sandbox.environment import Environment
from sandbox.spec import Limits, Mount
from sandbox.tier import Sandbox

LIMITS = Limits(seconds=3600, memory_mib=4096)  # of one worker on a crowded host; how long one sample may take is much less


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
    copies: Mapping[Path, Sequence[Path]] = field(default_factory=dict)  # of trees with compiled modules, for `Launcher`

    @property
    def settings(self) -> TargetSettings:
        """What the project says about the target."""
        return self.project.target_settings(self.target)

    @property
    def limited(self) -> Environment:
        """The environment as processes see it that run the project's code."""
        return with_threads(self.environment, self.project.environment.threads)

    def launcher(self, target: Target | None = None) -> Launcher:
        """Where workers for the target (or another function, its reference) are started."""
        one_core = self.project.environment.threads == 1
        return Launcher(
            self.sandbox, self.limited, target or self.target, self.scratch, self.owner, LIMITS, one_core=one_core,
            copies=self.copies,
        )  # fmt: skip

    def calls(self) -> Recorded:
        """What the project's tests and benchmarks call the target with at the base commit: runs them once more."""
        return recorded(self.sandbox, self.limited, self.tree, self.target, self.project, self.scratch, self.owner, self.tools)

    def source(self, captured: Recorded | None = None) -> Source:
        """The process that makes inputs, base commit only; of `captured` calls, too, where they are there."""
        return Source(
            self.sandbox, self.limited, self.tree, self.target, self.project, self.scratch, self.owner, tools=self.tools,
            captured=captured,
        )  # fmt: skip

    def suite(self, tree: Path, base: Path | None = None, seconds: float = suite.LIMITS.seconds) -> suite.SuiteResult:
        """The project's own tests on a tree, with the fenced files of `base` laid over it."""
        limits = replace(suite.LIMITS, seconds=min(seconds, suite.LIMITS.seconds))
        return suite.run(
            self.sandbox, environment=self.limited, tree=tree, project=self.project, scratch=self.scratch, owner=self.owner,
            base=base, tools=self.tools, limits=limits, target=self.target,
        )  # fmt: skip
