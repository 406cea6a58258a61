"""`.hasten.yml`: what a project says about itself. Everything is optional; what is unknown or wrong is refused, with its line."""

import difflib
import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from evaluation import document
from evaluation.command import objection, pytest_run
from evaluation.policy import Level, Policy, Relaxation
from evaluation.target import BadTarget, Target

NAME = ".hasten.yml"
_Named = TypeVar("_Named", Level, Relaxation)


class BadProject(ValueError):
    """`.hasten.yml` says something we don't understand; `str(error)` names file, line and what to write instead."""


def _target(value: Any) -> Target:
    if isinstance(value, Target):
        return value
    if not isinstance(value, str):
        raise ValueError("write it as path/to/file.py::function")
    try:
        return Target.parse(value)
    except BadTarget as error:
        raise ValueError(str(error)) from error


def _policy(value: Any) -> Policy:
    if isinstance(value, Policy):
        return value
    if isinstance(value, str):
        return Policy(_choice(value, Level))
    if not isinstance(value, dict) or set(value) not in ({"relax"}, {"check"}):
        raise ValueError("write `strict`, `numeric`, `{relax: [...]}` or `{check: path/to/file.py::function}`")
    if "check" in value:
        return Policy(check=str(_target(value["check"])))
    if not isinstance(value["relax"], list):
        raise ValueError("`relax` is a list, e.g. `{relax: [row-order]}`")
    return Policy(relaxed=frozenset(_choice(item, Relaxation) for item in value["relax"]))


def _choice(value: Any, kind: type[_Named]) -> _Named:
    names = [str(item) for item in kind]
    if value in names:
        return kind(value)
    raise ValueError(f"`{value}` is not known{_advice(str(value), names)}")


def _weight(size: str) -> Mapping[str, int]:
    pairs = [part.partition("=") for part in size.replace(" ", "").split(",")]
    if not all(name.isidentifier() and number.isdigit() for name, _, number in pairs):
        raise ValueError(f"`{size}` is no size; write it as `rows=100000` or `rows=1000,features=4`")
    return {name: int(number) for name, _, number in pairs}


