"""What the referee wrote down: samples, blocks, sessions of one process each; and the pure numbers that follow from them."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluation.scorecard import Clock
from evaluation.speed.interval import median_error

Kind = Literal["joint", "solo"]  # all arms in one process; baseline and candidate each in one of its own
Arm = Literal["baseline", "control", "candidate"]
ARMS: tuple[Arm, ...] = ("baseline", "control", "candidate")
SEATS: Mapping[Kind, tuple[tuple[Arm, ...], ...]] = {"joint": (ARMS,), "solo": (("baseline",), ("candidate",))}

UNNOTICED = 0.005  # work outside the timed region below this share of the timed one is not charged: it is within its own noise
CLEARLY = 3.0  # standard errors
BLURRED = 2.0
CHARGED_FROM = 2.0  # standard errors of what the pristine code does outside the timed region


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed region, in ns, and what was used around it: preparing, idling, encoding. CPU is the whole sandbox's."""

    cpu: int
    wall: int
    waited: int  # ready to run, but the kernel had no core free
    around: int
    beside: int = 0  # CPU of other processes than the worker in all of this, part of what `cpu` and `around` say
    apart: int = 0  # the part of `cpu` that the worker's main thread did not use itself
    away: int = 0  # wall time of preparing and encoding, queueing for a core not counted

    def outside(self, clock: Clock) -> int:
        """What was used around the timed region: CPU by any clock, and where it is the wall's, waiting, too."""
        return self.around if clock == "cpu" else max(self.around, self.away)

    @property
    def idle(self) -> int:
        """The part of its wall time in which it neither computed nor queued for a core."""
        return max(0, self.wall - self.waited - self.cpu)

    def ns(self, clock: Clock) -> int:
        """The time by one of the clocks."""
        if clock == "unqueued":  # behind its own helpers it queues by its own doing
            return self.wall - max(0, min(self.waited, self.wall) - self.apart)
        return self.cpu if clock == "cpu" else self.wall


@dataclass(frozen=True, slots=True)
class Block:
    """Each arm's samples of one block, mirrored in time: two long ones, and two short ones of fewer calls (or none)."""

    long: Mapping[Arm, list[Sample]]
    short: Mapping[Arm, list[Sample]]
    rest: Mapping[Arm, int] = field(default_factory=dict)  # CPU ns between the last block and this one, by who sits alone

    def outside(self, arm: Arm, clock: Clock) -> int:
        """Everything that an arm used in this block outside its timed regions."""
        return self.rest.get(arm, 0) + sum(each.outside(clock) for each in (*self.long[arm], *self.short[arm]))


@dataclass(frozen=True, slots=True)
class CellRun:
    """One size in one process: calls per long and per short sample, and the blocks.

    A sample costs more than its calls: a wake-up, cold caches. Long and short samples cost the same in this way, so
    their difference is free of it.
    """

    calls: int
    fewer: int
    blocks: tuple[Block, ...]
    first: Mapping[Arm, int] = field(default_factory=dict)  # CPU ns that a first call costs beyond later ones, if that is a lot

    def long(self, arm: Arm) -> list[Sample]:
        """The arm's long samples."""
        return [sample for block in self.blocks for sample in block.long[arm]]

    def short(self, arm: Arm) -> list[Sample]:
        """The arm's short samples."""
        return [sample for block in self.blocks for sample in block.short[arm]]

    def all(self) -> list[Sample]:
        """All samples of all arms."""
        return [each for block in self.blocks for part in (block.long, block.short) for some in part.values() for each in some]

    def seconds(self, arm: Arm, clock: Clock) -> float:
        """Seconds per call, median over the long samples."""
        return (_middle(self.long(arm), clock) - self.fixed(arm, clock)) / self.calls / 1e9

    def fixed(self, arm: Arm, clock: Clock) -> float:
        """The fixed cost of one sample in ns.

        The median over the sides, so that a candidate cannot inflate it by idling in short samples; a side's own where clearly
        lower. In a pair only the baseline is asked.
        """
        arms = self._neutral()
        common = _median([self._own(each, clock) for each in arms])
        return min(common, self._own(arm, clock) + CLEARLY * self._doubt(arm, clock))

    def log_ratio(self, over: Arm, under: Arm, clock: Clock) -> float:
        """Median over blocks of ln(over / under); NaN where a block is no measurement.

        What takes less than the doubt about a sample's own cost counts as taking that: a very large gain is understated.
        """
        above, below, least = 2 * self.fixed(over, clock), 2 * self.fixed(under, clock), 2 * self._doubt(under, clock)
        charge = self.charge(under, clock) if under == "candidate" else 0.0
        return _median(
            [
                _ratio(_total(block, over, clock) - above, max(least, _total(block, under, clock) - below) + charge)
                for block in self.blocks
            ]
        )

    def gain(self, clock: Clock) -> float:
        """ln(baseline / candidate), the baseline's time being the geometric mean of its two copies'.

        Where a copy happens to lie in memory makes it faster or slower by a percent: two of them say more than one.
        """
        return self.log_ratio("baseline", "candidate", clock) - self.log_ratio("baseline", "control", clock) / 2

    def blur(self, clock: Clock) -> float:
        """By how much (ln) the gain would shrink if a sample of the candidate cost BLURRED times more what it costs anyway.

        Of a very fast candidate little else is left in a sample, and alone in a process it finds its caches colder. To be asked
        of separate processes: in a shared one a candidate can make samples cost more.
        """
        least = self._doubt("candidate", clock)
        net = max(least, _middle(self.long("candidate"), clock) - self.fixed("candidate", clock))
        return math.log1p(BLURRED * max(0.0, self.fixed("baseline", clock)) / net) if net > 0 else math.nan

    def charge(self, arm: Arm, clock: Clock) -> float:
        """What `arm` used in a block (ns) outside its timed regions beyond the baseline; 0 within the baseline's own noise.

        The mean, and measured by the noise of the pristine code alone: who hides work now and then must not be the one who
        says how much is noise. What is hidden around short samples is hidden from all calls alike.
        """
        honest = [each for each in self._arms() if each != "candidate"]
        pristine = [[block.outside(each, clock) for block in self.blocks] for each in honest]
        extra = [
            block.outside(arm, clock) - statistics.mean(row)
            for block, row in zip(self.blocks, zip(*pristine, strict=True), strict=True)
        ]
        if not extra:
            return 0.0
        long = self.calls / (self.calls + self.fewer)
        noticed = UNNOTICED * 2 * _middle(self.long("baseline"), clock)
        mean = long * statistics.mean(extra)
        return mean if mean > max(noticed, CHARGED_FROM * long * _noise(pristine)) else 0.0

    def busy(self, arm: Arm) -> list[float]:
        """Cores kept busy during each long sample; what a short one idles, and queueing for a core, is no idling of the code."""
        long, short = (_median([each.idle for each in samples]) for samples in (self.long(arm), self.short(arm)))
        return [_busy(sample, max(0.0, self._beyond_calls(long, short))) for sample in self.long(arm)]

    def beside(self, arm: Arm) -> tuple[int, int]:
        """(CPU ns that other processes than the worker used during this arm's samples, all CPU ns of these samples)."""
        samples = self.long(arm) + self.short(arm)
        return sum(each.beside for each in samples), sum(each.cpu + each.around for each in samples)

    def _arms(self) -> Sequence[Arm]:
        return [arm for arm in ARMS if all(arm in block.long for block in self.blocks)]

    def _neutral(self) -> Sequence[Arm]:
        arms = self._arms()
        return arms if len(arms) == len(ARMS) else [arm for arm in arms if arm != "candidate"]

    def _own(self, arm: Arm, clock: Clock) -> float:
        """What this arm's samples cost beyond their calls; noisy."""
        return self._beyond_calls(_middle(self.long(arm), clock), _middle(self.short(arm), clock))

    def _beyond_calls(self, long: float, short: float) -> float:
        """The part of two samples that does not grow with their calls."""
        return (self.calls * short - self.fewer * long) / (self.calls - self.fewer)

    def _doubt(self, arm: Arm, clock: Clock) -> float:
        scale = self.calls / (self.calls - self.fewer)
        return scale * median_error([sample.ns(clock) for sample in self.short(arm)]) if self.blocks else math.nan


