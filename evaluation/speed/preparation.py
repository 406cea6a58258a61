"""One stage of measuring: the sizes' plans, their pools of fresh inputs, and what the pristine code gives for each."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import ParamSpec, Protocol, TypeVar

from evaluation.channel import ChannelLost, Header
from evaluation.compare.plain import Value
from evaluation.inputs import InputsFailed
from evaluation.policy import Policy
from evaluation.probe.codec import BYTES, ITEMS
from evaluation.probe.finishing import MOST
from evaluation.speed import calibration
from evaluation.speed.interval import LOOKS
from evaluation.speed.outcomes import Expected, expected, out_of_memory, whole
from evaluation.speed.referee import Frame, Launcher, Pool, Referee
from evaluation.speed.samples import Sample
from evaluation.speed.schedule import CellPlan
from evaluation.speed.scores import named
from sandbox.spec import Limits

FIRST_PATIENCE_S = 900.0  # for a call of which nothing is known yet
FIRST_CALLS = 6  # by which a size is calibrated, fewer
FIRST_SECONDS = 3.0  # where they take this long together
WAITING_NS = 1_000_000  # a call that waits longer than this, and than it computes, is planned by the wall
PROCESS_BUDGET_S = 8.0  # of timed work, all sizes and sides of one process together
PATIENCE = 30.0  # times the baseline's seconds before a sample counts as hung
LEAST_PATIENCE_S = 20.0  # a first call may compile
MOST_BYTES = 2 << 30  # of the inputs of all sizes
LONGEST_PROCESS_S = 600.0  # of timed work
LONGEST_LOOK_S = 2700.0  # until the first answer
LONGEST_DECISION_S = 900.0  # of timed work for more than the first answer
ARMS_OF_BOTH = (3, 2)  # in a process, and in a pair of them
SHORT_SAMPLE_S = 0.001  # below this, what a sample costs beyond its calls blurs them
SHORTEST_SAMPLE_S = 0.0001  # below this, it hides them
LEAST_SHOWN, SHOWN_OF = 6, 12  # inputs of a size whose arguments are looked at after the call: so many, or one in so many

_T = TypeVar("_T")
_P = ParamSpec("_P")


class Unfit(Exception):
    """The grid of sizes cannot be measured here; `str(error)` names the size and why."""


class Unreadable(Exception):
    """An outcome of the pristine code is too large to be written down whole, so nobody could compare what is left out."""


class Inputs(Protocol):
    """Whoever makes inputs: opaque pickles of (args, kwargs), made in a sandbox by code of the base commit only."""

    def accepts(self, function: str, pickle: bytes, observed: Value) -> str | None:
        """What the project's own check has against a call's result; None when it accepts it. Raises InputsFailed."""

    def make(self, seed: int, size: Mapping[str, int], count: int) -> list[bytes]:
        """`count` distinct inputs of one size; the same seed gives the same ones."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What all processes of a stage share."""

    plans: tuple[CellPlan, ...]
    pools: tuple[Pool, ...]
    seconds: tuple[float, ...]
    expected: Expected
    planned: Sequence[int] = LOOKS  # processes after which to look, time permitting
    round_s: float = 0.0  # of the baseline's slowest round: large results take longer to write down than to compute

    @property
    def patience(self) -> float:
        """Seconds after which a sample counts as hung."""
        longest = max(plan.calls * each for plan, each in zip(self.plans, self.seconds, strict=True))
        return max(LEAST_PATIENCE_S, PATIENCE * max(longest, self.round_s))

    @property
    def tedious(self) -> str | None:
        """What to say to who waits for slow calls; None where they aren't."""
        longest = max(self.seconds)
        if longest < calibration.VERY_SLOW_S:
            return None
        each = calibration.seconds_each(self.plans, self.seconds, 3)
        return f"a call takes up to {longest:.0f} s, so each process takes about {each:.0f} s"

    @property
    def looks(self) -> Sequence[int]:
        """Processes after which we look: of slow calls as many as there is time for, the first in any case."""
        each = sum(calibration.seconds_each(self.plans, self.seconds, arms) for arms in ARMS_OF_BOTH)
        return [look for look in self.planned if look == self.planned[0] or look * each <= LONGEST_DECISION_S]

    @property
    def curtailed(self) -> str | None:
        """What to say where an answer fails to come because calls are so slow that we stop early; None where we don't."""
        if self.looks[-1] == self.planned[-1]:
            return None
        each = sum(calibration.seconds_each(self.plans, self.seconds, arms) for arms in ARMS_OF_BOTH)
        budget = f"{LONGEST_DECISION_S / 60:.0f} minutes"
        return f"after {self.looks[-1]} processes, since {each:.0f} s of calls in each leave no time for more in {budget}"

    @property
    def fleeting(self) -> str | None:
        """What to say where an answer fails to come because calls are so short; None where they aren't."""
        each, sample = min((each, plan.calls * each) for plan, each in zip(self.plans, self.seconds, strict=True))
        if sample >= SHORT_SAMPLE_S:
            return None
        return f"a call takes {each * 1e6:.1f} µs, a sample of distinct inputs {sample * 1e3:.2f} ms: try what calls it"


