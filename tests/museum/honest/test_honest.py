"""Honest changes that are really faster: guards, tests and the comparison of results find nothing against any of them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from bench import exhibits
from bench.exhibits import Exhibit
from evaluation import guards, stages
from evaluation.judge import Baseline, grid
from evaluation.project import Project
from evaluation.scorecard import Outcome, Scorecard
from evaluation.stages import Settled
from sandbox.bubblewrap import Bubblewrap
from sandbox.environment import Environment

EXHIBITS = exhibits.all_of_them()
SEED = 20260101


def test_there_are_enough_of_them_and_each_says_why() -> None:
    assert len(EXHIBITS) >= 60
    assert all(one.why.startswith("Faster: ") and "\n\nThe same: " in one.why for one in EXHIBITS)
    assert all(f"def {one.name}(" in one.before and one.before != one.after for one in EXHIBITS)


def test_no_guard_objects_to_an_honest_change() -> None:
    found = {}
    for one in EXHIBITS:
        change = guards.Change(one.target.path, one.before.encode(), one.after.encode())
        found[one.name] = guards.scan([change], Project.parse(one.files("")[".hasten.yml"])).reasons

    assert {name: reasons for name, reasons in found.items() if reasons} == {}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # the sandbox runs as another user
    return tmp_path


@pytest.mark.slow
def test_tests_and_results_of_plain_python_are_the_same(place: Path) -> None:
    sandbox = Bubblewrap()

    assert objections([one for one in EXHIBITS if one.plain], sandbox, exhibits.bare(sandbox), place) == {}


@pytest.mark.slow
def test_tests_and_results_of_numpy_pandas_and_numba_are_the_same(place: Path) -> None:
    sandbox = Bubblewrap()
    environment = exhibits.furnished(sandbox, place / "env")
    if environment is None:
        pytest.skip("numpy, pandas and numba could not be installed: no package index answers")

    assert objections([one for one in EXHIBITS if not one.plain], sandbox, environment, place) == {}


def objections(chosen: list[Exhibit], sandbox: Bubblewrap, environment: Environment, place: Path) -> dict[str, list[str]]:
    """What tests and comparison have against each exhibit, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        cards = pool.map(lambda one: compared(one, sandbox, environment, place), chosen)
        told = {one.name: [f"{each.code}: {each.text}" for each in card.reasons] for one, card in zip(chosen, cards, strict=True)}
    return {name: reasons for name, reasons in told.items() if reasons}


def compared(one: Exhibit, sandbox: Bubblewrap, environment: Environment, place: Path) -> Scorecard:
    """The judge's stages before any clock runs."""
    shown = exhibits.show(one, sandbox, environment, place)
    site = shown.judge._site
    first = site.suite(site.tree)
    baseline = Baseline(first, first, "generator", grid(site.settings.sizes))
    assert baseline.tested, first.problem
    card = Scorecard(str(one.target), Outcome.INCONCLUSIVE, (), seed=SEED, depth="confirm")
    try:
        card = stages.tested(site, stages.guarded(site, card, shown.candidate), shown.candidate, baseline)
        with site.source() as source:
            return stages.equal(site, card, shown.candidate, baseline, source, Random(SEED))
    except Settled as settled:
        return settled.card
