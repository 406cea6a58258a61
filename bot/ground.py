"""The ground a run stands on: the project's commits, its files, its settings, its environment. Each found again after a crash."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot import asked
from bot.blobs import Blobs
from bot.ending import Transient, Unanswerable
from bot.iteration import Iteration
from bot.localization import outline
from bot.report import replies
from bot.report.facts import Stage
from bot.turns import turn
from evaluation.project import Project
from evaluation.refusals import BadProject
from evaluation.target import BadTarget, Target
from sandbox import environment as environments
from sandbox.environment import Environment
from sandbox.git import GitError, Repository
from sandbox.indexes import configured
from sandbox.spec import Mount
from sandbox.tier import Sandbox

CONFIG = ".hasten.yml"
_PRIVATE = ("Looking in indexes:", "Looking in links:")  # how pip tells addresses that may be nobody else's business
HEADS = ("+refs/heads/*:refs/heads/*",)
Say = Callable[[str, Stage, str], None]  # (run id, stage, what happens)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a project's commits come from: a URL (or a local checkout's path) and, for GitLab, a token. Never stored."""

    url: str
    token: str | None = None


class Ground:
    """One host's folder of mirrors, workspaces and environments, and the sandbox tier they are used in."""

    def __init__(self, folder: Path, sandbox: Sandbox, *, ca: Path | None = None, python: str | None = None) -> None:
        self.folder, self.sandbox, self._ca, self._python = folder, sandbox, ca, python
        self._built: dict[tuple[str, str, str], Environment] = {}
        self.blobs = Blobs(folder / "blobs")
        self.say: Say = lambda *_: None

    def repository(self, project: str) -> Repository:
        """Our bare mirror of a project."""
        return Repository.open_or_create(self.folder / "repos" / f"{project}.git", ca_bundle=self._ca)

    def fetch(self, iteration: Iteration, origin: Origin, base: str, config: str, *, refs: Sequence[str] = HEADS) -> Iteration:
        """Bring the commits here; `base` and `config` are revisions. Reads `.hasten.yml` from `config`, and from nowhere else."""
        try:
            with turn(self.folder / "repos" / f"{iteration.project}.lock"):  # two of git at once trip over each other's locks
                repository = self.repository(iteration.project)
                repository.fetch(origin.url, token=origin.token, refs=refs)
            sha, text = repository.resolve(base), repository.read(repository.resolve(config), CONFIG)
        except GitError as error:
            raise Transient(str(error)) from error
        return replace(iteration, sha=sha, config=self.blobs.put(text) if text is not None else "")

    def scratch(self) -> Path:
        """A folder for what lives as long as a step."""
        place = self.folder / "scratch"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def tree(self, iteration: Iteration) -> Path:
        """The pristine files of the base commit; made anew if they are gone."""
        place = self.folder / "workspaces" / iteration.project / iteration.sha
        with turn(self.folder / "workspaces.lock"):
            if not place.exists():
                self.repository(iteration.project).export(iteration.sha, place)
        return place

    def project(self, iteration: Iteration) -> Project:
        """The project's settings, under what the command asks. Raises Unanswerable, with file and line, if they are wrong."""
        try:
            said = Project.parse(self.blobs.get(iteration.config)) if iteration.config else Project.default()
            return asked.applied(said, iteration.target, iteration.options)
        except BadProject as error:
            raise Unanswerable(replies.bad_project_file(error)) from error

    def environment(self, iteration: Iteration) -> Environment:
        """The project's environment, built on first use. Raises Unanswerable with the last lines where it does not build."""
        key = (iteration.project, iteration.sha, iteration.config)
        if key not in self._built:
            self.say(iteration.run, Stage.ENVIRONMENT, "Preparing the environment.")
            self._built[key] = self._build(iteration)
        return self._built[key]

    def _build(self, iteration: Iteration) -> Environment:
        tree, project = self.tree(iteration), self.project(iteration)
        try:
            return environments.build(
                self.sandbox,
                source=tree,
                setup=project.environment.setup or environments.default_setup(tree),
                python=project.environment.python or self._python,
                root=self.folder / "envs",
                salt=iteration.project,
                owner=iteration.run,
                on_line=lambda line: None if line.startswith(_PRIVATE) else self.say(iteration.run, Stage.ENVIRONMENT, line),
                indexes=configured(),
            )
        except environments.SetupFailed as error:
            raise Unanswerable(replies.environment_does_not_build(str(error))) from error

    def tools(self, iteration: Iteration) -> Mount | None:
        """pytest beside a project that names it in its test command and does not bring it."""
        if "pytest" not in self.project(iteration).tests.command or "pytest" in self.environment(iteration).versions:
            return None
        return environments.tools(
            self.sandbox,
            root=self.folder / "tools",
            python=self.project(iteration).environment.python or self._python,
            indexes=configured(),
            owner=iteration.run,
        )

    def check_target(self, iteration: Iteration) -> None:
        """Raises Unanswerable, with the nearest names, where the target is no function of the project."""
        path = iteration.target.partition("::")[0]
        if not path.endswith((".py", ".pyx")):
            raise Unanswerable(replies.not_python(path))
        tree = self.tree(iteration)
        if not (tree / path).is_file():
            near = outline.nearest(Target(path, iteration.target.rpartition("::")[2]), tree)
            raise Unanswerable(replies.no_such_file(path, sorted({each.path for each in near})))
        try:
            target = Target.parse(iteration.target)
        except BadTarget as error:
            raise Unanswerable(replies.bad_target(iteration.target, str(error))) from error
        if not outline.exists(target, tree):
            raise Unanswerable(replies.no_such_function(iteration.target, [str(near) for near in outline.nearest(target, tree)]))
        asked.check(self.project(iteration), iteration.target, iteration.options)
