"""Small projects of different fields, each with one slow function: what an agent proposes for them is tested and measured.

Each is a folder below `projects`: a module as a hurried colleague would write it, its tests, its inputs, `.hasten.yml`.
None was written for a recipe, and for some of them no recipe is known.
"""

import copy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.agents.contract import Draft, Ended, Task
from bot.agents.recipes import Recipes
from evaluation.project import Project
from evaluation.target import Target

FOLDER = Path(__file__).with_name("projects")
Outcome = tuple[Any, Any]  # what a call gave, and its arguments afterwards


@dataclass(frozen=True)
class Exercise:
    """One project and its slow function."""

    folder: Path
    project: Project = field(compare=False)

    @property
    def name(self) -> str:
        """Of the folder, and of the module."""
        return self.folder.name

    @property
    def target(self) -> Target:
        """The slow function."""
        return Target.parse(str(self.project.targets[0].function))

    @property
    def source(self) -> str:
        """The module as it is."""
        return (self.folder / self.target.path).read_text(encoding="utf-8")

    def proposals(self, drafts: int = 4) -> Ended:
        """What the recipes have to say about it."""
        task = Task(self.target, editable=self.project.paths.editable, drafts=drafts)
        return Recipes().propose(task, self.folder, lambda _: None)

    def after(self, draft: Draft) -> str:
        """The module as a draft would have it."""
        content = draft.files[self.target.path]
        assert content is not None
        return content.decode()

    def tested(self, source: str) -> int:
        """Run the project's tests on this text of the module; how many there were. An AssertionError or any other flies."""
        with _standing_in(self.name, source):
            space = _run((self.folder / f"test_{self.name}.py").read_text(encoding="utf-8"), f"test_{self.name}.py")
            tests = [value for name, value in space.items() if name.startswith("test_")]
            for test in tests:
                test()
        return len(tests)

    def outcomes(self, source: str, seeds: range) -> list[Outcome]:
        """What this text of the module gives for generated inputs of the smallest size."""
        function = _run(source, self.target.path)[self.target.name]
        return [_called(function, *self._inputs(seed)) for seed in seeds]

    def _inputs(self, seed: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
        settings = self.project.targets[0]
        generator = Target.parse(str(settings.inputs))
        sizes = {name: min(values) for name, values in settings.sizes.items()}
        made = _run((self.folder / generator.path).read_text(encoding="utf-8"), generator.path)[generator.name](seed, **sizes)
        assert isinstance(made, tuple)
        return made


def all_of_them() -> list[Exercise]:
    """Every exercise, by name."""
    return [Exercise(place.parent, Project.load(place.parent)) for place in sorted(FOLDER.glob("*/.hasten.yml"))]


def _called(function: Any, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
    given = copy.deepcopy((arguments, dict(options)))
    return function(*given[0], **given[1]), given


def _run(source: str, name: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": name.removesuffix(".py")}
    exec(compile(source, name, "exec"), space)
    return space


@contextmanager
def _standing_in(name: str, source: str) -> Iterator[None]:
    """While this holds, `import name` gives a module with this source."""
    module = ModuleType(name)
    exec(compile(source, f"{name}.py", "exec"), module.__dict__)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before
