"""`.hasten.yml`: what a project says about itself. Everything is optional; what is unknown or wrong is refused, with its line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from evaluation import document
from evaluation.command import objection, pytest_run
from evaluation.fields import (
    Equivalence,
    Number,
    Part,
    Patterns,
    PythonVersion,
    RelativePath,
    SizeName,
    SizeNumber,
    TargetText,
    Texts,
    Version,
    Weights,
    Whole,
)
from evaluation.machine.request import Hardware
from evaluation.policy import Policy
from evaluation.refusals import NAME, BadProject, refused
from evaluation.speed.verdict import CLAIM, WORTH
from evaluation.target import Target


class Environment(Part):
    """How the project's Python environment is made."""

    image: str | None = None
    dockerfile: RelativePath | None = None
    python: PythonVersion = None
    setup: Texts = ()
    build: Texts = ()
    threads: Annotated[int, Field(strict=True, ge=1, le=256)] = 1


class Tests(Part):
    """How the project tests itself."""

    command: str = "python -m pytest -q"
    select: Texts = ()
    needs: Mapping[RelativePath, Annotated[Texts, Field(min_length=1)]] = {}  # a file or test -> instruction sets

    @field_validator("command")
    @classmethod
    def _one_command(cls, command: str) -> str:
        wrong = objection(command)
        if wrong is not None:
            raise ValueError(wrong)
        return command

    @model_validator(mode="after")
    def _names_are_known(self) -> "Tests":
        if self.needs and pytest_run(self.command) is None:
            raise ValueError("`needs` names tests, and only pytest's can be told apart")
        return self


class TargetSettings(Part):
    """What the project says about one function."""

    function: TargetText
    reference: TargetText | None = None
    inputs: TargetText | None = None
    instance: TargetText | None = None
    sizes: Mapping[SizeName, Annotated[tuple[SizeNumber, ...], Field(min_length=1, max_length=16)]] = {}
    equivalence: Equivalence = Policy()

    @model_validator(mode="after")
    def _sizes_are_for_somebody(self) -> "TargetSettings":
        if self.sizes and self.inputs is None and self.instance is None:
            raise ValueError("`sizes` are handed to a generator; name it under `inputs`, or leave them out")
        return self


class Objective(Part):
    """What counts as a gain."""

    score: Literal["weighted", "auc"] | TargetText = "weighted"
    weights: Weights = ()
    claim: Annotated[float, Field(gt=0, lt=10)] = CLAIM  # the lower bound that a win must exceed
    worth: Annotated[float, Field(gt=0, lt=10)] = WORTH  # the effect below which we stop looking
    capacity_s: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None  # how much fits into this time
    memory: Number | None = None  # how much more peak memory a win may cost; None: any, but the report says so


class Search(Part):
    """How candidates are looked for."""

    strategy: Literal["sequential", "parallel", "hybrid", "adaptive"] = "adaptive"
    agents: Texts = ()
    parallel: Annotated[int, Field(strict=True, ge=1, le=64)] = 3
    rounds: Annotated[int, Field(strict=True, ge=1, le=100)] = 4
    trigger: Annotated[str, Field(pattern=r"^(agent|change|every:[1-9]\d{0,3})$")] = "change"
    edit: Literal["auto", "search-replace", "whole-file", "symbol"] = "auto"


class Budget(Part):
    """Limits; they can lower those of the instance, not raise them."""

    minutes: Number | None = None
    usd: Number | None = None
    tokens: Whole | None = None
    calls: Whole | None = None
    evaluations: Whole | None = None  # first looks of the judge; confirmations are not counted


class Paths(Part):
    """Where a candidate may and may not write."""

    editable: Patterns = ("**",)
    fenced: Patterns = ("tests/**", "benchmarks/**", NAME)


class MergeRequests(Part):
    """How the bot's merge requests look."""

    issue: Literal["related", "closes"] = "related"  # what a merge does to the issue that asked for it
    labels: Texts = ("hasten",)
    pictures: bool = True  # GitLab shows a picture to anybody who knows its address, unless the project forbids that


class Project(Part):
    """The whole file. `Project.default()` is what holds for a project that has none."""

    version: Version = 1
    environment: Environment = Environment()
    tests: Tests = Tests()
    targets: tuple[TargetSettings, ...] = ()
    hardware: Hardware = Hardware()
    objective: Objective = Objective()
    search: Search = Search()
    budget: Budget = Budget()
    paths: Paths = Paths()
    schedule: Literal["never", "daily", "weekly", "monthly"] = "never"  # how often merged changes are measured again
    merge_request: MergeRequests = MergeRequests()

    @field_validator("targets")
    @classmethod
    def _each_once(cls, targets: tuple[TargetSettings, ...]) -> tuple[TargetSettings, ...]:
        names = [settings.function for settings in targets]
        twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
        if twice is not None:
            raise ValueError(f"`{twice}` is there twice")
        return targets

    @classmethod
    def default(cls) -> "Project":
        """What holds where nothing is said."""
        return cls()

    @classmethod
    def parse(cls, text: str | bytes) -> "Project":
        """Read the file's text. Raises BadProject with file, line and a suggestion."""
        try:
            found = document.read(text)
        except document.BadDocument as error:
            raise BadProject(error.line, str(error)) from error
        if not isinstance(found.data, dict):
            raise BadProject(1, "keys and values expected, e.g. `version: 1`")
        try:
            return cls.model_validate(found.data)
        except ValidationError as error:
            raise refused(error, found, cls) from error

    @classmethod
    def load(cls, folder: Path) -> "Project":
        """The project in a folder: its `.hasten.yml`, or the default. A link is no file of the project's."""
        path = folder / NAME
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise BadProject(1, "this must be a plain file")
        if not path.exists():
            return cls.default()
        with path.open("rb") as file:
            return cls.parse(file.read(document.SIZE + 1))

    def target_settings(self, target: Target) -> TargetSettings:
        """What the project says about a function; defaults where it says nothing."""
        for settings in self.targets:
            if settings.function == target:
                return settings
        return TargetSettings(function=target)
