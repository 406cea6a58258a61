"""Peak memory of one call: the kernel's high-water mark of a fresh process, reset just before the call and read from outside."""

import math
import statistics
from collections.abc import Mapping
from pathlib import Path
from random import Random

from evaluation.referee import Bench, Check, Pool, Referee
from evaluation.samples import Arm
from evaluation.scorecard import Memory

RUNS = 3


def measure(bench: Bench, trees: Mapping[Arm, Path], cell: int, pool: Pool, check: Check, random: Random,
            patience: float) -> Memory | None:  # fmt: skip
    """MiB on top of what the process held before, median of fresh processes a side; None where the kernel does not tell."""
    grown: dict[Arm, list[float]] = {arm: [] for arm in trees}
    for _ in range(RUNS):
        index = random.randrange(len(pool.inputs))
        for arm, tree in random.sample(sorted(trees.items()), len(trees)):
            with bench.open({arm: tree}) as line:
                referee = Referee(line, random, check, patience)
                referee.load((arm,))
                grown[arm].append(referee.peak(arm, cell, pool, index))
    found = {arm: statistics.median(values) for arm, values in grown.items()}
    if not all(map(math.isfinite, found.values())):
        return None
    return Memory(round(found["baseline"], 2), round(found["candidate"], 2))
