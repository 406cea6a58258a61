"""How much faster one version of `work` really is than another: both alternating for long under the CPU clock of one process.

One process tells the truth of its own layout in memory, so we average over several fresh ones.
"""

import json
import math
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

PROCESSES = 12
BLOCKS = 25
CALLS = 12
WARM_CALLS = 50


def measured(base: str, faster: str, processes: int = PROCESSES) -> tuple[float, float]:
    """(ratio, its standard error as a share) of two modules' texts, over fresh processes."""
    logs = [_alone(json.dumps([base, faster])) for _ in range(processes)]
    return math.exp(statistics.mean(logs)), statistics.stdev(logs) / math.sqrt(processes)


def _alone(texts: str) -> float:
    command = (sys.executable, "-m", "bench.truth")
    return float(subprocess.run(command, input=texts, check=True, capture_output=True, text=True).stdout)


def log_ratio(base: Callable[[int], int], faster: Callable[[int], int]) -> float:
    """ln(base / faster) in this process: the median over mirrored blocks."""
    inputs = [random.getrandbits(31) for _ in range(BLOCKS * CALLS)]
    for each in (base, faster):
        _spent(each, inputs[:WARM_CALLS])
    return statistics.median(_block(base, faster, inputs[at : at + CALLS]) for at in range(0, len(inputs), CALLS))


def _block(base: Callable[[int], int], faster: Callable[[int], int], inputs: Sequence[int]) -> float:
    times = [_spent(each, inputs) for each in (base, faster, faster, base)]
    return math.log((times[0] + times[3]) / (times[1] + times[2]))


def _spent(function: Callable[[int], int], inputs: Sequence[int]) -> int:
    start = time.process_time_ns()
    for value in inputs:
        function(value)
    return time.process_time_ns() - start


def _function(text: str) -> Callable[[int], int]:
    names: dict[str, Callable[[int], int]] = {}
    exec(compile(text, "m.py", "exec"), names)
    return names["work"]


if __name__ == "__main__":
    print(log_ratio(*map(_function, json.load(sys.stdin))))
