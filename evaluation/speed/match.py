"""Sides that take turns on one core: all in one process for precision, or each in a process of its own for trust."""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.channel import ChannelLost, Loss
from evaluation.speed.pinning import same_core
from evaluation.speed.referee import Check, Launcher, Pool, Referee
from evaluation.speed.samples import SEATS, Arm, Block, CellRun, Kind, Sample, Session
from evaluation.speed.schedule import CellPlan, Turn, timetable

FIRST_NS, FIRST_TIMES = 30_000_000, 10  # a first call that costs so much, and so much more than others, compiled something
STEADY, STEADY_WITHIN = 3, 0.02  # samples in a row that agree: what was compiling is done
WARM_MOST_S = 5.0  # a side


class SideLost(Exception):
    """The process that held `arm` is of no more use: `reason` says how it ended."""

    def __init__(self, arm: Arm, reason: Loss, detail: str) -> None:
        super().__init__(detail)
        self.arm = arm
        self.reason = reason


def play(launcher: Launcher, kind: Kind, trees: Mapping[Arm, Path], plans: Sequence[CellPlan], pools: Sequence[Pool],
         random: Random, check: Check, patience: float) -> Session:  # fmt: skip
    """Measure all sizes in fresh processes. Raises SideFailed, SideLost, WrongOutcome, ProbeFailed, NoClock."""
    with ExitStack() as stack:
        seats = [_seated(stack, launcher, arms, trees, random, check, patience) for arms in SEATS[kind]]
        match = Match(tuple(seats), random)
        order = random.sample(range(len(plans)), len(plans))
        with same_core([seat.referee.pid for seat in seats], random) if launcher.one_core else nullcontext():
            runs = {cell: match.measure(cell, plans[cell], pools[cell]) for cell in order}
        left = {seat.blamed: seat.referee.left() for seat in seats}
        return Session(kind, tuple(runs[cell] for cell in range(len(plans))), left)


@dataclass(frozen=True, slots=True)
class Seat:
    """A process, the sides it holds, and the one to blame when it is lost: the candidate, or the baseline where it is alone."""

    referee: Referee
    arms: tuple[Arm, ...]

    @property
    def blamed(self) -> Arm:
        """The side that runs here at its own risk."""
        return self.arms[-1]


@dataclass(frozen=True, slots=True)
class Match:
    """Sides that take turns, each in its seat."""

    seats: tuple[Seat, ...]
    random: Random

    def measure(self, cell: int, plan: CellPlan, pool: Pool) -> CellRun:
        """Warm up, then run the blocks of one size."""
        by_arm = {arm: seat for seat in self.seats for arm in seat.arms}
        table = timetable(plan, len(pool.inputs), self.random, tuple(by_arm))
        first: dict[Arm, int] = {}
        for arm in self.random.sample(tuple(by_arm), len(by_arm)):
            first[arm] = _warm(by_arm[arm], arm, cell, table.warm, pool)
        blocks = tuple(self._block(by_arm, cell, turn, pool) for turn in table.turns)
        return CellRun(plan.calls, plan.short, blocks, first)

    def _block(self, by_arm: Mapping[Arm, Seat], cell: int, turn: Turn, pool: Pool) -> Block:
        rest: dict[Arm, int] = {}
        for seat in self.seats:
            with _blaming(seat):
                used = seat.referee.rest()
            rest |= dict.fromkeys(seat.arms, used) if len(seat.arms) == 1 else {}
        block = Block({arm: [] for arm in by_arm}, {arm: [] for arm in by_arm}, rest)
        for arm, short, inputs in turn.visits():
            (block.short if short else block.long)[arm].append(_sample(by_arm[arm], arm, cell, inputs, pool))
        return block


def _seated(stack: ExitStack, launcher: Launcher, arms: tuple[Arm, ...], trees: Mapping[Arm, Path], random: Random, check: Check,
            patience: float) -> Seat:  # fmt: skip
    try:
        line = stack.enter_context(launcher.open({arm: trees[arm] for arm in arms}))
        seat = Seat(Referee(line, random, check, patience), arms)
        seat.referee.load(arms)
    except ChannelLost as lost:
        raise SideLost(arms[-1], lost.reason, lost.detail) from lost
    return seat


def _warm(seat: Seat, arm: Arm, cell: int, inputs: Sequence[int], pool: Pool) -> int:
    """Make the first calls; CPU ns that the very first one cost beyond the others, where that is a lot: compiling, importing.

    Code that compiles itself is run on until it is steady. Only here may inputs repeat: nothing of it is measured.
    """
    first = _sample(seat, arm, cell, inputs[:1], pool).cpu
    rest = inputs[1:]
    if not rest:
        return 0
    each = _sample(seat, arm, cell, rest, pool).cpu / len(rest)
    if first < FIRST_NS or first < FIRST_TIMES * each:
        return 0
    start, last = time.monotonic(), deque([each], STEADY)
    while not _steady(last) and time.monotonic() < start + WARM_MOST_S:
        last.append(_sample(seat, arm, cell, rest, pool).cpu / len(rest))
    return round(first - each)


def _steady(times: Sequence[float]) -> bool:
    return len(times) == STEADY and max(times) <= min(times) * (1 + STEADY_WITHIN)


def _sample(seat: Seat, arm: Arm, cell: int, inputs: Sequence[int], pool: Pool) -> Sample:
    with _blaming(seat):
        return seat.referee.sample(arm, cell, inputs, pool)


@contextmanager
def _blaming(seat: Seat) -> Iterator[None]:
    try:
        yield
    except ChannelLost as lost:
        raise SideLost(seat.blamed, lost.reason, lost.detail) from lost
