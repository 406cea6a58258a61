"""What localization does for one run: a profile of the target on inputs like those it will be measured on."""

from bot.localization import profiler
from bot.localization.profile import Profile, Unprofiled
from evaluation.inputs import InputsFailed, Source

INPUTS = 4  # of the largest size
VARIED = 20  # where there are no sizes


def of_target(source: Source, seed: int = 0) -> Profile:
    """Where the time of the source's target goes, at the base commit. Raises Unprofiled, also where no inputs can be made."""
    try:
        with source:
            inputs = _inputs(source, seed)
    except InputsFailed as error:
        raise Unprofiled(str(error)) from error
    return profiler.profile(source.sandbox, source.environment, source.tree, source.target, inputs, owner=source.owner)


def _inputs(source: Source, seed: int) -> list[bytes]:
    """Inputs of the largest size, where the time matters most; ordinary ones where the target knows no sizes."""
    if source.available.kind == "none":
        raise Unprofiled(source.available.text or f"there are no inputs to profile `{source.target}` on")
    if not source.available.sizes:
        return [sample.pickle for sample in source.varied(seed, VARIED)]
    largest = {name: max(values) for name, values in source.available.sizes.items()}
    return source.make(seed, largest, INPUTS)
