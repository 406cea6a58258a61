"""What a command asks beyond its project's settings is followed, or refused in a sentence."""

import pytest

from bot import asked
from bot.agents.recipes import Recipes
from bot.ending import Unanswerable
from bot.lab import Lab
from evaluation.project import Project
from tests.bot.office import TARGET

PROJECT = Project.parse(
    f"targets:\n  - function: {TARGET}\n    inputs: b.py::inputs\n    sizes: {{rows: [1, 2], words: [3]}}\n"
    "hardware: {isa: {require: [sse2]}}\n"
)


def test_sizes_take_the_place_of_the_projects():
    (settings,) = asked.applied(PROJECT, TARGET, {"rows": [10, 100]}).targets

    assert settings.sizes == {"rows": (10, 100), "words": (3,)}
    assert asked.applied(PROJECT, TARGET, {}) == PROJECT
    for target in ("", "a.py", "../a.py::f"):
        assert asked.applied(PROJECT, target, {"rows": [10]}) == PROJECT, "nobody knows the function yet"


def test_a_size_that_the_inputs_do_not_have_is_refused():
    asked.check(PROJECT, TARGET, {"rows": [10]})
    with pytest.raises(Unanswerable, match=r"`--features`.*`rows`, `words`"):
        asked.check(PROJECT, TARGET, {"rows": [10], "features": [4]})
    with pytest.raises(Unanswerable, match="names no `inputs`"):
        asked.check(Project.default(), TARGET, {"rows": [10]})


def test_hardware_is_asked_for_on_top_of_the_projects():
    assert asked.applied(PROJECT, TARGET, {"hardware": ["AVX2"]}).hardware.isa.require == ("sse2", "avx2")


def test_the_claim_of_a_command_is_what_the_judge_asks_for():
    assert asked.applied(PROJECT, TARGET, {"claim": 0.2}).objective.claim == 0.2
    assert asked.applied(PROJECT, TARGET, {}).objective.claim == PROJECT.objective.claim


def test_the_lowest_of_several_limits_holds():
    assert (asked.least(None, 5.0, 2.0), asked.least(None, None)) == (2.0, None)


def test_an_agent_that_nobody_knows_is_refused(office):
    office.desk.agents = ("recipes",)
    request = office.asked("optimize", TARGET, options={"agents": ["recipes", "natve"]})

    with pytest.raises(Unanswerable, match="no agent `natve`"):
        office.desk.admit(request.id, request)


def test_whom_a_command_names_proposes_and_nobody_else(office):
    lab = Lab(office.lab.ground, office.store, {name: lambda _: Recipes() for name in ("recipes", "native")})
    office.desk.agents = lab.agents
    ticket, iteration = office.admitted(office.asked("optimize", TARGET, options={"agents": ["recipes"], "claim": 0.2}))
    assert ticket

    assert (lab.plan(iteration).agents, lab.plan(iteration).claim) == (("recipes",), 0.2)
    assert lab.ground.project(iteration).objective.claim == 0.2 and office.store.run(iteration.run).options["claim"] == 0.2