@dataclass(frozen=True, slots=True)
class Left:
    """What one worker process left behind at its end."""

    threads: int = 0  # running beside the main one
    children: int = 0  # processes running beside the worker
    spawned: bool = False  # whether processes were started at all, as far as the kernel tells
    elsewhere_s: float | None = 0.0  # CPU of the sandbox that is not the worker's; None where nobody accounts for it


@dataclass(frozen=True, slots=True)
class Session:
    """One fresh worker process from start to end, or two that took turns."""

    kind: Kind
    cells: tuple[CellRun, ...]
    left: Mapping[Arm, Left]  # by the process that held the candidate, and by the one that held the baseline alone

    def beside(self, arm: Arm) -> float:
        """The share of an arm's work that other processes than the worker did."""
        parts = [cell.beside(arm) for cell in self.cells]
        return sum(part for part, _ in parts) / max(1, sum(whole for _, whole in parts))

    def apart(self, arm: Arm) -> float:
        """The share of an arm's computing that was not done by its main thread."""
        samples = [sample for cell in self.cells for sample in cell.long(arm) + cell.short(arm)]
        return sum(each.apart for each in samples) / max(1, sum(each.cpu for each in samples))

    def cpu_over_wall(self, arm: Arm) -> float:
        """How much of the time the arm kept a core busy, queueing for one not counted against it: 1.0 is CPU-bound."""
        shares = [share for cell in self.cells for share in cell.busy(arm)]
        return statistics.quantiles(shares, n=4)[2] if len(shares) > 1 else math.nan


def _busy(sample: Sample, idle_anyway: float) -> float:
    span = max(sample.wall - idle_anyway, min(sample.cpu, sample.wall), 1)
    return (sample.cpu + min(sample.waited, max(0.0, span - sample.cpu))) / span


def _ratio(above: float, below: float) -> float:
    return math.log(above / below) if above > 0 and below > 0 else math.nan


def _total(block: Block, arm: Arm, clock: Clock) -> int:
    return sum(sample.ns(clock) for sample in block.long[arm])


def _noise(pristine: Sequence[Sequence[float]]) -> float:
    """Standard error of the mean over blocks of one arm less the mean of these; 0 where one block says nothing of it."""
    blocks, arms = len(pristine[0]), len(pristine)
    if blocks < 2:
        return 0.0
    apart = [one - other for one, other in zip(*pristine, strict=True)] if arms == 2 else pristine[0]
    return statistics.stdev(apart) / math.sqrt(arms) * math.sqrt((1 + 1 / arms) / blocks)


def _middle(samples: Sequence[Sample], clock: Clock) -> float:
    return _median([sample.ns(clock) for sample in samples])


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values and all(math.isfinite(value) for value in values) else math.nan
