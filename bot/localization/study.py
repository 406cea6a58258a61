"""What localization does for one run: a profile of the target on inputs like those it will be measured on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bot.localization import profiler
from bot.localization.profile import Growth, Profile, Unprofiled
from evaluation.inputs import InputsFailed, Source

INPUTS = 4  # of the largest size
SMALL = 2  # of the smallest, to see how time follows size
VARIED = 20  # where there are no sizes


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What is profiled, and what is only timed beside it."""

    profiled: list[bytes]
    timed: list[bytes]
    large: Mapping[str, int]
    small: Mapping[str, int]


def of_target(source: Source, tree: Path | None = None, *, seconds: float = profiler.SECONDS, seed: int = 0) -> Profile:
    """Where the time of the source's target goes, at the base commit or as it is in `tree`, on the same inputs.

    Raises Unprofiled, also where no inputs can be made.
    """
    try:
        with source:
            inputs = _inputs(source, seed)
    except InputsFailed as error:
        raise Unprofiled(str(error)) from error
    found = profiler.profile(
        source.sandbox,
        source.environment,
        tree or source.tree,
        source.target,
        inputs.profiled,
        timed=inputs.timed,
        seconds=seconds,
        owner=source.owner,
    )
    return replace(found, growth=_growth(found, inputs))


def _inputs(source: Source, seed: int) -> _Inputs:
    """Inputs of the largest size, where the time matters most; ordinary ones where the target knows no sizes."""
    if source.available.kind == "none":
        raise Unprofiled(source.available.text or f"there are no inputs to profile `{source.target}` on")
    if not source.available.sizes:
        return _Inputs([sample.pickle for sample in source.varied(seed, VARIED)], [], {}, {})
    largest = {name: max(values) for name, values in source.available.sizes.items()}
    smallest = {name: min(values) for name, values in source.available.sizes.items()}
    timed = source.make(seed + 1, smallest, SMALL) if smallest != largest else []
    return _Inputs(source.make(seed, largest, INPUTS), timed, largest, smallest)


def _growth(found: Profile, inputs: _Inputs) -> Growth | None:
    """How the time of one call follows the size; None where only one size was timed."""
    count = len(inputs.profiled)
    large = [each for each in found.times[:count] if each]
    small = [each for each in found.times[count:] if each]
    if not (large and small and len(small) == len(inputs.timed)):
        return None
    return Growth(inputs.small, median(small), inputs.large, median(large))
