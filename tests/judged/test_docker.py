"""The judge in Docker: the same clock from outside, the same account of child processes, the same answers."""

import pytest

from bench.project import BASE, FILES, judge_for, written
from evaluation.judge import Depth
from evaluation.scorecard import Outcome
from tests.sandboxed import readable, usable

pytestmark = [pytest.mark.slow, pytest.mark.docker]
FASTER = BASE.replace("range(13)", "range(5)")
FORKING = f"""
import logging
system = vars(logging)["os"]
{FASTER.replace("def work", "def _work")}
def work(seed):
    out, into = system.pipe()
    child = getattr(system, "fo" + "rk")()
    if child == 0:
        system.write(into, str(_work(seed)).encode())
        getattr(system, "_ex" + "it")(0)
    system.close(into)
    system.waitpid(child, 0)
    return int(system.read(out, 99))
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    return judge_for(readable(tmp_path_factory.mktemp("docker")), usable("docker"))


@pytest.fixture(scope="module")
def baseline(judge):
    return judge.baseline()


def glance(judge, baseline, text):
    candidate = written(judge.scratch / "candidate", {**FILES, "m.py": text})
    return judge.evaluate(candidate, {"m.py": text.encode()}, baseline, depth=Depth.QUICK)


def test_a_faster_function_is_seen_by_the_clock_of_the_host(judge, baseline):
    card = glance(judge, baseline, FASTER)

    assert (card.outcome, card.clock, card.sandbox) == (Outcome.INCONCLUSIVE, "cpu", "docker")
    assert [reason.code for reason in card.reasons] == ["speed.unconfirmed"]
    assert card.speedup.ratio > 1.5


def test_work_in_child_processes_is_accounted_for(judge, baseline):
    card = glance(judge, baseline, FORKING)

    assert card.outcome is Outcome.REJECTED
    assert [reason.code for reason in card.reasons] == ["guard.process"]
