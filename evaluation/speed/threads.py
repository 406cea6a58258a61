"""Threads that are there after a candidate's calls: its own, or those that an installed package keeps once it is used.

Asked where a candidate is about to be accused of them, in processes of their own. A package (polars is one) may keep threads
of native code for itself; what a candidate starts runs Python, and what either of them computes between calls is seen here.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.channel import Channel, ChannelLost
from evaluation.speed.referee import Launcher, Pool, Referee, SideFailed, inspected
from evaluation.speed.samples import Arm

CALLS = 3  # of each size
RESTING_S, RESTING_SHARE = 0.2, 0.1  # so long nobody asks for anything, and of it so much may be computed all the same
PACKAGES = ("/site-packages/", "/dist-packages/")
ARM: Arm = "candidate"
ALONE: Arm = "baseline"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one process showed after its calls."""

    python: int  # threads that run Python
    busy: float  # share of a core while nobody asked for anything
    packages: tuple[str, ...]  # installed modules that came after the pristine code's own


def kept_by_packages(
    launcher: Launcher, baseline: Path, candidate: Path, pools: Sequence[Pool], random: Random, patience: float
) -> bool:
    """Whether a candidate's threads are those of an installed package that it brings along, at rest, and none is its own."""
    try:
        brought = _seen(launcher, {ALONE: baseline, ARM: candidate}, ARM, (), pools, random, patience)
        if not brought.packages:
            return False
        alone = _seen(launcher, {ALONE: baseline}, ALONE, brought.packages, pools, random, patience)
    except (ChannelLost, SideFailed):
        return False
    return brought.python <= alone.python and brought.busy <= alone.busy + RESTING_SHARE


def _seen(launcher: Launcher, trees: Mapping[str, Path], arm: Arm, modules: Sequence[str], pools: Sequence[Pool],
          random: Random, patience: float) -> Seen:  # fmt: skip
    """Call one side where the pristine code was imported first, and then these modules."""
    with launcher.open(trees) as line:
        inspected(line, {"op": "witness", "sides": list(trees)}, ARM)
        inspected(line, {"op": "fetch", "modules": list(modules)}, ARM)
        inspected(line, {"op": "join", "side": arm}, ARM)
        referee = Referee(line, random, lambda *_: None, patience)
        for pool in pools:
            referee.run(arm, pool, range(min(CALLS, len(pool.inputs))))
        busy = _busy(line)
        told = inspected(line, {"op": "changed"}, ARM)
        python, origins = told.get("threads"), told.get("origins")
        files = origins.items() if isinstance(origins, dict) else ()
        packages = tuple(str(name) for name, file in files if any(each in str(file) for each in PACKAGES))
        return Seen(python if type(python) is int else 1 << 30, busy, packages)


def _busy(line: Channel) -> float:
    """The share of a core that the process uses while it waits for us, once what calls have started is over."""
    time.sleep(RESTING_S)
    cpu, wall = line.clock_ns()
    time.sleep(RESTING_S)
    later, now = line.clock_ns()
    return (later - cpu) / (now - wall)
