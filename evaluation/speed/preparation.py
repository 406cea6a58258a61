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
from evaluation.speed.affordable import ARMS_OF_BOTH, Unfit, check_room, check_worthwhile
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
LONGEST_DECISION_S = 900.0  # of timed work for more than the first answer
SHORT_SAMPLE_S = 0.001  # below this, what a sample costs beyond its calls blurs them
LEAST_SHOWN, SHOWN_OF = 6, 12  # inputs of a size whose arguments are looked at after the call: so many, or one in so many

_T = TypeVar("_T")
_P = ParamSpec("_P")


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
    rounds_s: tuple[float, ...] = ()  # of the slowest round of each size: outcomes can take longer to write down than to compute

    @property
    def patience(self) -> float:
        """Seconds after which a sample counts as hung."""
        longest = max(plan.calls * each for plan, each in zip(self.plans, self.seconds, strict=True))
        return max(LEAST_PATIENCE_S, PATIENCE * max(longest, *self.rounds_s, 0.0))

    def whole_s(self, cell: int) -> float:
        """Seconds a call of the baseline, with what making its input and writing down its outcome takes."""
        written = self.rounds_s[cell] / self.plans[cell].calls if self.rounds_s else 0.0
        return max(self.seconds[cell], written)

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
            *, effort: float = 1.0, looks: Sequence[int] = LOOKS) -> Prepared:  # fmt: skip
    """Calibrate on the baseline alone, make the pools, and write down what the pristine code gives for them.

    `policy` sets aside in what the pristine code was seen to differ from itself; `effort` multiplies the blocks of each process;
    `looks` are the processes after which somebody will look.
    """
    random = Random(seed)
    with launcher.open({"baseline": base}) as line:
        referee = Referee(line, random, lambda *_: None, patience=FIRST_PATIENCE_S)
        referee.load(("baseline",))
        referee.note("baseline")
        rehearsal = _Rehearsal(referee, launcher.limits, inputs, random)
        gauged = rehearsal.gauge(sizes, effort)
        check_worthwhile(gauged.plans, gauged.seconds, looks[0])
        pools, rounds = rehearsal.play(gauged)
    accepts = None if policy.check is None else inputs.accepts
    told = expected([frames for frames, _ in rounds], policy, [pool.inputs for pool in pools], accepts)
    return Prepared(gauged.plans, pools, gauged.seconds, told, looks, tuple(took for _, took in rounds))


@dataclass(frozen=True, slots=True)
class _Gauged:
    """How long calls take, and what is planned with them."""

    plans: tuple[CellPlan, ...]
    seconds: tuple[float, ...]
    void: tuple[bool, ...]  # whether only arguments show what a call did


_Round = tuple[list[Frame], float]  # outcomes of one size, and seconds of the slowest batch of calls


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """The pristine code, alone in a process, before anything is measured."""

    referee: Referee
    limits: Limits
    inputs: Inputs
    random: Random

    def gauge(self, sizes: Sequence[Mapping[str, int]], effort: float) -> _Gauged:
        """Try each size a few times, and plan. Raises Unfit, InputsFailed."""
        firsts = [self._made(size, FIRST_CALLS) for size in sizes]
        timed = [_at(size, self.limits, _first, self.referee, first) for size, first in zip(sizes, firsts, strict=True)]
        seconds, each = tuple(one for one, _ in timed), [_bytes(first) for first in firsts]
        rough = [calibration.plan(size, one, large, effort) for size, one, large in zip(sizes, seconds, each, strict=True)]
        plans = calibration.fit(rough, seconds, PROCESS_BUDGET_S)
        check_room(plans, each)
        return _Gauged(plans, seconds, tuple(void for _, void in timed))

    def play(self, gauged: _Gauged) -> tuple[tuple[Pool, ...], list[_Round]]:
        """The pools, and what comes of them: where calls draw, each from a state of its own. Raises Unfit, InputsFailed."""
        pools = tuple(self._pool(plan, void) for plan, void in zip(gauged.plans, gauged.void, strict=True))
        drew = drawn(self.referee.effects())
        if not drew:
            self.referee.note("baseline")  # a library with a random stream of its own may be there since
            rounds = self._rounds(gauged.plans, pools)
            drew = drawn(self.referee.effects())
        if drew:
            pools = tuple(seeded(pool, self.random) for pool in pools)
            rounds = self._rounds(gauged.plans, pools)
        return pools, rounds

    def _pool(self, plan: CellPlan, void: bool) -> Pool:
        return Pool(self._made(plan.size, plan.inputs), void, _shown(plan.inputs, self.random))

    def _made(self, size: Mapping[str, int], count: int) -> list[bytes]:
        try:
            return self.inputs.make(self.random.getrandbits(63), size, count)
        except InputsFailed as error:
            raise InputsFailed(error.code, f"inputs of the size {named(size)}: {error}") from error

    def _rounds(self, plans: Sequence[CellPlan], pools: Sequence[Pool]) -> list[_Round]:
        return [
            _at(plan.size, self.limits, _frames, self.referee, pool, plan.calls) for pool, plan in zip(pools, plans, strict=True)
        ]


def drawn(effects: Header) -> bool:
    """Whether calls moved the global random streams."""
    return bool(effects.get("dice"))


def seeded(pool: Pool, random: Random) -> Pool:
    """The same inputs, each with a state of the random streams from which all sides call it."""
    return replace(pool, seeds=[random.getrandbits(32) for _ in pool.inputs])


def _shown(count: int, random: Random) -> frozenset[int]:
    """Inputs after whose calls the arguments are looked at, among others of the same sample: some of the warm-up, some timed."""
    return frozenset(random.sample(range(count), min(count, max(LEAST_SHOWN, count // SHOWN_OF))))


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


def _frames(referee: Referee, pool: Pool, calls: int) -> _Round:
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
