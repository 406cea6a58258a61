"""How many calls make a sample, and how many blocks a process can afford, from the baseline's seconds per call."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluation.speed.schedule import CellPlan

SAMPLE_S = 0.006
SHORT_S = 0.0005  # of a short sample, if one call takes less: by then the caches are warm again
LEAST_CALLS = 3  # for a short sample of one call to say something beside the long one
SINGLE_S = 0.008  # a call that takes longer is a sample of its own: what a switch costs drowns in it
ARM_S = 0.144  # of timed work per arm and process: less is mostly start-up, more is mostly the same process again
FEWEST, MOST = 5, 12  # blocks of samples that are not slow
SLOW_S, VERY_SLOW_S = 0.05, 1.0
SLOW_BLOCKS, VERY_SLOW_BLOCKS = 5, 1
LEAST_BLOCKS = 3  # of short samples, where many sizes share a process
WARM_S, WARM_CALLS = 0.02, 3
MOST_INPUTS = 6000  # of one size: generating them costs more than it gains
POOL_BYTES = 64 << 20


def plan(size: Mapping[str, int], seconds: float, input_bytes: int, effort: float = 1.0) -> CellPlan:
    """The plan for one size: samples of at least SAMPLE_S where the pool of distinct inputs allows it.

    `effort` multiplies the blocks: a first look makes do with fewer, a small effect needs more.
    """
    seconds = max(seconds, 1e-7)
    calls, short = 1, 0
    if seconds <= SINGLE_S:
        calls, short = max(LEAST_CALLS, math.ceil(SAMPLE_S / seconds)), math.ceil(SHORT_S / seconds)
    warm = 1 if seconds > VERY_SLOW_S else max(WARM_CALLS, min(math.ceil(WARM_S / seconds), 4 * calls))
    blocks = max(1, math.ceil(effort * _blocks(calls * seconds)))
    room = max(16, min(MOST_INPUTS, POOL_BYTES // max(1, input_bytes)))
    while warm + 2 * (calls + short) * blocks > room and (blocks > SLOW_BLOCKS or calls > 1):
        if blocks > SLOW_BLOCKS:
            blocks -= 1
        else:
            calls, warm = math.ceil(calls / 2) if calls > 2 else 1, max(WARM_CALLS, warm // 2)
            short = min(short, calls // LEAST_CALLS)
    return CellPlan(size, calls, short, blocks, warm)


def fit(plans: Sequence[CellPlan], seconds: Sequence[float], budget: float) -> tuple[CellPlan, ...]:
    """All sizes inside one process of about `budget` seconds: take blocks away from all until they fit."""
    samples = [(plan.calls + plan.short) * each for plan, each in zip(plans, seconds, strict=True)]
    cost = sum(6 * plan.blocks * sample for plan, sample in zip(plans, samples, strict=True))
    keep = min(1.0, budget / cost) if cost > 0 else 1.0
    return tuple(_thinned(plan, sample, keep) for plan, sample in zip(plans, samples, strict=True))


def seconds_each(plans: Sequence[CellPlan], seconds: Sequence[float], arms: int) -> float:
    """What one process, or one pair, takes of timed work."""
    return arms * sum(plan.inputs * each for plan, each in zip(plans, seconds, strict=True))


def _thinned(plan: CellPlan, sample: float, keep: float) -> CellPlan:
    least = LEAST_BLOCKS if sample <= SLOW_S else 1
    return replace(plan, blocks=max(min(plan.blocks, least), int(plan.blocks * keep)))


def _blocks(sample: float) -> int:
    if sample > VERY_SLOW_S:
        return VERY_SLOW_BLOCKS
    if sample > SLOW_S:
        return SLOW_BLOCKS
    return max(FEWEST, min(MOST, round(ARM_S / (2 * sample))))
