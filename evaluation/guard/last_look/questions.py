"""What both sides are asked in a last look: inputs of their own, in samples like the measured ones, and inputs at the edges."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.correctness.equivalence import HASTY_SECONDS
from evaluation.correctness.observer import Observer
from evaluation.guard.last_look import sizes
from evaluation.guard.last_look.answers import Answer, Oracle
from evaluation.guard.last_look.dealer import POOLS, Dealer, Round, Rounds
from evaluation.guard.last_look.differences import Mixed
from evaluation.inputs import Input, InputsFailed, Source
from evaluation.policy import Policy
from evaluation.scorecard import Clock
from evaluation.speed.calibration import POOL_BYTES
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Launcher
from evaluation.speed.scores import named

EDGES = 24  # inputs at the edges, of ordinary and of the measured sizes each


@dataclass(frozen=True, slots=True)
class Found:
    """What was found before: the clock that decided, the gain it showed at each size (ln), and what is not asked."""

    clock: Clock = "cpu"
    gains: Sequence[float] = ()
    weights: Sequence[float] = ()  # how much each of these counts
    aside: frozenset[str] = frozenset()  # codes in which the pristine code does not agree with itself

    def claims(self) -> list[int]:
        """The sizes on whose gain a claim rests, the one that it rests on most first."""
        claims = [gain * weight for gain, weight in zip(self.gains, self.weights, strict=True)]
        return sorted((at for at, claim in enumerate(claims) if claim > 0), key=lambda at: -claims[at])


@dataclass(frozen=True, slots=True)
class Asked:
    """A size at which both sides take turns, and the gain that it showed (ln); NaN where none was measured."""

    size: Mapping[str, int]
    gain: float
    turns: Sequence[Rounds]


@dataclass(frozen=True, slots=True)
class Questions:
    """What both sides are asked: the same, in the same order."""

    known: Round
    sizes: Sequence[Asked]
    mixed: Sequence[Mixed]
    refused: Sequence[Mixed]  # with edges for which the pristine code raises: what it does before that is nobody's promise
    edges: Sequence[Input]
    far: Sequence[Answer]  # at sizes that nobody measures, asked in a process of their own
    clock: Clock
    aside: frozenset[str]

    @property
    def rounds(self) -> Sequence[Round]:
        """One of each pool, by number."""
        first = [asked.turns[0] for asked in self.sizes]
        return [self.known, *(each for some in first for each in (some.here, some.elsewhere, some.timed))]

    @property
    def turns(self) -> int:
        """That each side takes."""
        return max(len(asked.turns) for asked in self.sizes)


def questions(launcher: Launcher, baseline: Path, prepared: Prepared, source: Source, random: Random, policy: Policy,
              found: Found) -> Questions:  # fmt: skip
    """The same for both sides, in the same order. Raises InputsFailed, Unloadable."""
    dealer = Dealer(source, prepared, random)
    known = dealer.known()
    costs = [dealer.cost(cell) for cell in range(len(prepared.plans))]
    chosen = sizes.asked(prepared.seconds, costs, found.claims())
    gains = found.gains or [math.nan] * len(costs)
    asked = [Asked(prepared.plans[at].size, gains[at], dealer.turns(at, 1 + POOLS * nth)) for nth, at in enumerate(chosen)]
    with Observer(launcher, baseline) as one, Observer(launcher, baseline) as other:
        oracle = Oracle(one, other, policy, source, found.aside)
        edges, aside = oracle.answers(_edges(source, prepared.plans[chosen[0]].size, random))
        far, more = oracle.answers(_far(source, prepared, random))
    far = [each for each in far if not each.refused]  # a generator may not be made for such a size
    mixed, refused = (dealer.mixed([each.input for each in edges if each.refused is how], known) for how in (False, True))
    return Questions(known, asked, mixed, refused, [each.input for each in edges], far, found.clock, aside | more)


def _edges(source: Source, size: Mapping[str, int], random: Random) -> list[Input]:
    try:
        small = source.varied(random.getrandbits(31), EDGES)
        return small + source.varied(random.getrandbits(31), EDGES, size=size)
    except InputsFailed:
        return []


def _far(source: Source, prepared: Prepared, random: Random) -> list[Input]:
    """One input of each size between and beyond the measured ones, as far as there is time and room for it."""
    grid = [plan.size for plan in prepared.plans]
    seconds, room = max(prepared.seconds), max(len(pool.inputs[0]) for pool in prepared.pools)
    found = [(size, 1.0) for size in sizes.between(grid, random)] + sizes.beyond(grid, random)
    fit = [size for size, times in found if seconds * times < HASTY_SECONDS and room * times < POOL_BYTES]
    return [each for size in fit for each in _one(source, size, random)]


def _one(source: Source, size: Mapping[str, int], random: Random) -> list[Input]:
    try:
        return [
            Input(pickle, f"an input of the size {named(size)}", "generator")
            for pickle in source.make(random.getrandbits(63), size, 1)
        ]
    except InputsFailed:
        return []
