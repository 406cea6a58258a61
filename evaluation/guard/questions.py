"""What both sides are asked in a last look: inputs of their own, in samples like the measured ones, and inputs at the edges."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from evaluation.compare import pairing
from evaluation.compare.comparison import disagreements
from evaluation.compare.observation import raised
from evaluation.compare.plain import Value
from evaluation.compare.walk import ORDER
from evaluation.correctness import equivalence
from evaluation.correctness.observer import Lost, Observer
from evaluation.guard import drifting
from evaluation.guard.drifting import Mixed
from evaluation.inputs import Input, InputsFailed, Source
from evaluation.policy import Policy
from evaluation.speed.calibration import VERY_SLOW_S
from evaluation.speed.preparation import Prepared, seeded
from evaluation.speed.referee import Launcher, Pool
from evaluation.speed.samples import Clock

PASS_S = 0.3  # of the baseline's time, for one pass over the inputs
EDGES = 24  # inputs at the edges, of ordinary and of the measured sizes each
FEWEST = (4, 2)  # inputs in a pass, however slow, and where calls are very slow
TURNS = (5, 1)  # that a side takes, fewer where calls are very slow
SAMPLES, CALLS = (
    (3, 2),
    40,
)  # of each kind in a turn, fewer where calls are very slow; calls in a sample at sizes a little off, at most
OFF_BY, SMALL = (0.05, 0.2), 16  # how far off a size is, as a share of it; a smaller one stays what it is
SECONDS = 5.0  # for one input at the edges
UNSTEADY = frozenset({ORDER, *pairing.CODES})  # in which pristine code may differ from process to process and still be asked


@dataclass(frozen=True, slots=True)
class Found:
    """What was found before: the clock that decided, the gain it showed at the slowest size (ln), and what is not asked."""

    clock: Clock = "cpu"
    gain: float = math.nan
    aside: frozenset[str] = frozenset()  # codes in which the pristine code does not agree with itself


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
class Questions:
    """What both sides are asked: the same, in the same order."""

    known: Round
    turns: Sequence[tuple[Round, Round, Round]]  # where calls take longest, at a size a little off, on inputs of the measurement
    mixed: Sequence[Mixed]
    refused: Sequence[Mixed]  # with edges for which the pristine code raises: what it does before that is nobody's promise
    edges: Sequence[Input]
    clock: Clock
    aside: frozenset[str]

    @property
    def rounds(self) -> Sequence[Round]:
        """One of each pool, by number."""
        return [self.known, *self.turns[0]]


def questions(launcher: Launcher, baseline: Path, prepared: Prepared, source: Source, random: Random, policy: Policy,
              found: Found) -> Questions:  # fmt: skip
    """The same for both sides, in the same order. Raises InputsFailed."""
    most = max(range(len(prepared.plans)), key=lambda at: prepared.plans[at].inputs)
    slowest = max(range(len(prepared.plans)), key=lambda at: prepared.seconds[at])
    plan, size, timed = prepared.plans[most], prepared.plans[slowest].size, prepared.pools[slowest]
    slow = prepared.seconds[slowest] > VERY_SLOW_S
    count = max(FEWEST[slow], min(len(prepared.pools[most].inputs), int(PASS_S / prepared.seconds[most])))
    fresh = source.make(random.getrandbits(63), plan.size, count)
    calls = prepared.plans[slowest].calls
    off, samples = min(CALLS, calls), TURNS[slow] * SAMPLES[slow]
    here = source.make(random.getrandbits(63), size, samples * off)
    edges, aside = _answered(launcher, baseline, _edges(source, size, random), policy, found.aside, source)

    def pool(inputs: Sequence[bytes]) -> Pool:
        made = Pool(inputs, timed.arguments)
        return made if timed.seeds is None else seeded(made, random)

    def dealt(some: Sequence[Input]) -> list[Mixed]:
        found = drifting.mixed(some, fresh, plan.calls, random)
        return found if timed.seeds is None else [Mixed(seeded(each.pool, random), each.edges) for each in found]

    chosen = random.sample(range(len(timed.inputs)), min(samples * calls, len(timed.inputs)))
    kinds = (
        Round(1, pool(here), _batches(range(len(here)), off)),
        _round(2, pool(_off(source, size, samples * off, random)), off),
        Round(3, timed, _batches(chosen, calls)),
    )
    return Questions(
        Round(0, pool(fresh), _batches(range(count), plan.calls)), _turns(kinds, TURNS[slow]),
        dealt([edge for edge, how in edges if how is None]), dealt([edge for edge, how in edges if how is not None]),
        [edge for edge, _ in edges], found.clock, aside,
    )  # fmt: skip


def _turns(kinds: tuple[Round, Round, Round], count: int) -> list[tuple[Round, Round, Round]]:
    """Deal the samples of each kind, so that every turn has its own."""
    here, elsewhere, timed = kinds
    return [(here.part(at, count), elsewhere.part(at, count), timed.part(at, count)) for at in range(count)]


def _round(number: int, pool: Pool, calls: int) -> Round:
    return Round(number, pool, _batches(range(len(pool.inputs)), calls))


def _batches(inputs: Sequence[int], calls: int) -> list[Sequence[int]]:
    return [inputs[at : at + calls] for at in range(0, len(inputs), calls)]


def _off(source: Source, size: Mapping[str, int], count: int, random: Random) -> list[bytes]:
    """Inputs at a size that nobody measures; none where sizes are too small to be a little off, or others can't be made."""
    if all(value < SMALL for value in size.values()):
        return []
    by = random.uniform(*OFF_BY) * random.choice((1, -1))
    for share in (1 + by, 1 - by):
        other = {name: round(value * share) if value >= SMALL else value for name, value in size.items()}
        try:
            return source.make(random.getrandbits(63), other, count)
        except InputsFailed:
            continue
    return []


def _edges(source: Source, size: Mapping[str, int], random: Random) -> list[Input]:
    try:
        small = source.varied(random.getrandbits(31), EDGES)
        return small + source.varied(random.getrandbits(31), EDGES, size=size)
    except InputsFailed:
        return []


def _answered(launcher: Launcher, baseline: Path, edges: Sequence[Input], policy: Policy, known: frozenset[str],
              source: Source) -> tuple[list[tuple[Input, str | None]], frozenset[str]]:  # fmt: skip
    """Those that the pristine code answers in time and alike in another process, each with what it raises.

    Its order of things may differ there.
    """
    kept: list[tuple[Input, str | None]] = []
    aside = {*known}
    with Observer(launcher, baseline) as oracle, Observer(launcher, baseline) as witness:
        for edge in edges:
            told = oracle.observe(edge.pickle, seconds=equivalence.HASTY_SECONDS)
            if isinstance(told, Lost) or raised(told) in equivalence.OWN_LIMITS or not _accepted(source, policy, edge, told):
                continue
            again = witness.observe(edge.pickle, seconds=SECONDS)
            lenient = drifting.allowed(policy, edge)
            differing = disagreements(told, again, lenient) if isinstance(again, Value) else {""}
            if set(map(pairing.family, differing)) <= UNSTEADY | known:
                kept.append((edge, raised(told)))
                aside |= differing
    return kept, frozenset(aside)


def _accepted(source: Source, policy: Policy, edge: Input, told: Value) -> bool:
    """Whether the project's own check, where it has one, bears this input with what the pristine code gives."""
    if policy.check is None or raised(told):
        return True
    try:
        return source.accepts(policy.check, edge.pickle, told) is None
    except InputsFailed:
        return False
