"""The project's own score: its interval from made-up processes, and its failures, which are never a zero."""

import math
from random import Random

import pytest

from bench.project import FILES, written
from evaluation.scorecard import Interval, Outcome
from evaluation.scoring import Figures, NoScore, ask, interval, rows
from evaluation.speed.interval import log_interval
from evaluation.speed.scores import weighted
from evaluation.speed.verdict import own_score
from evaluation.target import Target

CELLS = [
    {"params": {"n": size}, "weight": weight, "mem_base": None, "mem_cand": None} for size, weight in ((10, 1.0), (1000, 3.0))
]
WEIGHTS = [1.0, 3.0]
GAINS = [[0.30, 0.71], [0.32, 0.70], [0.29, 0.69], [0.31, 0.72], [0.30, 0.70]]
FIGURES = Figures(CELLS, [[-6.0, -2.0]] * 5, GAINS)
HOOKS = """
import math
import time

def same_as_weighted(cells):
    total = sum(cell["weight"] for cell in cells)
    return math.exp(sum(cell["weight"] * math.log(cell["t_base"] / cell["t_cand"]) for cell in cells) / total)

def throughput(cells):
    return sum(cell["params"]["n"] / cell["t_cand"] for cell in cells)

def raises(cells):
    return cells[0]["rows"]

def text(cells):
    return "fast"

def nan(cells):
    return float("nan")

def slow(cells):
    time.sleep(0.1)
    return 1.0

def negative(cells):
    return -1.0

def ends(cells):
    import os
    os._exit(3)
"""


def local(hook, figures=FIGURES):
    """The hook asked in this very process."""
    scores = [hook(*row) for row in rows(figures, Random(1))]
    return interval([(each, 1.0) for each in scores], len(figures.gains))


def test_a_score_equal_to_the_weighted_one_has_its_interval():
    def geometric(before, after):
        return math.exp(weighted([math.log(b / a) for b, a in zip(before, after, strict=True)], WEIGHTS))

    found, wanted = local(geometric), log_interval([weighted(row, WEIGHTS) for row in GAINS]).ratio()

    assert found.ratio == pytest.approx(wanted.ratio)
    assert math.log(found.high / found.low) == pytest.approx(math.log(wanted.high / wanted.low), rel=0.15)


def test_processes_that_agree_leave_no_interval():
    found = local(lambda before, after: before[0] / after[0], Figures(CELLS, [[0.0, 0.0]] * 4, [[0.5, 0.5]] * 4))

    assert (found.low, found.high) == pytest.approx((found.ratio, found.ratio))


@pytest.mark.parametrize("scores", [[], [(1.0, 1.0)], [(1.0, 1.0), (0.0, 1.0)], [(1.0, 1.0), (math.nan, 1.0)], [(1.0, -1.0)] * 3])
def test_what_is_no_positive_number_is_no_score(scores):
    with pytest.raises(NoScore):
        interval(scores, 5)


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (Interval(1.2, 1.1, 1.3), None),
        (Interval(0.8, 0.7, 0.9), Outcome.REJECTED),
        (Interval(1.2, 0.9, 1.4), Outcome.INCONCLUSIVE),
    ],
)
def test_a_win_must_be_one_by_the_projects_own_score_too(found, outcome):
    reason, answer = own_score(found)

    assert answer is outcome
    assert (reason is None) == (outcome is None)


@pytest.fixture
def site(judge):
    written(judge.tree, {**FILES, "benchmarks/score.py": HOOKS})
    return judge.site


def asked(site, name, figures=FIGURES):
    return ask(site, Target("benchmarks/score.py", name), figures, Random(1))


@pytest.mark.slow
def test_the_hook_in_its_sandbox_gives_what_it_gives_here(site):
    found, wanted = asked(site, "same_as_weighted"), log_interval([weighted(row, WEIGHTS) for row in GAINS]).ratio()

    assert found.ratio == pytest.approx(wanted.ratio)
    assert math.log(found.high / found.low) == pytest.approx(math.log(wanted.high / wanted.low), rel=0.15)
    before, after = ([10 * math.exp(6 + a), 1000 * math.exp(2 + b)] for a, b in ((0, 0), (0.304, 0.704)))
    assert asked(site, "throughput").ratio == pytest.approx(sum(after) / sum(before))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", "raised KeyError: 'rows'"),
        ("text", "must return a number, it returned str"),
        ("nan", "must return a number, it returned nan"),
        ("slow", "took longer than 1 s"),
        ("negative", "must be above 0"),
        ("ends", "ended its process"),
        ("absent", "has no absent"),
    ],
)
def test_a_hook_that_fails_gives_no_score_and_a_sentence(site, name, said):
    with pytest.raises(NoScore, match=said):
        asked(site, name)
