"""Honest changes that are really faster: guards, tests and the comparison of results find nothing against any of them."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bench import exhibits
from bench.exhibits import Exhibit, Hall
from evaluation import stages
from evaluation.guard import guards
from evaluation.judge import Baseline
from evaluation.project import Project
from evaluation.scorecard import Outcome, Scorecard
from evaluation.settling import Settled
from evaluation.speed import clocks, preparation, threads
from evaluation.speed.checked import Outcomes
from evaluation.speed.match import play
from evaluation.speed.measurement import Sides
from evaluation.speed.referee import Pool
from sandbox.environment import Environment
from sandbox.tier import Sandbox

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


@pytest.fixture(scope="module")
def environments(bubblewrap: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Environment]:
    """The environment of a room; the one with numpy, pandas, numba and polars is made once, by whoever asks first."""
    folder = tmp_path_factory.mktemp("museum") / "env"

    def environment(room: str) -> Environment:
        found = exhibits.bare(bubblewrap) if room == "plain" else exhibits.furnished(bubblewrap, folder)
        if found is None:
            pytest.skip("numpy, pandas, numba and polars could not be installed: no package index answers")
        return found

    return environment


@pytest.mark.slow
@pytest.mark.parametrize("room", sorted({one.room for one in EXHIBITS}))
def test_tests_and_results_are_the_same(
    room: str, bubblewrap: Sandbox, place: Path, environments: Callable[[str], Environment]
) -> None:
    shown = [one for one in EXHIBITS if one.room == room]

    assert objections(shown, bubblewrap, environments(room), place) == {}


COMPILED = """
from numba import njit

@njit
def primes(count):
    found = 0
    for number in range(2, count):
        for divisor in range(2, number):
            if number % divisor == 0:
                break
        else:
            found += 1
    return found
"""
SOONER = COMPILED.replace("range(2, number)", "range(2, int(number**0.5) + 1)")
COUNTS = "def inputs(seed, n=1500):\n    return (n + seed % 1000,), {}\n"


@pytest.mark.slow
def test_what_compiles_itself_on_both_sides_is_compiled_before_it_is_measured(
    bubblewrap: Sandbox, place: Path, environments: Callable[[str], Environment]
) -> None:
    one = Exhibit("compiled", "primes", "", COMPILED, SOONER, COUNTS)
    hall = exhibits.hang([one], bubblewrap, environments("compiled"), place / "hall")
    site, random = hall.judge.site, Random(BLANK.seed)
    with site.source() as source:
        prepared = preparation.prepare(site.launcher(), site.tree, source, [{"n": 1500}], 1, site.settings.equivalence)
    trees, outcomes = Sides(site.tree, hall.candidate).trees(), Outcomes(prepared.expected, random)

    session = play(site.launcher(), "joint", trees, prepared.plans, prepared.pools, random, outcomes.check, prepared.patience)

    (cell,) = session.cells
    assert min(cell.first.values()) > 0.03e9
    assert cell.log_ratio("baseline", "candidate", "cpu") > math.log(1.5)
    assert clocks.choose([session], lambda: False, one_core=True) == "cpu"


OWN_THREAD = "\nimport threading\n\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"


@pytest.mark.slow
def test_threads_that_a_package_keeps_are_not_held_against_who_brings_it(
    bubblewrap: Sandbox, place: Path, environments: Callable[[str], Environment]
) -> None:
    (one,) = (each for each in EXHIBITS if each.name == "first_seen")
    told = {}
    for name, after in {
        "polars's": one.after,
        "its own, too": one.after + OWN_THREAD,
        "its own": one.before + OWN_THREAD,
    }.items():
        hall = exhibits.hang([replace(one, after=after)], bubblewrap, environments("arrays"), place / name)
        site = hall.judge.site
        with site.source() as source:
            pool = Pool(source.make(1, {"n": 2000}, 3))
        told[name] = threads.kept_by_packages(site.launcher(), site.tree, hall.candidate, [pool], Random(1), 60.0)

    assert told == {"polars's": True, "its own, too": False, "its own": False}


def objections(shown: list[Exhibit], sandbox: Sandbox, environment: Environment, place: Path) -> dict[str, list[str]]:
    """What the tests have against all exhibits together, and comparing results against each, two at a time."""
    hall = exhibits.hang(shown, sandbox, environment, place / "hall")
    site = hall.judge.site
    first = site.suite(site.tree)
    baseline = Baseline(first, first, "generator", ({},))
    assert baseline.tested, first.problem
    stages.tested(site, BLANK, hall.candidate, baseline)
    with ThreadPoolExecutor(2) as pool:
        cards = pool.map(lambda one: compared(hall, one, baseline), shown)
        return {one.name: said(card) for one, card in zip(shown, cards, strict=True) if card.reasons}


def compared(hall: Hall, one: Exhibit, baseline: Baseline) -> Scorecard:
    """One exhibit's results beside those of the function before."""
    site = hall.before(one).site
    try:
        with site.source() as source:
            return stages.equal(site, BLANK, hall.candidate, baseline, source, Random(BLANK.seed))
    except Settled as settled:
        return settled.card


def said(card: Scorecard) -> list[str]:
    """Why an honest change was not let through."""
    return [f"{each.code}: {each.text} (seed {card.seed})" for each in card.reasons]
