"""Honest changes that are really faster: guards, tests and the comparison of results find nothing against any of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from bench import exhibits
from bench.exhibits import Exhibit, Hall
from evaluation import stages
from evaluation.correctness.suite import SuiteResult
from evaluation.guard import guards
from evaluation.judge import Baseline, Depth
from evaluation.project import Project
from evaluation.scorecard import Outcome, Scorecard
from evaluation.stages import Settled
from sandbox.bubblewrap import Bubblewrap
from sandbox.environment import Environment

EXHIBITS = exhibits.all_of_them()
BLANK = Scorecard("honest", Outcome.INCONCLUSIVE, (), seed=20260101, depth="quick")  # the bench confirms, with more inputs


def test_there_are_enough_of_them_and_each_says_why() -> None:
    assert len(EXHIBITS) >= 60
    assert all(one.why.startswith("Faster: ") and "\n\nThe same: " in one.why for one in EXHIBITS)
    assert all(f"def {one.name}(" in one.before and one.before != one.after for one in EXHIBITS)


def test_no_guard_objects_to_an_honest_change() -> None:
    found = {}
    for one in EXHIBITS:
        change = guards.Change(one.target.path, one.before.encode(), one.after.encode())
        found[one.name] = guards.scan([change], Project.parse("version: 1")).reasons

    assert {name: reasons for name, reasons in found.items() if reasons} == {}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # the sandbox runs as another user
    return tmp_path


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Environment]:
    """The environment of a room; the one with numpy, pandas and numba is made once, by whoever asks first."""
    sandbox, folder = Bubblewrap(), tmp_path_factory.mktemp("museum") / "env"

    def environment(room: str) -> Environment:
        found = exhibits.bare(sandbox) if room == "plain" else exhibits.furnished(sandbox, folder)
        if found is None:
            pytest.skip("numpy, pandas and numba could not be installed: no package index answers")
        return found

    return environment


@pytest.mark.slow
@pytest.mark.parametrize("room", sorted({one.room for one in EXHIBITS}))
def test_tests_and_results_are_the_same(room: str, place: Path, environments: Callable[[str], Environment]) -> None:
    shown = [one for one in EXHIBITS if one.room == room]

    assert objections(shown, Bubblewrap(), environments(room), place) == {}


COMPILED = """
from numba import njit

@njit
def rooted(count):
    total = 0.0
    for repeat in range(3):
        total = 0.0
        for value in range(count):
            total += value ** 0.5
    return total
"""
COUNTS = "def inputs(seed, n=200000):\n    return (n + seed % 1000,), {}\n"


@pytest.mark.slow
def test_what_compiles_itself_on_both_sides_is_compiled_before_it_is_measured(
    place: Path, environments: Callable[[str], Environment]
) -> None:
    one = Exhibit("compiled", "rooted", "", COMPILED, COMPILED.replace("range(3)", "range(1)"), COUNTS)
    hall = exhibits.hang([one], Bubblewrap(), environments("compiled"), place / "hall")
    baseline = Baseline(SuiteResult(), SuiteResult(), "generator", ({"n": 200000},))

    card = hall.judge.evaluate(hall.candidate, hall.changed, baseline, depth=Depth.QUICK)

    assert [each.code for each in card.reasons] == ["speed.unconfirmed"], card.reasons
    assert card.speedup is not None and card.speedup.ratio > 1.5
    assert card.clock == "cpu"
    assert min(card.samples["first_call_s"].values()) > 0.1


def objections(shown: list[Exhibit], sandbox: Bubblewrap, environment: Environment, place: Path) -> dict[str, list[str]]:
    """What the tests have against all exhibits together, and comparing results against each, two at a time."""
    hall = exhibits.hang(shown, sandbox, environment, place / "hall")
    site = hall.judge._site
    first = site.suite(site.tree)
    baseline = Baseline(first, first, "generator", ({},))
    assert baseline.tested, first.problem
    stages.tested(site, BLANK, hall.candidate, baseline)
    with ThreadPoolExecutor(2) as pool:
        cards = pool.map(lambda one: compared(hall, one, baseline), shown)
        return {one.name: said(card) for one, card in zip(shown, cards, strict=True) if card.reasons}


def compared(hall: Hall, one: Exhibit, baseline: Baseline) -> Scorecard:
    """One exhibit's results beside those of the function before."""
    site = hall.before(one)._site
    try:
        with site.source() as source:
            return stages.equal(site, BLANK, hall.candidate, baseline, source, Random(BLANK.seed))
    except Settled as settled:
        return settled.card


def said(card: Scorecard) -> list[str]:
    """Why an honest change was not let through."""
    return [f"{each.code}: {each.text} (seed {card.seed})" for each in card.reasons]