def prepare(launcher: Launcher, base: Path, inputs: Inputs, sizes: Sequence[Mapping[str, int]], seed: int, policy: Policy,
            *, aside: frozenset[str] = frozenset(), effort: float = 1.0, looks: Sequence[int] = LOOKS) -> Prepared:  # fmt: skip
    """Calibrate on the baseline alone, make the pools, and write down what the pristine code gives for them.

    `aside` are codes in which the pristine code was seen to differ from itself; `effort` multiplies the blocks of each process;
    `looks` are the processes after which somebody will look.
    """
    random = Random(seed)
    with launcher.open({"baseline": base}) as line:
        referee = Referee(line, random, lambda *_: None, patience=FIRST_PATIENCE_S)
        referee.load(("baseline",))
        referee.note("baseline")
        firsts = [_made(inputs, random, size, FIRST_CALLS) for size in sizes]
        timed = [_at(size, launcher.limits, _first, referee, first) for size, first in zip(sizes, firsts, strict=True)]
        seconds = tuple(each for each, _ in timed)
        rough = [
            calibration.plan(size, each, _bytes(first), effort) for size, each, first in zip(sizes, seconds, firsts, strict=True)
        ]
        plans = calibration.fit(rough, seconds, PROCESS_BUDGET_S)
        _check_room(plans, [_bytes(first) for first in firsts])
        check_worthwhile(plans, seconds, looks[0])
        pools = tuple(
            Pool(_made(inputs, random, plan.size, plan.inputs), void, _shown(plan.inputs, random))
            for plan, (_, void) in zip(plans, timed, strict=True)
        )
        drew = drawn(referee.effects())
        if not drew:
            referee.note("baseline")  # a library with a random stream of its own may be there since
            rounds = _rounds(referee, launcher.limits, plans, pools)
            drew = drawn(referee.effects())
        if drew:
            pools = tuple(seeded(pool, random) for pool in pools)
            rounds = _rounds(referee, launcher.limits, plans, pools)
    accepts = None if policy.check is None else inputs.accepts
    told = expected([frames for frames, _ in rounds], policy, aside, [pool.inputs for pool in pools], accepts)
    return Prepared(plans, pools, seconds, told, looks, max(took for _, took in rounds))


def drawn(effects: Header) -> bool:
    """Whether calls moved the global random streams."""
    return bool(effects.get("dice"))


def seeded(pool: Pool, random: Random) -> Pool:
    """The same inputs, each with a state of the random streams from which all sides call it."""
    return replace(pool, seeds=[random.getrandbits(32) for _ in pool.inputs])


