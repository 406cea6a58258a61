"""The line to a worker in a real sandbox: its clock, its ends, its bounds."""

import os
import pickle
import time
from dataclasses import replace
from random import Random

import pytest

from bench.project import written
from evaluation.channel import ChannelLost
from evaluation.speed import pinning
from evaluation.speed.referee import NoClock, Pool, ProbeFailed, Referee, SideFailed
from sandbox.spec import Limits

pytestmark = pytest.mark.slow
BUSY = "def work(n):\n    total = 0\n    for value in range(n):\n        total += value\n    return total\n"


@pytest.fixture
def start(judge):
    """Open a worker whose baseline side holds this text."""

    def open_worker(text):
        return judge.site.launcher().open({"baseline": written(judge.scratch / "side", {"m.py": text})})

    return open_worker


def referee_of(line, patience=10.0):
    referee = Referee(line, Random(1), lambda *_: None, patience)
    referee.load(("baseline",))
    return referee


def test_the_workers_clock_is_read_from_outside(start):
    with start(BUSY) as line:
        referee = referee_of(line)
        pool = Pool([pickle.dumps(((1_000_000,), {})), pickle.dumps(((10,), {}))])

        long, short = (referee.run("baseline", pool, [index])[0] for index in (0, 1))

    assert long.cpu > 20 * short.cpu
    assert long.wall >= long.cpu * 0.9


def test_sleeping_costs_wall_time_and_no_cpu_time(start):
    with start("import time\ndef work(n):\n    time.sleep(0.2)\n") as line:
        sample, frames, void = referee_of(line).run("baseline", Pool([pickle.dumps(((1,), {}))]), [0])

    assert sample.wall > 0.2e9 > 4 * sample.cpu
    assert len(frames) == 1 and void


def test_a_side_lies_under_a_name_that_is_new_in_each_process(start):
    text = "def work(n):\n    return __file__\n"
    with start(text) as one, start(text) as other:
        _, (frame,), _ = referee_of(one).run("baseline", Pool([pickle.dumps(((1,), {}))]), [0])
        (folder,) = one.folders.values()

        assert f"{folder}/m.py" in str(frame[0])
        assert "baseline" not in folder
        assert folder not in other.folders.values()


def test_a_worker_that_hangs_is_lost_in_time_and_gone(start):
    with start("while True: pass\n") as line:
        began = time.monotonic()

        with pytest.raises(ChannelLost) as lost:
            line.ask({"op": "load", "sides": ["baseline"]}, seconds=1.0, most=1 << 16)

        assert lost.value.reason == "timed_out"
        assert time.monotonic() - began < 6
        assert not line.running.pids()


def test_a_worker_that_dies_tells_how(start):
    with start("import os\nos._exit(3)\n") as line, pytest.raises(ChannelLost) as lost:
        line.ask({"op": "load", "sides": ["baseline"]}, seconds=10.0, most=1 << 16)

    assert lost.value.reason == "crashed"
    assert "exit code 3" in lost.value.detail


@pytest.mark.parametrize(
    "words", ["b'\\x00\\x00\\x00\\x05\\x00\\x00\\x00\\x00not j'", "b'\\xff' * 8", "b'\\x00\\x00\\x00\\x02\\x00\\x00\\x00\\x00[]'"]
)
def test_nonsense_on_the_line_is_garbage(start, words):
    text = (
        "import os\nfor number in range(3, 20):\n    try:\n"
        f"        os.write(number, {words})\n    except OSError:\n        pass\n"
    )
    with start(text) as line, pytest.raises(ChannelLost) as lost:
        line.ask({"op": "load", "sides": ["baseline"]}, seconds=10.0, most=1 << 16)

    assert lost.value.reason == "garbage"


def test_an_answer_beyond_the_bound_is_refused(start):
    with start("def work(n):\n    return 'x' * n\n") as line:
        referee = referee_of(line)
        referee._ask("baseline", {"op": "prepare", "side": "baseline"}, [pickle.dumps(((1_000_000,), {}))])
        referee._ask("baseline", {"op": "go"})

        with pytest.raises(ChannelLost) as lost:
            line.ask({"op": "encode"}, seconds=10.0, most=1000)

    assert lost.value.reason == "garbage"


def test_code_that_cannot_be_loaded_names_its_side(start):
    with start("def other(n): return n\n") as line, pytest.raises(SideFailed) as failed:
        referee_of(line)

    assert (failed.value.arm, failed.value.code) == ("baseline", "missing")


def test_what_our_own_probe_did_not_foresee_is_our_fault(start):
    with start(BUSY) as line, pytest.raises(ProbeFailed) as failed:
        referee_of(line)._ask("baseline", {"op": "prepare"})  # without a side: no handler expects that

    assert failed.value.reason.code == "speed.probe"
    assert "KeyError: 'side'" in failed.value.reason.text


def test_without_a_visible_pid_no_clock_is_pretended(start):
    with start(BUSY) as line:
        line.pid = None

        with pytest.raises(NoClock):
            Referee(line, Random(1), lambda *_: None, 1.0)


def test_memory_is_the_growth_of_one_call(start):
    with start("def work(n):\n    return len(bytearray(n) + b'1')\n") as line:
        referee = referee_of(line)
        pool = Pool([pickle.dumps(((30 << 20,), {}))])

        grown = referee.peak("baseline", 0, pool, 0)

    assert 50 < grown < 75


def test_worker_and_referee_share_a_core_only_meanwhile(start):

    before = os.sched_getaffinity(0)
    with start(BUSY) as line, pinning.same_core([line.pid], Random(1)):
        assert os.sched_getaffinity(0) == os.sched_getaffinity(line.pid)
        assert len(os.sched_getaffinity(0)) == 1

    assert os.sched_getaffinity(0) == before


def test_a_worker_may_not_outlive_its_sandboxs_time(judge):
    short = replace(judge.site.launcher(), limits=Limits(seconds=2))

    line = short.open({"baseline": written(judge.scratch / "side", {"m.py": "while True: pass\n"})})
    with line, pytest.raises(ChannelLost) as lost:
        line.ask({"op": "load", "sides": ["baseline"]}, seconds=30.0, most=1 << 16)

    assert lost.value.reason == "timed_out"
