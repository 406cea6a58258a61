"""What may stand behind a key of `.hasten.yml`: types that read it, and say what to write instead."""

import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from evaluation.policy import Level, Policy, Relaxation
from evaluation.refusals import advice
from evaluation.target import BadTarget, Target

_Named = TypeVar("_Named", Level, Relaxation)


class Part(BaseModel):
    """Some keys that belong together; unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much cells of one size count."""

    size: Mapping[str, int]
    weight: float


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
    raise ValueError(f"`{value}` is not known{advice(str(value), names)}")


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


TargetText = Annotated[Target, BeforeValidator(_target)]
RelativePath = Annotated[str, AfterValidator(_path)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
Patterns = Annotated[tuple[RelativePath, ...], BeforeValidator(_several)]
Whole = Annotated[int, Field(strict=True, ge=1)]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
SizeName = Annotated[str, AfterValidator(_parameter)]
SizeNumber = Annotated[int, Field(strict=True, ge=1, le=10**12)]
Version = Annotated[Literal[1], BeforeValidator(_version)]
PythonVersion = Annotated[str | None, BeforeValidator(_text), Field(pattern=r"^3\.\d{1,2}(\.\d{1,2})?$")]
Equivalence = Annotated[Policy, BeforeValidator(_policy)]
Weights = Annotated[tuple[Weight, ...], BeforeValidator(_weights)]
