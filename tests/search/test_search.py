"""The search itself, over a world on paper: every strategy, every reason to stop, and a crash between any two steps."""

import math
from dataclasses import replace
from random import Random

import pytest

from bench.landscapes import MODEL, SYNTHETIC, Landscape, Node
from bench.simulate import CLAIM, PAPER, World, plain, plan_for
from bot.search import search
from bot.selection.allowance import Allowance
from bot.selection.plan import STRATEGIES, Plan

WORLDS = {world.name: world for world in SYNTHETIC}
NOTHING = Landscape("nothing", lambda *_: Node(0.0, broken=True), 0.0, arms=MODEL)
LADDER = WORLDS["ladder"]


def world(landscape=LADDER):
    return World(landscape, Random(7))


class Crash(Exception):
    """The process died."""


class Journal:
    """Steps as a durable engine keeps them: answers are found again by their place, and a name must not change."""

    def __init__(self):
        self.kept, self.calls = [], []

    def run(self, most):
        """A step function that dies before the step of this number."""
        at = iter(range(10_000))

        def step(name, function, /, *args):
            place = next(at)
            if place < len(self.kept):
                assert self.kept[place][0] == name, "a restart went astray"
                return self.kept[place][1]
            if place == most:
                raise Crash
            self.calls.append(name)
            self.kept.append((name, function(*args)))
            return self.kept[-1][1]

        return step


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_crash_between_any_two_steps_changes_nothing(strategy):
    plan = plan_for(LADDER, strategy, 9)
    whole, alone = world(), Journal()
    finding = search(alone.run(-1), whole, PAPER, plan)
    assert len(alone.calls) > 10

    broken, journal = world(), Journal()
    for moment in range(len(alone.calls)):
        with pytest.raises(Crash):
            search(journal.run(moment), broken, PAPER, plan)

    assert search(journal.run(-1), broken, PAPER, plan) == finding
    assert journal.calls == alone.calls, "no step was done twice"
    assert broken.told == whole.told


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_strategy_takes_more_looks_than_its_budget(strategy):
    for budget in (1, 2, 5, 11):
        used = world()
        search(plain, used, PAPER, plan_for(LADDER, strategy, budget))
        assert used.spent.evaluations <= budget


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_wins_was_confirmed_and_everybody_else_has_a_reason(strategy):
    used = world()
    found = search(plain, used, PAPER, plan_for(LADDER, strategy, 12))
    fates = {name: fate for name, _, fate, _ in used.told}

    assert found.winner and fates[found.winner] == "won" and used.nodes[found.winner].gain > math.log(1 + CLAIM)
    assert len(fates) == used.spent.evaluations and "" not in fates.values()


@pytest.mark.parametrize(
    ("changes", "landscape", "reason"),
    [
        ({"rounds": 2}, LADDER, "rounds"),
        ({"budget": Allowance(seconds=300)}, LADDER, "time"),
        ({"budget": Allowance(evaluations=3)}, LADDER, "evaluations"),
        ({"budget": Allowance(usd=0.0), "agents": ("native",)}, LADDER, "money"),
        ({"budget": Allowance(tokens=100), "agents": ("native",)}, LADDER, "tokens"),
        ({"budget": Allowance(calls=1), "agents": ("native",)}, LADDER, "calls"),
        ({"agents": ("recipes",), "variants": (), "budget": Allowance()}, replace(LADDER, propose=lambda *_: Node(0.0)), "ideas"),
        ({"strategy": "adaptive"}, NOTHING, "stalled"),
        ({"strategy": "hybrid", "budget": Allowance()}, WORLDS["recipes suffice"], "settled"),
    ],
)
def test_every_reason_to_stop_is_told(changes, landscape, reason):
    used = world(landscape)
    plan = replace(Plan(("recipes", "native"), rounds=30, parallel=2, variants=MODEL), **changes)
    search(plain, used, PAPER, plan)

    assert used.stop == reason


def test_where_nothing_helps_nothing_wins_and_all_is_told():
    used = world(NOTHING)

    found = search(plain, used, PAPER, plan_for(NOTHING, "hybrid", 6))

    assert found.winner is None and found.confirmations == 0
    assert {fate for _, _, fate, _ in used.told} == {"rejected"} and len(used.told) == 6
