"""Peak memory of one call: the kernel's high-water mark of a fresh process, reset just before the call and read from outside."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from evaluation.channel import ChannelLost
from evaluation.scorecard import Cell, Memory
from evaluation.speed.match import SideLost
from evaluation.speed.referee import Check, Launcher, Pool, Referee
from evaluation.speed.samples import Arm

RUNS = 3
SPAN_S = 6.0  # other sizes than the slowest are looked at as long as all of it takes no longer
FLOOR_MIB, FLOOR = 1.0, 0.02  # a difference below either is within the figure's own doubt
MORE = 0.10  # more than this, and the report says so


def noticed(memory: Memory) -> bool:
    """Whether the two sides differ by more than the figures can be trusted."""
    apart = abs(memory.candidate - memory.baseline)
    return apart > max(FLOOR_MIB, FLOOR * max(memory.baseline, memory.candidate))


def heavier(cells: Sequence[Cell], allowed: float) -> Cell | None:
    """The cell whose candidate needs most beyond what is allowed on top of the baseline's peak; None where none does."""
    peaks = [(cell, cell.memory_mib) for cell in cells if cell.memory_mib is not None and noticed(cell.memory_mib)]
    more = [(peak.candidate - peak.baseline * (1 + allowed), at) for at, (_, peak) in enumerate(peaks)]
    most, at = max(more, default=(0.0, 0))
    return peaks[at][0] if most > 0 else None


def measure(launcher: Launcher, trees: Mapping[Arm, Path], cell: int, pool: Pool, check: Check, random: Random,
            patience: float, *, warm: bool = False) -> Memory | None:  # fmt: skip
    """MiB on top of what the process held before, median of fresh processes a side; None where the kernel does not tell.

    With `warm`, another call comes first: what compiling needs is not what calls need. Raises SideFailed, WrongOutcome, SideLost.
    """
    grown: dict[Arm, list[float]] = {arm: [] for arm in trees}
    for _ in range(RUNS):
        index, other = (random.randrange(len(pool.inputs)) for _ in range(2))
        for arm, tree in random.sample(sorted(trees.items()), len(trees)):
            with _alone(launcher, arm, tree, random, check, patience) as referee:
                if warm:
                    referee.sample(arm, cell, [other], pool)
                grown[arm].append(referee.peak(arm, cell, pool, index))
    found = {arm: statistics.median(values) for arm, values in grown.items()}
    if not all(map(math.isfinite, found.values())):
        return None
    return Memory(round(found["baseline"], 2), round(found["candidate"], 2))


def allocated(launcher: Launcher, trees: Mapping[Arm, Path], cell: int, pool: Pool, check: Check, random: Random,
              patience: float) -> Mapping[Arm, float]:  # fmt: skip
    """MiB asked for at the peak of one call, a process a side; empty where the project's environment has no memray."""
    found: dict[Arm, float] = {}
    index = random.randrange(len(pool.inputs))
    for arm, tree in trees.items():
        with _alone(launcher, arm, tree, random, check, patience) as referee:
            told = referee.allocated(arm, cell, pool, index)
        if told is None:
            return {}
        found[arm] = round(told, 2)
    return found


@contextmanager
def _alone(launcher: Launcher, arm: Arm, tree: Path, random: Random, check: Check, patience: float) -> Iterator[Referee]:
    """A process of one side."""
    try:
        with launcher.open({arm: tree}) as line:
            referee = Referee(line, random, check, patience)
            referee.load((arm,))
            yield referee
    except ChannelLost as lost:
        raise SideLost(arm, lost.reason, lost.detail) from lost
