"""The judge's own inputs on functions broken on purpose, in real sandboxes."""

from pathlib import Path

import pytest

from bench import mutants as bench
from bench.project import written
from evaluation.correctness import strength
from evaluation.correctness.mutants import Mutant
from evaluation.inputs import Input
from evaluation.judge import Judge
from evaluation.policy import Policy
from evaluation.project import Project
from evaluation.site import Site
from evaluation.target import Target
from sandbox.tier import Sandbox

pytestmark = pytest.mark.slow
COUNTER = """
import sys

def work(values: list[int]) -> list[int]:
    total = 0
    for value in values:
        total += value
    return [total, len(getattr(sys, "kept", []))]
"""

UNHURRIED = bench.UNHURRIED  # what inputs notice must not depend on how busy this host is
BLIND = """
def work(a, text):
    if a > 0:
        text = text.strip()
        for at in range(a):
            text += str(at * 2)
        if len(text) > 7 or a == 3:
            text = text[1:]
    return None
"""


def site_for(bubblewrap: Sandbox, place: Path, source: str) -> Site:
    tree = written(place / "tree", {"m.py": source})
    return Site(bubblewrap, bench.plain(bubblewrap), tree, Project.default(), Target("m.py", "work"), place, "test")


def told_apart(site: Site, *mutants: Mutant) -> tuple[int, int, tuple[str, ...]]:
    with site.source() as source:
        samples: list[Input] = source.varied(1, 40)
        found = strength.told_apart(site.launcher(), site.tree, mutants, source, Policy(), samples, seconds=UNHURRIED)
    assert found is not None
    return found.made, found.killed, found.survived


def test_nine_of_ten_mistakes_in_plain_functions_are_noticed_and_each_is_one(bubblewrap: Sandbox, place: Path) -> None:
    wanted = {"balanced", "chunks", "intervals", "money", "orders", "workdays"}

    shown = [each for each in bench.examples(("",)) if each.name in wanted]
    found = [bench.judged(each, bench.plain(bubblewrap), bubblewrap, place, 5) for each in shown]

    assert [one.unproven for one in found] == [[]] * len(wanted)
    assert sum(one.by_hand.made for one in found) == 42
    assert sum(one.by_hand.killed for one in found) >= 38
    assert all(one.by_itself.killed >= 10 for one in found)


def test_the_same_code_is_no_mutant_that_counts_as_noticed(bubblewrap: Sandbox, place: Path) -> None:
    site = site_for(bubblewrap, place, COUNTER)

    same = Mutant("nothing", COUNTER.replace("total", "found"))

    assert told_apart(site, same) == (1, 0, ("nothing",))


def test_a_mutant_that_leaves_something_behind_or_ends_the_process_speaks_for_no_other(bubblewrap: Sandbox, place: Path) -> None:
    site = site_for(bubblewrap, place, COUNTER)
    leaving = Mutant("leaves", COUNTER.replace("    total = 0\n", "    sys.kept = [1]\n    total = 1\n"))
    hanging = Mutant("hangs", COUNTER.replace("    total = 0\n", "    while True: pass\n"))
    ending = Mutant("ends", COUNTER.replace("    total = 0\n", "    import os; os._exit(0)\n"))
    unloadable = Mutant("unloadable", COUNTER.replace("import sys", "import nowhere"))
    same = Mutant("same", COUNTER.replace("total", "found"))

    assert told_apart(site, leaving, hanging, unloadable, ending, same) == (4, 3, ("same",))


def test_inputs_that_notice_nothing_are_called_weak(bubblewrap: Sandbox, place: Path) -> None:
    blind = {
        ".hasten.yml": "targets: [{function: m.py::work, inputs: i.py::blind, sizes: {n: [1]}}]\ntests: {command: python m.py}\n",
        "i.py": "def blind(seed, n):\n    return (0, f'only {seed}'), {}\n",
        "m.py": BLIND,
    }
    tree = written(place / "blind", blind)
    site = Site(bubblewrap, bench.plain(bubblewrap), tree, Project.load(tree), Target("m.py", "work"), place, "test")

    with site.source() as source:
        found = strength.measure(site.launcher(), tree, source, Policy(), seed=1, count=40, seconds=UNHURRIED)

    reason = strength.objection(found)
    judge = Judge(bubblewrap, site.environment, tree, site.project, site.target, place, "test")
    baseline = judge.baseline().mutants
    assert baseline is not None and found is not None and baseline.made == found.made
    assert reason is not None and reason.code == "equivalence.weak"
