"""A grid of sizes through the whole judge: what it tells, what the project's own score says of it, and grids that are none."""

from dataclasses import replace

import pytest

from bench.judge import judge_for, written
from evaluation.judge import Depth
from evaluation.project import Project
from evaluation.scorecard import Outcome, Scorecard

pytestmark = pytest.mark.slow
SLOW = """
def work(seed, n):
    for repeat in range(n):
        total = seed
        for _ in range(300):
            total = (total * 1103515245 + 12345) % 2147483648
    return total
"""
FAST = SLOW.replace("range(n)", "range(min(n, 2))")
SETTINGS = """
version: 1
tests: {command: python checks.py}
targets:
  - {function: m.py::work, inputs: benchmarks/inputs.py::seeds, sizes: {n: [4, 12, 40]}}
objective: {score: "benchmarks/score.py::score"}
"""
FILES = {
    ".hasten.yml": SETTINGS,
    "benchmarks/inputs.py": (
        "from random import Random\n\ndef seeds(seed, n):\n    return (Random(seed).getrandbits(31), n), {}\n"
    ),
    "benchmarks/score.py": "def score(cells):\n    return sum(cell['params']['n'] / cell['t_cand'] for cell in cells)\n",
    "checks.py": "from m import work\n\nassert isinstance(work(3, 2), int)\n",
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
    assert (card.scaling.name, card.scaling.smallest, card.scaling.largest) == ("n", 4, 40)
    assert card.scaling.capacity.candidate > 3 * card.scaling.capacity.baseline
    assert card.scores["custom"].low > 1.5
    assert all(cell.memory_mib for cell in card.cells)
    assert Scorecard.from_json(card.to_json()) == card
