"""A grid of sizes through the whole judge: what it tells, and grids that are none."""

from dataclasses import replace

import pytest

from bench.project import written
from evaluation.judge import CannotJudge, Depth
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
"""
FILES = {
    ".hasten.yml": SETTINGS,
    "benchmarks/inputs.py": (
        "from random import Random\n\ndef seeds(seed, n):\n    return (Random(seed).getrandbits(31), n), {}\n"
    ),
    "checks.py": "from m import work\n\nassert isinstance(work(3, 2), int)\n",
    "m.py": SLOW,
}


def judge_with(judge, files):
    written(judge.tree, {**FILES, **files})
    return replace(judge, project=Project.load(judge.tree))


def test_a_better_order_of_growth_is_seen_as_one(judge):
    judge = judge_with(judge, {})
    candidate = written(judge.scratch / "candidate", {**FILES, "m.py": FAST})

    card = judge.evaluate(candidate, {"m.py": FAST.encode()}, judge.baseline(), depth=Depth.QUICK)

    (scaling,) = card.scaling
    assert (scaling.name, scaling.smallest, scaling.largest) == ("n", 4, 40)
    assert scaling.trend.exponent > 0.5
    assert scaling.capacity.candidate > 3 * scaling.capacity.baseline
    assert Scorecard.from_json(card.to_json()) == card


@pytest.mark.parametrize(
    ("sizes", "generator", "said"),
    [
        ("{rowz: [4]}", "def seeds(seed, n): return (seed, n), {}", "can't be called with what `sizes` names (rowz)"),
        ("{n: [4]}", "def seeds(seed, n, more): return (seed, n), {}", "missing a required argument: 'more'"),
        ("{n: [4], m: [1]}", "def seeds(number, n): return (number, n), {}", "too many positional arguments"),
    ],
)
def test_a_grid_that_the_generator_does_not_understand_is_one_sentence(judge, sizes, generator, said):
    judge = judge_with(judge, {".hasten.yml": SETTINGS.replace("{n: [4, 12, 40]}", sizes), "benchmarks/inputs.py": generator})

    with pytest.raises(CannotJudge) as caught:
        judge.baseline()

    assert caught.value.code == "inputs"
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("made", "work", "said"),
    [
        ("[seed] * n", "return len(seed)", "raised MemoryError"),
        ("n + seed % 1000", "return len([0] * seed)", "the function itself raises MemoryError"),
        ("n + seed % 1000", "return bytes(min(seed, 513 << 20))", "the function returns more than can be compared"),
    ],
)
def test_a_size_that_does_not_fit_is_named_and_leaves_the_answer_open(judge, made, work, said):
    files = {
        ".hasten.yml": SETTINGS.replace("[4, 12, 40]", "[3, 10000000000]"),
        "benchmarks/inputs.py": f"def seeds(seed, n):\n    return ({made},), {{}}\n",
        "checks.py": "import m\n",
        "m.py": f"def work(seed):\n    {work}\n",
    }
    judge = judge_with(judge, files)
    text = files["m.py"] + "\n# the same\n"
    candidate = written(judge.scratch / "candidate", {**FILES, **files, "m.py": text})

    card = judge.evaluate(candidate, {"m.py": text.encode()}, judge.baseline(), depth=Depth.CONFIRM)

    (reason,) = card.reasons
    assert (card.outcome, reason.code) == (Outcome.INCONCLUSIVE, "speed.no-workload")
    assert said in reason.text and "n=10000000000" in reason.text
