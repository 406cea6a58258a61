"""A grid of sizes through the whole judge: what it tells, what the project's own score says of it, and grids that are none."""

from dataclasses import replace

import pytest

from bench.judge import judge_for, written
from evaluation.judge import Depth
from evaluation.project import Project
from evaluation.scorecard import Outcome, Scorecard

pytestmark = pytest.mark.slow
SLOW = """
def work(numbers):
    kept = []
    for number in numbers:
        if number not in kept:
            kept.append(number)
    return kept
"""
FAST = """
def work(numbers):
    return list(dict.fromkeys(numbers))
"""
SETTINGS = """
version: 1
tests: {command: python checks.py}
targets:
  - {function: m.py::work, inputs: benchmarks/inputs.py::numbers, sizes: {n: [100, 300, 1000]}}
objective: {score: "benchmarks/score.py::score"}
"""
FILES = {
    ".hasten.yml": SETTINGS,
    "benchmarks/inputs.py": (
        "from random import Random\n\ndef numbers(seed, n):\n    dice = Random(seed)\n"
        "    return ([dice.randrange(n) for _ in range(n)],), {}\n"
    ),
    "benchmarks/score.py": "def score(cells):\n    return sum(cell['params']['n'] / cell['t_cand'] for cell in cells)\n",
    "checks.py": "from m import work\n\nassert work([3, 3, 1]) == [3, 1]\n",
    "m.py": SLOW,
}


@pytest.fixture
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sizes")
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
    return folder


def judge_with(place, files):
    judge = judge_for(place)
    written(judge.tree, {**FILES, **files})
    return replace(judge, project=Project.load(judge.tree))


def test_a_better_order_of_growth_is_seen_as_one_and_scored_by_the_projects_own_score(place):
    judge = judge_with(place, {})
    candidate = written(place / "candidate", {**FILES, "m.py": FAST})

    card = judge.evaluate(candidate, {"m.py": FAST.encode()}, judge.baseline(), depth=Depth.CONFIRM)

    assert card.outcome is Outcome.ACCEPTED
    assert card.scaling.trend.direction == 1
    assert (card.scaling.name, card.scaling.smallest, card.scaling.largest) == ("n", 100, 1000)
    assert card.scaling.capacity.candidate > 3 * card.scaling.capacity.baseline
    assert card.scores["custom"].low > 2
    assert all(cell.memory_mib for cell in card.cells)
    assert Scorecard.from_json(card.to_json()) == card
