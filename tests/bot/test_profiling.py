"""Where the time goes is only seen on a host where nobody measures."""

import fcntl

import pytest

from bot.evaluator import MEASURING
from bot.ground import Ground
from bot.lab import Lab
from sandbox.bubblewrap import Bubblewrap
from tests.bot.office import TARGET

pytestmark = pytest.mark.slow
FILES = {
    ".hasten.yml": "version: 1\ntests: {command: python -m unittest}\ntargets: [{function: 'a.py::f', inputs: 'b.py::inputs'}]\n",
    "a.py": "def f(n):\n    return sum(range(n))\n",
    "b.py": "def inputs(seed, **sizes):\n    return (1000 + seed % 99,), {}\n",
    "test_a.py": "import unittest\nimport a\n\nclass Test(unittest.TestCase):\n"
    "    def test_f(self):\n        self.assertEqual([a.f(3) for _ in range(9999)][0], 3)\n",
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


@pytest.mark.parametrize("target", [TARGET, ""])
def test_a_profile_is_taken_while_nobody_measures(office, target):
    folder = office.lab.ground.folder
    witness = Witness(folder / MEASURING)
    lab = Lab(Ground(folder, witness), office.store, {})
    office.project.commit(office.dev, "main", FILES, "Say how it is tested")
    _, iteration = office.admitted(office.asked("optimize", *([target] if target else [])))
    lab.prepare(iteration)
    witness.measurable.clear()

    found = lab.localize(iteration)

    assert found.target == TARGET and "could not be profiled" not in found.profile
    assert witness.measurable and not any(witness.measurable)