def _shown(count: int, random: Random) -> frozenset[int]:
    """Inputs after whose calls the arguments are looked at, among others of the same sample: some of the warm-up, some timed."""
    return frozenset(random.sample(range(count), min(count, max(LEAST_SHOWN, count // SHOWN_OF))))


def _rounds(
    referee: Referee, limits: Limits, plans: Sequence[CellPlan], pools: Sequence[Pool]
) -> list[tuple[list[Frame], float]]:
    return [_at(plan.size, limits, _frames, referee, pool, plan.calls) for pool, plan in zip(pools, plans, strict=True)]


def _made(inputs: Inputs, random: Random, size: Mapping[str, int], count: int) -> list[bytes]:
    try:
        return inputs.make(random.getrandbits(63), size, count)
    except InputsFailed as error:
        raise InputsFailed(error.code, f"inputs of the size {named(size)}: {error}") from error


def _at(size: Mapping[str, int], limits: Limits, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What a call of the pristine code gives; where it is the size that it cannot bear, that size is named."""
    try:
        return call(*args, **kwargs)
    except MemoryError as error:
        raise Unfit(
            f"at the size {named(size)} the function itself raises MemoryError; leave that size out of `sizes`"
        ) from error
    except Unreadable as error:
        most = f"{ITEMS:,} values, {BYTES >> 20} MiB or {MOST:,} items of an iterator"
        raise Unfit(
            f"at the size {named(size)} the function returns more than can be compared ({most}); name smaller `sizes`"
        ) from error
    except ChannelLost as error:
        if error.reason not in ("oom", "timed_out"):
            raise
        memory = f"needs more than the {limits.memory_mib} MiB that a process may use"
        what = memory if error.reason == "oom" else f"takes longer than {FIRST_PATIENCE_S:.0f} s"
        raise Unfit(f"at the size {named(size)} the function itself {what}; leave that size out of `sizes`") from error


def _check_room(plans: Sequence[CellPlan], each: Sequence[int]) -> None:
    """We hold the inputs of all sizes at once."""
    sizes = [plan.inputs * one for plan, one in zip(plans, each, strict=True)]
    if sum(sizes) > MOST_BYTES:
        largest = plans[max(range(len(sizes)), key=lambda at: sizes[at])].size
        text = f"the inputs of all sizes together take {sum(sizes) / (1 << 30):.1f} GiB, more than {MOST_BYTES >> 30} GiB"
        raise Unfit(f"{text}; leave the largest out of `sizes`: {named(largest)}")


def _first(referee: Referee, inputs: Sequence[bytes]) -> tuple[float, bool]:
    """Seconds per call (the first one, which imports and fills caches, left out), and whether only arguments show anything."""
    pool = Pool(inputs)
    empty: list[Sample] = []
    times: list[Sample] = []
    void, raised = True, None
    for index in range(len(inputs)):
        sample, frames, silent = referee.run("baseline", pool, [index])
        if any(map(out_of_memory, frames)):
            raise MemoryError
        _check_whole(frames)
        void, raised = void and silent, referee.raised
        times.append(sample)
        empty.append(referee.run("baseline", pool, [])[0])
        if sum(each.cpu + each.idle for each in times[1:]) > FIRST_SECONDS * 1e9:
            break
    if raised is not None:
        raise Unfit(f"the function raises {raised} on the inputs of a size, so there is nothing to time")
    return spent(times[1:], empty), void


def spent(samples: Sequence[Sample], empties: Sequence[Sample]) -> float:
    """Seconds that a call takes, be it computing or waiting for something else than a core: that, each of them does.

    The cheapest empty sample is what is taken off: a cold one costs more than a short call.
    """
    empty = min(empties, key=lambda each: each.cpu)
    cpu = statistics.median(max(each.cpu - empty.cpu, 100) for each in samples)
    idle = min(each.idle for each in samples) - empty.idle
    return (cpu + idle if idle > max(cpu, WAITING_NS) else cpu) / 1e9


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


def _frames(referee: Referee, pool: Pool, calls: int) -> tuple[list[Frame], float]:
    """The outcomes, and seconds of the slowest round."""
    frames: list[Frame] = []
    slowest = 0.0
    for start in range(0, len(pool.inputs), calls):
        began = time.monotonic()
        batch = range(start, min(start + calls, len(pool.inputs)))
        told = referee.run("baseline", pool, batch)[1]
        _check_whole(told)
        frames.extend(told)
        slowest = max(slowest, time.monotonic() - began)
    return frames, slowest


def _check_whole(frames: Sequence[Frame]) -> None:
    """Raises Unreadable where something was left out: what is equal up to there may differ after it."""
    if not all(map(whole, frames)):
        raise Unreadable


def _bytes(inputs: Sequence[bytes]) -> int:
    return max(map(len, inputs), default=1)
