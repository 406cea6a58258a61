"""Where the time goes is only seen on a host where nobody measures; whoever reads a person's words about it is on the record."""

import fcntl
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import pytest
from pydantic import SecretStr

from bot.evaluator import MEASURING
from bot.gateway.client import Client, Endpoint
from bot.ground import Ground
from bot.lab import Lab
from bot.reading import Chooser
from sandbox.bubblewrap import Bubblewrap
from tests.bot.office import TARGET
from tests.messages_server import MessagesServer, tool

pytestmark = pytest.mark.slow
FILES = {
    ".hasten.yml": "version: 1\ntests: {command: python -m unittest}\ntargets: [{function: 'a.py::f', inputs: 'b.py::inputs'}]\n",
    "a.py": "def f(n):\n    return sum(range(n))\n\n\ndef g(n):\n    return sorted(range(n))\n",
    "b.py": "def inputs(seed, **sizes):\n    return (1000 + seed % 99,), {}\n",
    "test_a.py": "import unittest\nimport a\n\nclass Test(unittest.TestCase):\n"
    "    def test_f(self):\n        self.assertEqual([a.f(3) for _ in range(19999)][0], 3)\n"
    "    def test_g(self):\n        self.assertEqual([a.g(3) for _ in range(999)][0], [0, 1, 2])\n",
}


class Witness(Bubblewrap):
    """Sees whether a measurement could begin while something is started in it."""

    def __init__(self, lock):
        super().__init__()
        self.lock, self.measurable = lock, []

    def start(self, spec):
        with self.lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.measurable.append(True)
            except BlockingIOError:
                self.measurable.append(False)
        return super().start(spec)


@contextmanager
def workshop(office, *asked, files=MappingProxyType({})):
    """A lab whose sandboxes are watched, and an iteration of a project with tests."""
    witness = Witness(office.lab.ground.folder / MEASURING)
    lab = Lab(Ground(office.lab.ground.folder, witness), office.store, {})
    office.project.commit(office.dev, "main", FILES | files, "Say how it is tested")
    _, iteration = office.admitted(office.asked("optimize", *asked))
    lab.prepare(iteration)
    witness.measurable.clear()
    yield lab, iteration
    assert witness.measurable and not any(witness.measurable)


def test_a_profile_is_taken_while_nobody_measures(office):
    with workshop(office, TARGET) as (lab, iteration):
        assert "could not be profiled" not in lab.localize(iteration).profile


def test_the_model_that_reads_what_is_meant_is_paid_by_the_run_once(office):
    with MessagesServer([tool("chosen", number=2)]) as model, workshop(office) as (lab, iteration):
        endpoint = Endpoint(SecretStr("sk-ant-dummy-0123456789"), model.url)
        lab.chooser = Chooser(lambda book: Client(endpoint, book.keep, recall=book.recall), "model")
        hinted = replace(iteration, hint="reading is slow")

        found, again = lab.localize(hinted), lab.localize(hinted)

    assert found.ranked[0][0] == found.target == again.target == "a.py::g", "the tests spend more time in another"
    assert office.store.ledger.spent(iteration.run).calls == len(model.requests) == 1


BENCHMARKS = {
    ".hasten.yml": "version: 1\nenvironment: {setup: ['pip install -q pytest pytest-benchmark']}\n"
    "targets: [{function: 'a.py::g', inputs: 'b.py::inputs'}]\n",
    "bench/test_speed.py": "import a\n\ndef test_speed(benchmark):\n    assert benchmark(a.g, 90000)\n",
}


def test_where_a_project_has_benchmarks_they_say_what_is_slow(office):
    with workshop(office, files=BENCHMARKS) as (lab, iteration):
        assert lab.localize(iteration).ranked[0][0] == "a.py::g", "the tests spend more time in another"
