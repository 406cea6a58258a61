"""How much each strategy leaves on the table at each budget: the real search, replayed on worlds whose truth is known.

    python -m bench.simulate [--recorded DATA_FOLDER] [--trials N] [--budgets 4 8 16 32]

Nothing is measured and nobody is asked: a first look is the truth plus noise, a confirmation nearly the truth. Regret is how
much faster the best that can be reached is than what would have been published, as a factor; ± is its standard error. A budget
is a number of evaluations. Beside it stands how many of them were used, and the model's minutes one after the other.
"""

import argparse
import itertools
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench.landscapes import BASE, SYNTHETIC, Landscape, Node, recorded
from bot.iteration import Iteration
from bot.search import Brought, Told, search
from bot.selection.allowance import Allowance, Spent
from bot.selection.plan import STRATEGIES, Choice, Plan, Round, Strategy
from evaluation.scorecard import Interval, Outcome, Scorecard

BUDGETS = (4, 8, 16, 32)
ROUNDS = 24  # more than any budget allows: the budget decides
PARALLEL = 3
CLAIM = 0.03
PAPER = Iteration("paper", "paper", "paper", "", "paper.py::f")
CONFIRMED = 0.01  # noise of a confirmation, as log
CATALOGUE = 4  # drafts that recipes have for a target
LOOK_S = 20.0  # a first look


@dataclass
class World:
    """A workshop on paper, over one landscape: what is proposed has a true gain, and each look adds its noise."""

    landscape: Landscape
    random: Random
    nodes: dict[str, Node] = field(default_factory=dict)
    kept: dict[str, Scorecard] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    stop: str = ""
    spent: Spent = Spent()
    given: int = 0  # by agents that say all they have at once

    def meter(self, _: Iteration) -> Spent:
        """What was used so far."""
        return self.spent

    def propose(self, _: Iteration, chosen: Round) -> list[Brought]:
        """What the landscape has for each agent; agents abreast take as long as the slowest."""
        told, number = [], 0
        for choice in chosen.choices:
            names = []
            for _draft in range(min(choice.drafts, self._stock(choice))):
                number += 1
                names.append(f"{choice.round}.{number}")
                self.nodes[names[-1]] = self.landscape.propose(self.random, choice.arm, self.nodes.get(choice.parent or "", BASE))
            self.given += len(names) if choice.arm.thorough else 0
            told.append(Brought(tuple(names), Spent(self.landscape.cost(choice.arm))))
        self._spend(max(brought.cost.seconds for brought in told), 0)
        return told

    def evaluate(self, _: Iteration, candidate: str) -> str:
        """A first look."""
        self._spend(LOOK_S, 1)
        return self._card(candidate, self.landscape.noise, Outcome.INCONCLUSIVE)

    def race(self, _: Iteration, candidates: list[str]) -> list[str]:
        """Nearly the true order."""
        return sorted(candidates, key=lambda name: -self.nodes[name].gain + self.random.gauss(0, CONFIRMED))

    def confirm(self, _: Iteration, candidate: str) -> str:
        """Nearly the truth, held against the claim."""
        gain = self.nodes[candidate].gain + self.random.gauss(0, CONFIRMED)
        return self._card(candidate, CONFIRMED, Outcome.ACCEPTED if gain > math.log(1 + CLAIM) else Outcome.REJECTED)

    def account(self, _: Iteration, told: list[Told], stop: str, spent: Spent) -> None:
        """Remember it for the tests."""
        self.told, self.stop, self.spent = told, stop, spent

    def scorecard(self, blob: str) -> Scorecard:
        """What was looked at."""
        return self.kept[blob]

    def ingredients(self, _: str) -> Sequence[str]:
        """None: these are ideas without a text."""
        return ()

    def _card(self, candidate: str, noise: float, outcome: Outcome) -> str:
        node = self.nodes[candidate]
        seen = math.exp(node.gain + self.random.gauss(0, noise))
        name = f"{candidate}/{len(self.kept)}"
        end = Outcome.REJECTED if node.broken else outcome
        self.kept[name] = Scorecard("paper", end, (), speedup=Interval(seen, seen, seen))
        return name

    def _stock(self, choice: Choice) -> int:
        """How many more drafts an agent has: one that says all it has at once runs out of ideas."""
        return max(0, CATALOGUE - self.given) if choice.arm.thorough else choice.drafts

    def _spend(self, seconds: float, evaluations: int) -> None:
        self.spent = Spent(self.spent.seconds + seconds, evaluations=self.spent.evaluations + evaluations)


