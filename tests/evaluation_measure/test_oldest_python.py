"""What runs in a project's own environment runs on the oldest Python that we promise, and on the newest."""

from dataclasses import replace

import pytest

from bench.judge import CANDIDATES, FILES, judge_for, written
from evaluation.judge import Depth
from sandbox.environment import Environment
from sandbox.spec import SandboxError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("wanted", ["3.9", "3.13"])
def test_a_project_on_another_python_is_judged_alike(wanted, tmp_path):
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    judge = judge_for(tmp_path)
    try:
        python = judge.sandbox.interpreter(wanted)
    except SandboxError as error:
        pytest.skip(str(error))
    judge = replace(judge, environment=Environment("other", python.path, python.mounts, {}, {"python": wanted}))
    text = CANDIDATES["really 1.3x faster"]
    candidate = written(tmp_path / "candidate", {**FILES, "m.py": text})

    card = judge.evaluate(candidate, {"m.py": text.encode()}, judge.baseline(), depth=Depth.QUICK, seed=3)

    assert (card.tests.passed, card.tests.failed, card.equivalence.mismatches) == (1, (), ())
    assert card.equivalence.compared == card.equivalence.inputs > 30
    assert card.speedup is not None
