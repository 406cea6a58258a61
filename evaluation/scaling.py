"""What a grid of sizes tells beyond its single cells, as values: trend, crossover, capacity. Never more than was measured."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Trend:
    """The ratio grows as size^exponent over the sizes measured; an interval around 0 says that none was seen."""

    exponent: float
    low: float
    high: float
    level: float

    @property
    def direction(self) -> int:
        """1: the gain grows with the size, -1: it shrinks, 0: neither is proven."""
        return (self.low > 0) - (self.high < 0)


@dataclass(frozen=True, slots=True)
class Crossover:
    """Where the faster side changes: about at `size`, for sure between the last clear size below and the first above."""

    size: float
    below: int
    above: int
    faster_above: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """How large an input each side manages within `seconds`."""

    seconds: float
    baseline: float
    candidate: float
    extrapolated: bool  # one of them lies beyond the largest size measured
    at_least: bool  # the candidate's lies beyond all that we dare to extrapolate


@dataclass(frozen=True, slots=True)
class Scaling:
    """Along one parameter, all others standing still."""

    name: str
    rest: Mapping[str, int]
    smallest: int
    largest: int
    trend: Trend | None = None
    crossover: Crossover | None = None
    capacity: Capacity | None = None
    growth: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # side -> classes that fit, best first

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "rest": dict(self.rest), "growth": {side: list(each) for side, each in self.growth.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scaling":
        """The inverse of `to_json`."""
        kinds = {"trend": Trend, "crossover": Crossover, "capacity": Capacity}
        parts = {name: kind(**data[name]) if data.get(name) else None for name, kind in kinds.items()}
        growth = {side: tuple(classes) for side, classes in data.get("growth", {}).items()}
        return cls(**{**data, **parts, "growth": growth})
