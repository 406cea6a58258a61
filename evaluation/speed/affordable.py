"""What is worth measuring and can be: long enough calls, an answer in reasonable time, inputs that fit into memory. Pure."""

from collections.abc import Sequence

from evaluation.speed import calibration
from evaluation.speed.interval import LOOKS
from evaluation.speed.schedule import CellPlan
from evaluation.speed.scores import named

MOST_BYTES = 2 << 30  # of the inputs of all sizes
LONGEST_PROCESS_S = 600.0  # of timed work
LONGEST_LOOK_S = 2700.0  # until the first answer
ARMS_OF_BOTH = (3, 2)  # in a process, and in a pair of them
SHORTEST_SAMPLE_S = 0.0001  # below this, it hides them


class Unfit(Exception):
    """The grid of sizes cannot be measured here; `str(error)` names the size and why."""


def check_worthwhile(plans: Sequence[CellPlan], seconds: Sequence[float], first: int = LOOKS[0]) -> None:
    """Raises Unfit where measuring so would bring no answer, or not soon; `first` are the processes of the first look."""
    _long_enough(plans, seconds)
    _affordable(plans, seconds, first)


def _long_enough(plans: Sequence[CellPlan], seconds: Sequence[float]) -> None:
    """Raises Unfit where a call is over before anybody could tell."""
    for plan, each in zip(plans, seconds, strict=True):
        if plan.calls * each < SHORTEST_SAMPLE_S:
            told = f"a call takes {each * 1e6:.1f} µs: too short to tell two versions of it apart"
            raise Unfit(f"{told}; name larger `sizes`, or the function that calls it")


def _affordable(plans: Sequence[CellPlan], seconds: Sequence[float], first: int) -> None:
    """Raises Unfit with a sentence of what it would cost where that is too much."""
    process, pair = (calibration.seconds_each(plans, seconds, arms) for arms in ARMS_OF_BOTH)
    look = first * (process + pair)
    if process > LONGEST_PROCESS_S or look > LONGEST_LOOK_S:
        told = f"a call takes up to {max(seconds):.0f} s, so the first answer would take {look / 60:.0f} minutes"
        raise Unfit(f"{told}, more than the {LONGEST_LOOK_S / 60:.0f} that we give: name fewer or smaller `sizes`")


def check_room(plans: Sequence[CellPlan], each: Sequence[int]) -> None:
    """We hold the inputs of all sizes at once."""
    sizes = [plan.inputs * one for plan, one in zip(plans, each, strict=True)]
    if sum(sizes) > MOST_BYTES:
        largest = plans[max(range(len(sizes)), key=lambda at: sizes[at])].size
        text = f"the inputs of all sizes together take {sum(sizes) / (1 << 30):.1f} GiB, more than {MOST_BYTES >> 30} GiB"
        raise Unfit(f"{text}; leave the largest out of `sizes`: {named(largest)}")
