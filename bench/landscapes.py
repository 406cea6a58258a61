"""Worlds to search without running anything: how fast each proposal would really be, and how well a first look tells.

Synthetic ones are caricatures of what makes a search hard. A recorded one draws from what agents really gained in a database
of ours. Gains are natural logarithms of speed-ups over the base.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.selection.plan import Arm
from bot.store import Store

RECIPES = Arm("recipes")
MODEL = tuple(Arm("native", hint=hint) for hint in ("", "algorithm", "data", "library"))


@dataclass(frozen=True, slots=True)
class Node:
    """One proposal as it really is."""

    gain: float
    broken: bool = False
    trait: str = ""  # what kind of idea it is, where that decides about what can follow


BASE = Node(0.0)
Propose = Callable[[Random, Arm, Node], Node]


@dataclass(frozen=True, slots=True)
class Landscape:
    """A world: who can propose, what comes of it, how noisy a first look is, and the best that can be reached."""

    name: str
    propose: Propose
    best: float
    noise: float = 0.03
    arms: tuple[Arm, ...] = (RECIPES, *MODEL)
    seconds: Mapping[str, float] | None = None  # what a proposal costs, by agent

    def cost(self, arm: Arm) -> float:
        """Seconds to make one proposal; a model takes minutes, recipes take none."""
        return (self.seconds or {"recipes": 2.0, "native": 120.0}).get(arm.agent, 60.0)


def flat(random: Random, _arm: Arm, parent: Node) -> Node:
    """Nothing helps."""
    return Node(parent.gain, broken=random.random() < 0.3)


def scattered(random: Random, _arm: Arm, _parent: Node) -> Node:
    """Many modest ideas, none of which adds to another; a first look hardly tells them apart."""
    return Node(min(math.log(2), max(0.0, random.gauss(0.1, 0.15))), broken=random.random() < 0.25)


def ladder(random: Random, arm: Arm, parent: Node) -> Node:
    """Each good change makes room for the next."""
    if arm.thorough:
        return Node(0.2) if random.random() < 0.5 else Node(0.0)
    step = random.expovariate(1 / 0.25) if random.random() < 0.5 else 0.0
    return Node(min(math.log(6), parent.gain + step), broken=random.random() < 0.2)


def deceptive(random: Random, arm: Arm, parent: Node) -> Node:
    """What is quickly found leads nowhere; what looks modest leads to five times as fast."""
    if parent.trait == "dead end":
        return Node(parent.gain, broken=random.random() < 0.3, trait="dead end")
    if parent.trait == "road":
        grown = parent.gain + math.log(2) if random.random() < 0.5 else parent.gain
        return Node(min(math.log(5), grown), broken=random.random() < 0.2, trait="road")
    if arm.hint in ("data", "library") and random.random() < 0.35:
        return Node(math.log(1.25), trait="road")
    return Node(math.log(1.6), trait="dead end") if random.random() < 0.6 else Node(0.0, broken=random.random() < 0.3)


def one_good_arm(random: Random, arm: Arm, parent: Node) -> Node:
    """One direction works, the others hardly ever do."""
    luck = 0.5 if arm.hint == "library" else 0.05
    step = random.uniform(0.2, 0.6) if random.random() < luck else 0.0
    return Node(min(math.log(4), parent.gain + step), broken=random.random() < 0.2)


def recipes_suffice(random: Random, arm: Arm, parent: Node) -> Node:
    """The catalogue finds nearly all there is, for next to nothing."""
    if arm.thorough:
        return Node(random.choice([math.log(2.8), math.log(3.0)]))
    return Node(min(math.log(3.0), parent.gain + (0.05 if random.random() < 0.3 else 0.0)), broken=random.random() < 0.2)


SYNTHETIC = (
    Landscape("flat", flat, 0.0, noise=0.05),
    Landscape("noisy", scattered, math.log(1.5), noise=0.15),
    Landscape("ladder", ladder, math.log(6)),
    Landscape("deceptive", deceptive, math.log(5)),
    Landscape("one good arm", one_good_arm, math.log(4)),
    Landscape("recipes suffice", recipes_suffice, math.log(3)),
)


def recorded(folder: Path) -> Landscape | None:
    """What agents gained in the runs of a data folder, drawn again with replacement; None without any judged candidate."""
    store = Store.open(folder)
    try:
        seen = [row for run in store.recent_runs() for row in store.candidates(run.id) if row.outcome]
    finally:
        store.close()
    pools: dict[str, list[Node]] = {}
    for row in seen:
        gain = math.log(row.ratio) if row.ratio and row.outcome != "rejected" else 0.0
        pools.setdefault(row.agent, []).append(Node(max(0.0, gain), broken=row.outcome == "rejected"))
    return _drawn(pools) if pools else None


def _drawn(pools: Mapping[str, Sequence[Node]]) -> Landscape:
    def propose(random: Random, arm: Arm, parent: Node) -> Node:
        drawn = random.choice(pools[arm.agent])
        return Node(max(parent.gain, drawn.gain), drawn.broken)

    best = max(node.gain for pool in pools.values() for node in pool)
    return Landscape("recorded", propose, best, arms=tuple(Arm(agent) for agent in sorted(pools, reverse=True)))
