"""What runs in a project's own environment runs on the oldest Python that we promise, and on the newest."""

from dataclasses import replace

import pytest

from bench.project import FASTER, FILES, written
from evaluation.judge import Depth
from sandbox.environment import Environment
from sandbox.spec import SandboxError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("wanted", ["3.9", "3.13"])
def test_a_project_on_another_python_is_judged_alike(wanted, judge):
    try:
        python = judge.sandbox.interpreter(wanted)
    except SandboxError as error:
        pytest.skip(str(error))
    judge = replace(judge, environment=Environment("other", python.path, python.mounts, {}, {"python": wanted}))
    candidate = written(judge.scratch / "candidate", {**FILES, "m.py": FASTER})

    card = judge.evaluate(candidate, {"m.py": FASTER.encode()}, judge.baseline(), depth=Depth.QUICK, seed=3)

    assert (card.tests.passed, card.tests.failed, card.equivalence.mismatches) == (1, (), ())
    assert card.equivalence.compared == card.equivalence.inputs > 30
    assert card.speedup is not None
