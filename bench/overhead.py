"""What judging costs beyond the judged code itself: inside a sample, and in the wall time of an evaluation of about two minutes.

Inside: CPU of an empty sample (a go and a done without a call) as a share of a usual one; it is subtracted, but should be small
to begin with. Around: the share of the wall in which the worker was not inside a timed region or a warm-up call.
"""

import statistics
import tempfile
import time
from pathlib import Path
from random import Random

from bench.decisions import bench_of
from bench.project import judge_for
from bench.workloads import pair
from evaluation.machine import hardware
from evaluation.policy import Policy
from evaluation.speed import measurement, preparation
from evaluation.speed.calibration import SAMPLE_S
from evaluation.speed.measurement import Measured, Trial
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Pool, Referee
from evaluation.speed.schedule import CellPlan
from evaluation.speed.verdict import Terms
from evaluation.watch import Watch
from sandbox.bubblewrap import Bubblewrap

EMPTY = 300  # samples
ENOUGH_S = 120.0
SLOWER = 100  # times the usual workload: 0.1 s a call


def inside() -> str:
    """The median CPU of an empty sample."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        judge = judge_for(place, Bubblewrap())
        with judge.site.launcher().open({"baseline": judge.tree}) as line:
            referee = Referee(line, Random(1), lambda *_: None, patience=30.0)
            referee.load(("baseline",))
            costs = [referee.run("baseline", Pool(()), ())[0].cpu for _ in range(EMPTY)]
    middle, ninth = statistics.median(costs) / 1e3, statistics.quantiles(costs, n=10)[-1] / 1e3
    told = f"an empty sample costs {middle:.0f} us of CPU (median of {EMPTY}; nine of ten below {ninth:.0f})"
    return f"{told}: {middle / 1e6 / SAMPLE_S:.2%} of a sample"


def around() -> str:
    """The harness's share of a long confirmation."""
    with bench_of(pair("loop", 21, 20, longer=SLOWER)) as (site, launcher, sides):
        start, inner, runs = time.monotonic(), 0.0, 0
        while time.monotonic() - start < ENOUGH_S:
            with site.source() as source:
                prepared = preparation.prepare(launcher, site.tree, source, [{"n": 1}], runs, Policy())
            measured = measurement.confirm(Trial(launcher, sides, prepared, Terms(), (1.0,), Watch()), runs)
            inner, runs = inner + _timed_s(measured, prepared), runs + 1
        wall = time.monotonic() - start
    each = f"{prepared.seconds[0]:.2f} s a call"
    return f"sandbox and harness: {1 - inner / wall:.1%} of {wall:.0f} s wall ({runs} decisions on a function of {each})"


def _timed_s(measured: Measured, prepared: Prepared) -> float:
    """Wall seconds inside timed regions and warm-up calls."""
    samples = [
        sample
        for session in measured.sessions
        for cell in session.cells
        for block in cell.blocks
        for side in (block.long, block.short)
        for several in side.values()
        for sample in several
    ]
    plan: CellPlan = prepared.plans[0]
    sides = sum(3 if session.kind == "joint" else 2 for session in measured.sessions)
    return sum(sample.wall for sample in samples) / 1e9 + sides * plan.warm * prepared.seconds[0]


def main() -> None:
    """Print both."""
    print(f"overhead: {hardware.fingerprint().line()}")
    print(inside())
    print(around())


if __name__ == "__main__":
    main()
