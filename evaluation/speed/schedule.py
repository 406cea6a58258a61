"""Who runs when, on which inputs: mirrored random orders, and inputs that no side of a process sees twice."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from evaluation.speed.samples import ARMS, Arm

Half = tuple[Sequence[int], Sequence[int]]  # the inputs of a half's long samples, and of its short ones


@dataclass(frozen=True, slots=True)
class CellPlan:
    """How one size is measured in one process."""

    size: Mapping[str, int]
    calls: int  # per sample
    short: int  # per short sample, which shows what a sample costs beyond its calls; 0: an empty one does
    blocks: int
    warm: int  # calls a side before the first block

    @property
    def inputs(self) -> int:
        """Distinct inputs that one process needs: the two halves of a block use different ones, the arms the same."""
        return self.warm + 2 * (self.calls + self.short) * self.blocks

    def shorter(self, share: float = 0.5) -> "CellPlan":
        """The plan of a process that needs to see less."""
        return replace(self, blocks=max(1, math.ceil(self.blocks * share)))


@dataclass(frozen=True, slots=True)
class Turn:
    """One block: the order of the arms, and the inputs of its first and of its second half."""

    order: tuple[Arm, ...]
    first: Half
    second: Half

    def visits(self) -> Iterator[tuple[Arm, bool, Sequence[int]]]:
        """(arm, whether its sample is short, inputs): long and short in turn, of another arm each time, then all mirrored."""
        count = len(self.order)
        # an even number of arms would give one of them all the long samples: the second row is shifted by one
        one = [(arm, (at + (1 - count % 2) * (at // count)) % 2 == 1) for at, arm in enumerate(2 * self.order)]
        for half, visits in ((self.first, one), (self.second, one[::-1])):
            for arm, short in visits:
                yield arm, short, half[short]


@dataclass(frozen=True, slots=True)
class Timetable:
    """One size in one process: warm-up inputs, then the blocks."""

    warm: Sequence[int]
    turns: tuple[Turn, ...]


def timetable(plan: CellPlan, available: int, random: Random, arms: Sequence[Arm] = ARMS) -> Timetable:
    """Deal the pool out, shuffled; each block is a random order of the arms followed by its mirror image."""
    dealt = iter(random.sample(range(available), plan.inputs))

    def deal(count: int) -> list[int]:
        return [next(dealt) for _ in range(count)]

    def half() -> Half:
        return deal(plan.calls), deal(plan.short)

    warm = deal(plan.warm)
    return Timetable(warm, tuple(Turn(tuple(random.sample(arms, len(arms))), half(), half()) for _ in range(plan.blocks)))
