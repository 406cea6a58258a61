"""How a search is planned: as the command says, else as the project says, within what the host allows."""

from dataclasses import replace

import pytest

from bot.agents.recipes import Recipes
from bot.ending import Unanswerable
from bot.lab import Lab
from bot.planning import HINTS, HostLimits
from bot.selection.plan import Arm
from tests.bot.office import TARGET

UNBOUND = HostLimits()
SAYS = """
version: 1
search: {strategy: parallel, agents: [recipes], parallel: 2, rounds: 7, trigger: "every:3", edit: symbol}
budget: {minutes: 5, usd: 1.5, tokens: 90000, calls: 30, evaluations: 12}
"""


@pytest.fixture
def planned(office):
    """The plan of a run in this project, on a host with such limits."""

    def plan(config=None, limits=UNBOUND, hired=("recipes", "native"), **asked):
        if config:
            office.project.commit(office.dev, "main", {".hasten.yml": config}, "Say how to search")
        _, iteration = office.admitted(office.asked("optimize", TARGET))
        lab = Lab(office.lab.ground, office.store, {name: lambda _: Recipes() for name in hired}, limits)
        return lab.plan(replace(iteration, options=asked))

    return plan


def test_a_project_that_says_nothing_gets_the_defaults(planned):
    plan = planned()

    assert (plan.strategy, plan.rounds, plan.parallel, plan.agents) == ("adaptive", 4, 3, ("recipes", "native"))
    assert plan.budget.seconds == 1800 and plan.budget.usd is None and plan.budget.evaluations is None


def test_what_the_project_says_is_done(planned):
    plan = planned(SAYS)

    assert (plan.strategy, plan.rounds, plan.parallel, plan.agents) == ("parallel", 7, 2, ("recipes",))
    assert (plan.budget.seconds, plan.budget.usd, plan.budget.tokens) == (300, 1.5, 90_000)
    assert (plan.budget.calls, plan.budget.evaluations) == (30, 12)


def test_what_the_command_says_comes_first_and_no_limit_is_ever_raised(planned):
    plan = planned(SAYS, HostLimits(minutes=10, usd=1.0), strategy="hybrid", minutes=60, usd=5.0)

    assert plan.strategy == "hybrid" and plan.budget.seconds == 300 and plan.budget.usd == 1.0


def test_a_later_iteration_leaves_the_plan_in_the_status_note_as_it_was(office):
    _, iteration = office.admitted(office.asked("optimize", TARGET))
    office.lab.announce(iteration)
    first = office.store.run(iteration.run)

    office.lab.announce(replace(iteration, id="review-1", options={"minutes": 1, "strategy": "sequential"}))

    assert (first.planned, first.minutes) == (12, 30) and office.store.run(iteration.run) == first


def test_an_agent_with_a_model_has_an_arm_for_each_direction(planned):
    plan = planned(SAYS.replace("[recipes]", "[recipes, native]"), hired=("recipes", "native", "native:small:low"))

    assert plan.arms_of("recipes") == (Arm("recipes"),)
    assert {arm.hint for arm in plan.arms_of("native:small:low")} == set(HINTS)
    assert {arm.edit for arm in plan.arms_of("native")} == {"symbol"}


@pytest.mark.parametrize(
    ("lines", "forms"), [(3, ("search-replace", "symbol", "whole-file")), (500, ("symbol", "search-replace"))]
)
def test_where_nobody_says_how_edits_are_written_the_forms_that_fit_the_file_are_arms_too(planned, office, lines, forms):
    office.project.commit(office.dev, "main", {"a.py": "def f():\n    return 1\n" + "# more\n" * lines}, "Grow")

    arms = planned(hired=("native",)).arms

    assert arms == (*(Arm("native", "auto", hint) for hint in HINTS), *(Arm("native", form) for form in forms))


def test_code_goes_to_no_model_that_the_project_does_not_name(planned):
    with pytest.raises(Unanswerable, match="native"):
        planned(SAYS, agents=["native"])


def test_a_project_whose_agents_are_not_here_is_told_so(planned):
    with pytest.raises(Unanswerable, match="recipes"):
        planned(SAYS, hired=("native",))