@dataclass(frozen=True, slots=True)
class Trial:
    """How one search ended."""

    regret: float  # as log
    evaluations: int
    minutes: float


def plain(_: str, function: Callable[..., Any], /, *args: Any) -> Any:
    """A step that nobody writes down."""
    return function(*args)


def plan_for(landscape: Landscape, strategy: Strategy, budget: int) -> Plan:
    """A plan that only the number of evaluations bounds."""
    agents = tuple(dict.fromkeys(arm.agent for arm in landscape.arms))
    return Plan(agents, strategy, ROUNDS, PARALLEL, CLAIM, budget=Allowance(evaluations=budget), variants=landscape.arms)


def trial(landscape: Landscape, strategy: Strategy, budget: int, random: Random) -> Trial:
    """One search, by the code that searches for real."""
    world = World(landscape, random)
    found = search(plain, world, PAPER, plan_for(landscape, strategy, budget))
    won = world.nodes[found.winner].gain if found.winner else 0.0
    return Trial(max(0.0, landscape.best - won), world.spent.evaluations, world.spent.seconds / 60)


def cell(landscape: Landscape, strategy: Strategy, budget: int, trials: int) -> list[Trial]:
    """Many searches of one kind, every strategy with the same seeds."""
    return [trial(landscape, strategy, budget, Random(f"{landscape.name}/{budget}/{seed}")) for seed in range(trials)]


def figures(trials: Sequence[Trial]) -> str:
    """A cell of the table."""
    regrets = [trial.regret for trial in trials]
    mean, error = statistics.mean(regrets), statistics.stdev(regrets) / math.sqrt(len(regrets))
    used = statistics.mean(trial.evaluations for trial in trials)
    return f"{math.exp(mean):5.2f}x ±{error:.2f} {used:4.1f} ev {statistics.mean(t.minutes for t in trials):4.0f} min"


def main() -> None:
    """Print regret against budget."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--recorded", type=Path, help="a data folder (HASTEN_DATA) with judged candidates to draw from")
    options.add_argument("--trials", type=int, default=200)
    options.add_argument("--budgets", type=int, nargs="+", default=BUDGETS)
    asked = options.parse_args()
    replayed = recorded(asked.recorded) if asked.recorded else None
    worlds = [*SYNTHETIC, *([replayed] if replayed else [])]
    print(f"simulate: regret (factor left on the table), evaluations and minutes used; {asked.trials} searches a cell")
    print(f"simulate: {'':28}" + "  ".join(f"{f'{budget} evaluations':>28}" for budget in asked.budgets))
    total: dict[tuple[str, int], list[float]] = {}
    for world, strategy in itertools.product(worlds, STRATEGIES):
        cells = {budget: cell(world, strategy, budget, asked.trials) for budget in asked.budgets}
        print(
            f"simulate: {world.name:16}{strategy:12}" + "  ".join(f"{figures(cells[b]):>28}" for b in asked.budgets), flush=True
        )
        for budget, trials in cells.items():
            total.setdefault((strategy, budget), []).append(statistics.mean(trial.regret for trial in trials))
    for strategy in STRATEGIES:
        means = (f"{math.exp(statistics.mean(total[strategy, budget])):.2f}x" for budget in asked.budgets)
        print(f"simulate: {'all worlds':16}{strategy:12}" + "  ".join(f"{mean:>28}" for mean in means))


if __name__ == "__main__":
    main()
