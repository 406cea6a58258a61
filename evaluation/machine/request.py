"""The machine that a project wants its figures from, as its `.hasten.yml` says it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from evaluation.fields import Number, Part, Texts, Whole

BOUNDS = r"^ *(>=|<=|==|!=|>|<) *\d+(\.\d+)*( *, *(>=|<=|==|!=|>|<) *\d+(\.\d+)*)* *$"


def _numbers(value: Any) -> Any:
    return [value] if type(value) is int else value


def _switch(value: Any) -> Any:
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value  # YAML reads on as true


class Isa(Part):
    """Instruction set features, in the words of the kernel's list of CPU flags."""

    level: Literal["x86-64-v1", "x86-64-v2", "x86-64-v3", "x86-64-v4"] | None = None
    require: Texts = ()
    forbid: Texts = ()


class Cpu(Part):
    """Which processor."""

    vendor: str | None = None
    family: Whole | None = None
    model: Annotated[tuple[Annotated[int, Field(strict=True, ge=0)], ...], BeforeValidator(_numbers)] = ()
    name: str | None = None  # a part of it


class Span(Part):
    """From one number to another; either end may be open."""

    min: Number | None = None
    max: Number | None = None


class Cache(Part):
    """Sizes of one cache each."""

    l2_kib: Span = Span()
    l3_mib: Span = Span()


class Container(Part):
    """What may hold the process back."""

    cpu_quota: Literal["any", "none"] = "any"
    cpuset: Literal["any", "pinned"] = "any"


class Speed(Part):
    """How fast a probe should run: near a reference, or at least so fast."""

    ref: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    tol: Annotated[float, Field(gt=0, lt=1)] = 0.2
    min: Number | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> "Speed":
        if self.ref is None and self.min is None:
            raise ValueError("say `ref` (with `tol`) or `min`")
        return self


class Hardware(Part):
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
