"""When more memory is more: beyond the figures' own doubt, and beyond what is allowed; and the figures themselves."""

import pickle
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bench.project import FILES, written
from evaluation.scorecard import Cell, Interval, Memory
from evaluation.speed.memory import allocated, heavier, measure, noticed
from evaluation.speed.referee import Pool
from sandbox.spec import Mount
from tests.sandboxed import readable


def cell(baseline, candidate, rows=10):
    return Cell({"rows": rows}, 1.0, 0.5, Interval(2, 1.9, 2.1), Memory(baseline, candidate))


@pytest.mark.parametrize(
    ("memory", "differs"),
    [
        (Memory(0.1, 1.0), False),  # nine times as much, but less than a MiB
        (Memory(100.0, 101.9), False),
        (Memory(100.0, 103.0), True),
        (Memory(5.0, 3.0), True),
    ],
)
def test_small_differences_are_within_the_figures_doubt(memory, differs):
    assert noticed(memory) is differs


def test_the_size_that_exceeds_most_is_found():
    cells = [cell(100, 105, 1), cell(100, 140, 2), cell(10, 12, 3), Cell({"rows": 4}, 1.0, 0.5, Interval(2, 1.9, 2.1))]

    assert heavier(cells, 0.1) is cells[1]
    assert heavier(cells, 0.5) is None


def test_less_memory_is_never_too_much():
    assert heavier([cell(100, 20)], 0.0) is None


@pytest.fixture
def memray_environment(furnished):
    return readable(furnished("memray").parents[1])


TAKES = "def work(size):\n    return len(bytearray(size))\n"
TAKES_TWICE = "def work(size):\n    block = bytearray(size)\n    return len(bytes(block))\n"
TAKES_AND_COMPILES = """
def work(size, compiled=[]):
    if not compiled:
        compiled.append(len(bytearray(50 << 20)))
    return len(bytearray(size))
"""
POOL = Pool([pickle.dumps(((30 << 20,), {}))])


def peaks(ask, judge, packages: Path | None = None, *, candidate: str = TAKES_TWICE, **how):
    if packages is not None:
        mounts = (*judge.environment.mounts, Mount(packages, "/packages"))
        judge = replace(judge, environment=replace(judge.environment, python="/packages/bin/python", mounts=mounts))
    trees = {
        "baseline": written(judge.tree, {**FILES, "m.py": TAKES}),
        "candidate": written(judge.scratch / "candidate", {**FILES, "m.py": candidate}),
    }
    return ask(judge.site.launcher(), trees, 0, POOL, lambda *_: None, Random(1), 30.0, **how)


@pytest.mark.slow
def test_the_peak_of_one_call_is_what_it_holds_at_once(judge):
    found = peaks(measure, judge)

    assert found.baseline == pytest.approx(30, abs=2)
    assert found.candidate == pytest.approx(60, abs=2)


@pytest.mark.slow
def test_what_only_a_first_call_needs_is_not_what_calls_need(judge):
    cold, warm = (peaks(measure, judge, candidate=TAKES_AND_COMPILES, warm=each) for each in (False, True))

    assert cold.candidate == pytest.approx(50, abs=2)
    assert warm.candidate == pytest.approx(30, abs=2)


@pytest.mark.slow
def test_what_is_asked_for_is_known_where_the_project_has_memray(judge, memray_environment):
    assert peaks(allocated, judge, memray_environment) == {
        "baseline": pytest.approx(30, abs=1),
        "candidate": pytest.approx(60, abs=1),
    }


@pytest.mark.slow
def test_without_memray_nothing_is_said_about_it(judge):
    assert peaks(allocated, judge) == {}
