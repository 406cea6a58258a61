"""Makes the inputs of a last look and deals them, sample by sample and turn by turn, so that both sides are asked alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from evaluation.guard.last_look import differences, sizes
from evaluation.guard.last_look.differences import Mixed
from evaluation.inputs import Input, InputsFailed, Source
from evaluation.speed.calibration import SLOW_S, VERY_SLOW_S
from evaluation.speed.preparation import Prepared, seeded
from evaluation.speed.referee import Pool

PASS_S, WHOLE_S = 0.3, 1.0  # of the baseline's time, for one pass over the inputs; the same with what surrounds its calls
FEWEST = (4, 2)  # inputs in a pass, however slow, and where calls are very slow
TURNS = {"quick": (6, 3), "slow": (6, 1), "very slow": (1, 2)}  # that a side takes, and samples of each kind in one of them
CALLS = 40  # in a sample at sizes a little off, at most
POOLS = 3  # of each size


@dataclass(frozen=True, slots=True)
class Round:
    """Some of a pool's inputs, sample by sample; `number` tells the pools of a look apart."""

    number: int
    pool: Pool
    samples: Sequence[Sequence[int]]

    def part(self, at: int, count: int) -> "Round":
        """One of `count` equal parts."""
        return replace(self, samples=self.samples[at::count])


@dataclass(frozen=True, slots=True)
class Rounds:
    """One size in one turn; the last two share a pool."""

    here: Round
    elsewhere: Round
    timed: Round
    collected: Round

    def part(self, at: int, count: int) -> "Rounds":
        """One turn of `count`."""
        return Rounds(*(each.part(at, count) for each in (self.here, self.elsewhere, self.timed, self.collected)))


@dataclass(frozen=True, slots=True)
class Dealer:
    """Where calls draw from random streams, each input gets a state of them, the same for both sides."""

    source: Source
    prepared: Prepared
    random: Random

    def known(self) -> Round:
        """New inputs of the size of which a process sees most; they come again and again. Raises InputsFailed."""
        prepared = self.prepared
        most = max(range(len(prepared.plans)), key=lambda at: prepared.plans[at].inputs)
        seconds, plan = prepared.seconds[most], prepared.plans[most]
        room = min(int(PASS_S / seconds), int(WHOLE_S / prepared.whole_s(most)))
        count = max(FEWEST[seconds > VERY_SLOW_S], min(len(prepared.pools[most].inputs), room))
        fresh = self.source.make(self.random.getrandbits(63), plan.size, count)
        return Round(0, self._pool(most, fresh), _batches(range(count), plan.calls))

    def turns(self, cell: int, number: int) -> list[Rounds]:
        """All turns at a size, their pools numbered from `number` on. Raises InputsFailed."""
        timed, calls = self.prepared.pools[cell], self.prepared.plans[cell].calls
        count, each = self._shape(cell)
        samples = count * each
        fewer = min(CALLS, calls)
        here = self._made(cell, samples * fewer) if fewer < calls else []
        elsewhere = self._off(cell, fewer)
        chosen = self.random.sample(range(len(timed.inputs)), min(2 * samples * calls, len(timed.inputs)))
        batches = _batches(chosen, calls)
        rounds = Rounds(
            Round(number, self._pool(cell, here), _batches(range(len(here)), fewer)),
            Round(number + 1, self._pool(cell, elsewhere), _batches(range(len(elsewhere)), fewer)),
            Round(number + 2, timed, batches[::2]),
            Round(number + 2, timed, batches[1::2] or batches),
        )
        return [rounds.part(at, count) for at in range(count)]

    def cost(self, cell: int) -> float:
        """The baseline's seconds for a size's turns."""
        (count, each), calls = self._shape(cell), self.prepared.plans[cell].calls
        return count * each * (2 * calls + 2 * min(CALLS, calls)) * self.prepared.seconds[cell]

    def mixed(self, edges: Sequence[Input], known: Round) -> list[Mixed]:
        """Edges among ordinary inputs, in samples like the others."""
        found = differences.mixed(edges, known.pool.inputs, len(known.samples[0]), self.random)
        return found if known.pool.seeds is None else [Mixed(seeded(each.pool, self.random), each.edges) for each in found]

    def _shape(self, cell: int) -> tuple[int, int]:
        """(turns, samples of each kind in a turn)."""
        seconds = self.prepared.seconds[cell]
        return TURNS["very slow" if seconds > VERY_SLOW_S else "slow" if seconds > SLOW_S else "quick"]

    def _made(self, cell: int, count: int) -> list[bytes]:
        return self.source.make(self.random.getrandbits(63), self.prepared.plans[cell].size, count)

    def _off(self, cell: int, calls: int) -> list[bytes]:
        """Inputs for samples at sizes that nobody measures, larger ones in one turn and smaller ones in the next.

        So an honest gain that grows with the size shows as it is in the middle. None where such sizes can't be made.
        """
        turns, each = self._shape(cell)
        made = []
        for size in sizes.off(self.prepared.plans[cell].size, self.random, barely=turns == 1):
            try:
                made.append(self.source.make(self.random.getrandbits(63), size, turns * each * calls))
            except InputsFailed:
                continue
        found: list[bytes] = []
        for sample in range(turns * each if made else 0):
            found += made[sample % turns % len(made)][sample * calls : (sample + 1) * calls]
        return found

    def _pool(self, cell: int, inputs: Sequence[bytes]) -> Pool:
        timed = self.prepared.pools[cell]
        made = Pool(inputs, timed.arguments)
        return made if timed.seeds is None else seeded(made, self.random)


def _batches(inputs: Sequence[int], calls: int) -> list[Sequence[int]]:
    return [inputs[at : at + calls] for at in range(0, len(inputs), calls)]
