"""What the referee wrote down: samples, blocks, sessions of one process each; and the pure numbers that follow from them."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Clock = Literal["cpu", "wall"]
Kind = Literal["joint", "baseline", "candidate"]
Arm = Literal["baseline", "control", "candidate"]
ARMS: tuple[Arm, ...] = ("baseline", "control", "candidate")

UNNOTICED = 0.005  # CPU outside the timed region below this share of a sample is not charged: it is within its own noise


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed region, in ns, and the CPU the worker used around it: preparing, idling, encoding."""

    cpu: int
    wall: int
    waited: int  # ready to run, but the kernel had no core free
    around: int
    pace: int  # what a fixed piece of our own work cost at that moment, outside the sandbox

    def ns(self, clock: Clock) -> int:
        """The time by one of the clocks."""
        return self.cpu if clock == "cpu" else self.wall


Block = Mapping[Arm, Sequence[Sample]]  # each arm twice, mirrored


@dataclass(frozen=True, slots=True)
class CellRun:
    """One size in one process: its blocks, calls per sample, and what a sample without calls costs (ns)."""

    calls: int
    blocks: tuple[Block, ...]
    empty: Mapping[Clock, float]

    def seconds(self, arm: Arm, clock: Clock) -> float:
        """Seconds per call: median over the samples, overhead taken off."""
        times = [sample.ns(clock) for block in self.blocks for sample in block[arm]]
        return (statistics.median(times) - self.empty[clock]) / self.calls / 1e9 if times else math.nan

    def level(self, arm: Arm, clock: Clock) -> float:
        """ln of the arm's time in units of the host's pace at that moment: comparable between processes."""
        samples = [sample for block in self.blocks for sample in block[arm]]
        return _median([self._paced(sample, clock) for sample in samples])

    def log_ratio(self, over: Arm, under: Arm, clock: Clock) -> float:
        """Median over blocks of ln(over / under); NaN where a block is no measurement."""
        charge = 2 * self.charge(under) if under == "candidate" else 0.0
        return _median([self._block_ratio(block, over, under, clock, charge) for block in self.blocks])

    def charge(self, arm: Arm) -> float:
        """CPU per sample (ns) that `arm` used around its timed regions beyond the baseline's; 0 within noise."""
        extra = [_around(block, arm) - (_around(block, "baseline") + _around(block, "control")) / 2 for block in self.blocks]
        if len(extra) < 2:
            return max(0.0, _median(extra)) if extra else 0.0
        middle = statistics.median(extra)
        noise = 1.86 * statistics.median(abs(value - middle) for value in extra) / math.sqrt(len(extra))
        sample = statistics.median(sample.cpu for block in self.blocks for sample in block["baseline"])
        return middle if middle > max(UNNOTICED * sample, 3 * noise) else 0.0

    def busy(self, sample: Sample) -> float:
        """Cores kept busy during a sample; what the go itself idles, and what was spent queueing, is no idling of the code."""
        idle_anyway = max(0.0, self.empty["wall"] - self.empty["cpu"])
        span = max(sample.wall - idle_anyway, min(sample.cpu, sample.wall), 1)
        return (sample.cpu + min(sample.waited, max(0.0, span - sample.cpu))) / span

    def _paced(self, sample: Sample, clock: Clock) -> float:
        spent = (sample.ns(clock) - self.empty[clock]) / self.calls
        return math.log(spent / sample.pace) if spent > 0 and sample.pace > 0 else math.nan

    def _block_ratio(self, block: Block, over: Arm, under: Arm, clock: Clock, charge: float) -> float:
        above = sum(sample.ns(clock) - self.empty[clock] for sample in block[over])
        below = sum(sample.ns(clock) - self.empty[clock] for sample in block[under]) + charge
        return math.log(above / below) if above > 0 and below > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Session:
    """One worker process from start to end."""

    kind: Kind
    cells: tuple[CellRun, ...]
    threads: int  # left running beside the main one
    children: int  # processes left running beside the worker
    spawned: bool  # whether processes were started at all, as far as the kernel tells
    elsewhere_s: float | None  # CPU of the sandbox that is not the worker's; None where nobody accounts for it

    def cpu_over_wall(self, arm: Arm) -> float:
        """How much of the time the arm kept a core busy, queueing for one not counted against it: 1.0 is CPU-bound."""
        shares = [cell.busy(sample) for cell in self.cells for block in cell.blocks for sample in block[arm]]
        return statistics.quantiles(shares, n=4)[2] if len(shares) > 1 else math.nan


def _around(block: Block, arm: Arm) -> float:
    return statistics.mean(sample.around for sample in block[arm])


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values and all(math.isfinite(value) for value in values) else math.nan
