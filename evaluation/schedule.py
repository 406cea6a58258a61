"""Who runs when, on which inputs: mirrored random orders, and inputs that no side of a process sees twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from evaluation.samples import ARMS, Arm


@dataclass(frozen=True, slots=True)
class CellPlan:
    """How one size is measured in one process."""

    size: Mapping[str, int]
    calls: int  # per sample
    blocks: int
    warm: int  # calls a side before the first block

    @property
    def inputs(self) -> int:
        """Distinct inputs that one process needs: the two halves of a block use different ones, the arms the same."""
        return self.warm + 2 * self.calls * self.blocks

    def shorter(self) -> "CellPlan":
        """The plan of a solo process, which needs to see less."""
        return CellPlan(self.size, self.calls, max(1, (self.blocks + 1) // 2), self.warm)


@dataclass(frozen=True, slots=True)
class Turn:
    """One block: the order of its six samples, and the inputs of its first and of its second half."""

    order: tuple[Arm, ...]
    first: Sequence[int]
    second: Sequence[int]

    def halves(self) -> Sequence[tuple[Arm, Sequence[int]]]:
        """The six samples in order, each with its inputs."""
        middle = len(self.order) // 2
        return [(arm, self.first if place < middle else self.second) for place, arm in enumerate(self.order)]


@dataclass(frozen=True, slots=True)
class Timetable:
    """One size in one process: warm-up inputs, then the blocks."""

    warm: Sequence[int]
    turns: tuple[Turn, ...]


def timetable(plan: CellPlan, available: int, random: Random) -> Timetable:
    """Deal the pool out, shuffled; each block is a random order of the arms followed by its mirror image."""
    dealt = random.sample(range(available), plan.inputs)
    warm, rest = dealt[: plan.warm], dealt[plan.warm :]
    turns = []
    for start in range(0, len(rest), 2 * plan.calls):
        order = random.sample(ARMS, len(ARMS))
        middle = start + plan.calls
        turns.append(Turn((*order, *reversed(order)), rest[start:middle], rest[middle : middle + plan.calls]))
    return Timetable(warm, tuple(turns))
