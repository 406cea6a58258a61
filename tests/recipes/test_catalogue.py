"""Every recipe on its examples: the text it makes, that the result behaves the same, and where it keeps away."""

import functools
import json
import subprocess
from pathlib import Path

import pytest

from bot.agents.recipes import cook
from bot.agents.recipes.cook import Dish
from bot.agents.recipes.registry import CATALOGUE
from bot.agents.recipes.scene import Misfit, Recipe
from tests.recipes import runner
from tests.recipes.cases import PACKAGES, Case, cases

RECIPES = {recipe.name: recipe for recipe in CATALOGUE}
EXAMPLES = cases("before")
NEAR_MISSES = cases("misfit")


def named(case: Case) -> str:
    return f"{case.recipe}/{case.name}"


def dish_of(case: Case) -> Dish:
    return cook.read(case.before.encode(), case.target, PACKAGES)


@functools.cache
def cooked(case: Case) -> Dish:
    """Cooked once for all tests that look at the result."""
    return cook.add(recipe_of(case), dish_of(case))


def recipe_of(case: Case) -> Recipe:
    return RECIPES[case.recipe]


@pytest.mark.parametrize("case", EXAMPLES, ids=named)
def test_an_example_becomes_the_expected_text(case: Case) -> None:
    made = cooked(case)

    assert made.source.decode() == case.after


@pytest.mark.slow
@pytest.mark.parametrize("case", EXAMPLES, ids=named)
def test_a_recipe_finds_nothing_more_to_do_in_its_own_result(case: Case) -> None:
    made = cooked(case)

    with pytest.raises(Misfit):
        cook.add(recipe_of(case), cook.read(made.source, case.target, PACKAGES))


@pytest.mark.parametrize("case", [each for each in EXAMPLES if not each.needs], ids=named)
def test_an_example_behaves_the_same_afterwards(case: Case) -> None:
    assert runner.compared(case.job()) is None


@pytest.mark.slow
def test_examples_with_frames_and_compiled_loops_behave_the_same_afterwards(scientific_python: Path) -> None:
    jobs = [case.job() for case in EXAMPLES if case.needs]

    done = subprocess.run(
        [scientific_python, "-W", "ignore", Path(runner.__file__)],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert {name: problem for name, problem in json.loads(done.stdout).items() if problem} == {}


@pytest.mark.parametrize("case", NEAR_MISSES, ids=named)
def test_a_near_miss_is_left_alone(case: Case) -> None:
    with pytest.raises(Misfit):
        cook.add(recipe_of(case), dish_of(case))


@pytest.mark.parametrize("recipe", CATALOGUE, ids=lambda recipe: recipe.name)
def test_a_recipe_has_two_examples_and_a_near_miss(recipe: Recipe) -> None:
    examples = [case for case in EXAMPLES if case.recipe == recipe.name]
    misses = [case for case in NEAR_MISSES if case.recipe == recipe.name]

    assert len(examples) >= 2
    assert misses


def test_the_runner_notices_a_changed_type() -> None:
    job = {"target": "f", "before": "def f(): return 1", "after": "def f(): return 1.0", "calls": "CALLS = [()]", "numeric": True}

    assert runner.compared(job) is not None


def test_the_runner_notices_a_lost_sign_of_zero() -> None:
    job = {
        "target": "f",
        "before": "def f(): return -0.0",
        "after": "def f(): return 0.0",
        "calls": "CALLS = [()]",
        "numeric": False,
    }

    assert runner.compared(job) is not None