def _weights(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if not all(type(item) in (int, float) and item >= 0 for item in value.values()):
        raise ValueError("a weight is a number, e.g. `{rows=100000: 3}`")
    return [Weight(size=_weight(key), weight=item) for key, item in value.items()]


def _path(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/") or not value:
        raise ValueError(f"`{value}` leaves the project; write the path relative to the repository's root")
    return value


def _text(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError(f'put the version in quotes, `"{value}"`: without them YAML reads 3.10 as 3.1')
    return value


def _version(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value  # to Python, true is 1


def _parameter(value: str) -> str:
    if value == "seed":
        raise ValueError("`seed` is no size: each input gets a seed of its own")
    if not value.isidentifier() or keyword.iskeyword(value):
        raise ValueError(f"`{value}` is no name of a parameter")
    return value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _numbers(value: Any) -> Any:
    return [value] if type(value) is int else value


def _switch(value: Any) -> Any:
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value  # YAML reads on as true


BOUNDS = r"^ *(>=|<=|==|!=|>|<) *\d+(\.\d+)*( *, *(>=|<=|==|!=|>|<) *\d+(\.\d+)*)* *$"
TargetText = Annotated[Target, BeforeValidator(_target)]
RelativePath = Annotated[str, AfterValidator(_path)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
Patterns = Annotated[tuple[RelativePath, ...], BeforeValidator(_several)]
Whole = Annotated[int, Field(strict=True, ge=1)]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
SizeName = Annotated[str, AfterValidator(_parameter)]
SizeNumber = Annotated[int, Field(strict=True, ge=1, le=10**12)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Environment(_Part):
    """How the project's Python environment is made."""

    image: str | None = None
    dockerfile: RelativePath | None = None
    python: Annotated[str | None, BeforeValidator(_text), Field(pattern=r"^3\.\d{1,2}(\.\d{1,2})?$")] = None
    setup: Texts = ()
    build: Texts = ()
    threads: Annotated[int, Field(strict=True, ge=1, le=256)] = 1


class Tests(_Part):
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


class TargetSettings(_Part):
    """What the project says about one function."""

    function: TargetText
    reference: TargetText | None = None
    inputs: TargetText | None = None
    instance: TargetText | None = None
    sizes: Mapping[SizeName, Annotated[tuple[SizeNumber, ...], Field(min_length=1, max_length=16)]] = {}
    equivalence: Annotated[Policy, BeforeValidator(_policy)] = Policy()

    @model_validator(mode="after")
    def _sizes_are_for_somebody(self) -> "TargetSettings":
        if self.sizes and self.inputs is None and self.instance is None:
            raise ValueError("`sizes` are handed to a generator; name it under `inputs`, or leave them out")
        return self


class Isa(_Part):
    """Instruction set features, in the words of the kernel's list of CPU flags."""

    level: Literal["x86-64-v1", "x86-64-v2", "x86-64-v3", "x86-64-v4"] | None = None
    require: Texts = ()
    forbid: Texts = ()


class Cpu(_Part):
    """Which processor."""

    vendor: str | None = None
    family: Whole | None = None
    model: Annotated[tuple[Annotated[int, Field(strict=True, ge=0)], ...], BeforeValidator(_numbers)] = ()
    name: str | None = None  # a part of it


class Span(_Part):
    """From one number to another; either end may be open."""

    min: Number | None = None
    max: Number | None = None


class Cache(_Part):
    """Sizes of one cache each."""

    l2_kib: Span = Span()
    l3_mib: Span = Span()


class Container(_Part):
    """What may hold the process back."""

    cpu_quota: Literal["any", "none"] = "any"
    cpuset: Literal["any", "pinned"] = "any"


class Speed(_Part):
    """How fast a probe should run: near a reference, or at least so fast."""

    ref: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    tol: Annotated[float, Field(gt=0, lt=1)] = 0.2
    min: Number | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> "Speed":
        if self.ref is None and self.min is None:
            raise ValueError("say `ref` (with `tol`) or `min`")
        return self


class Hardware(_Part):
    """The machine that the project wants its figures from."""

    name: str | None = None
    arch: str | None = None
    isa: Isa = Isa()
    cpu: Cpu = Cpu()
    cores: Span = Span()
    smt: Annotated[Literal["any", "on", "off"], BeforeValidator(_switch)] = "any"
    cache: Cache = Cache()
    memory_gib: Span = Span()
    runtime: Mapping[str, Annotated[str, Field(pattern=BOUNDS)]] = {}
    container: Container = Container()
    probe: Mapping[Literal["int_loop", "dict", "sort", "copy", "strided"], Speed] = {}
    on_mismatch: Literal["refuse", "relabel", "warn"] = "relabel"


@dataclass(frozen=True, slots=True)
class Weight:
    """How much cells of one size count."""

    size: Mapping[str, int]
    weight: float


class Objective(_Part):
    """What counts as a gain."""

    score: Literal["weighted", "auc"] | TargetText = "weighted"
    weights: Annotated[tuple[Weight, ...], BeforeValidator(_weights)] = ()
    claim: Annotated[float, Field(gt=0, lt=10)] = 0.03  # the lower bound that a win must exceed
    worth: Annotated[float, Field(gt=0, lt=10)] = 0.05  # the effect below which we stop looking
    capacity_s: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None  # how much fits into this time
    memory: Number | None = None  # how much more peak memory a win may cost; None: any, but the report says so


class Search(_Part):
    """How candidates are looked for."""

    strategy: Literal["sequential", "parallel", "hybrid", "adaptive"] = "adaptive"
    agents: Texts = ()
    parallel: Annotated[int, Field(strict=True, ge=1, le=64)] = 3
    rounds: Annotated[int, Field(strict=True, ge=1, le=100)] = 4
    trigger: Annotated[str, Field(pattern=r"^(agent|change|every:[1-9]\d{0,3})$")] = "change"
    edit: Literal["auto", "search-replace", "whole-file", "symbol"] = "auto"


class Budget(_Part):
    """Limits; they can lower those of the instance, not raise them."""

    minutes: Number | None = None
    usd: Number | None = None
    tokens: Whole | None = None
    calls: Whole | None = None
    evaluations: Whole | None = None  # first looks of the judge; confirmations are not counted


class Paths(_Part):
    """Where a candidate may and may not write."""

    editable: Patterns = ("**",)
    fenced: Patterns = ("tests/**", "benchmarks/**", NAME)


class MergeRequests(_Part):
    """How the bot's merge requests look."""

    issue: Literal["related", "closes"] = "related"  # what a merge does to the issue that asked for it
    labels: Texts = ("hasten",)
    pictures: bool = True  # GitLab shows a picture to anybody who knows its address, unless the project forbids that


class Project(_Part):
    """The whole file. `Project.default()` is what holds for a project that has none."""

    version: Annotated[Literal[1], BeforeValidator(_version)] = 1
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
    def parse(cls, text: str | bytes, name: str = NAME) -> "Project":
        """Read the file's text. Raises BadProject with file, line and a suggestion."""
        try:
            found = document.read(text)
        except document.BadDocument as error:
            raise BadProject(f"{name}, line {error.line}: {error}") from error
        if not isinstance(found.data, dict):
            raise BadProject(f"{name}, line 1: keys and values expected, e.g. `version: 1`")
        try:
            return cls.model_validate(found.data)
        except ValidationError as error:
            raise BadProject(_sentence(error, found, name)) from error

    @classmethod
    def load(cls, folder: Path) -> "Project":
        """The project in a folder: its `.hasten.yml`, or the default. A link is no file of the project's."""
        path = folder / NAME
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise BadProject(f"{NAME}, line 1: this must be a plain file")
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


def _sentence(error: ValidationError, found: document.Document, name: str) -> str:
    """One line for the first thing that is wrong."""
    first = min(error.errors(), key=lambda item: found.line(item["loc"]))
    path = (
        tuple(part for part in first["loc"] if (*first["loc"][: first["loc"].index(part)], part) in found.lines) or first["loc"]
    )
    key = ".".join(str(part) for part in path)
    line = found.line(first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{name}, line {line}: unknown key `{key}`{_advice(str(path[-1]), _keys(path[:-1]))}"
    if first["type"] == "literal_error":
        wanted = first["ctx"]["expected"].replace("'", "`")
        return f"{name}, line {line}: `{key}` is `{first['input']}`; write {wanted}{_meant(str(first['input']), wanted)}"
    if first["type"] == "missing":
        return f"{name}, line {line}: `{key}` needs `{first['loc'][-1]}`"
    return f"{name}, line {line}: `{key}`: {_plain(first)}"


def _plain(error: Any) -> str:
    """What is wrong, in words for people who write YAML rather than Python."""
    if error["type"] == "string_pattern_mismatch":
        if "every" in error["msg"]:
            return f"`{error['input']}` is none of `agent`, `change`, `every:3`"
        return "write it as `>=3.11,<3.14`" if ">=" in error["msg"] else "write it as `3.12`"
    text = str(error["msg"]).removeprefix("Value error, ").replace("valid dictionary or instance of", "group of keys, as for")
    text = text.replace("valid tuple", "list").replace("valid integer", "whole number").replace("valid string", "text")
    return text[:1].lower() + text[1:] if text[:1] != "`" else text


def _meant(word: str, wanted: str) -> str:
    close = difflib.get_close_matches(word, wanted.replace("`", "").replace(" or ", ", ").split(", "), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _advice(word: str, words: list[str]) -> str:
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return (
        f"; did you mean `{close[0]}`?" if close else f"; known are {', '.join(f'`{item}`' for item in words)}" if words else ""
    )


def _keys(path: tuple[Any, ...]) -> list[str]:
    """The keys that are known at a place in the file."""
    model: Any = Project
    for part in path:
        if isinstance(part, str):
            model = model.model_fields[part].annotation
        model = TargetSettings if model == tuple[TargetSettings, ...] else model
    return list(getattr(model, "model_fields", {}))
