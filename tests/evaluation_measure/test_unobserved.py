"""What calls do beside their results is seen where nobody observes them, too: memory shared with arguments, log records."""

import gc
import logging
import pickle
import sys

import numpy as np
import pytest

from evaluation.guard.last_look.differences import Comparing, Mixed, Told
from evaluation.policy import Policy, Relaxation
from evaluation.probe import finishing, loading, logs, worker
from evaluation.speed import outcomes
from evaluation.speed.referee import Pool, unpack

NAME = "hasten_unobserved"
TEXT = """
import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())

def copies(x): return x[1:].copy()
def shares(x): return x[1:]
def shares_more(x): return x[:3]
async def shares_later(x): return x[1:]
async def copies_later(x): return x[1:].copy()
def quiet(x): return 1
def collects(x):
    import gc
    return gc.isenabled()
def warns(x):
    logging.getLogger(__name__).warning("%d items", len(x))
    return 1
"""
PLAIN = Policy()
CHECKED = Policy(check="checks.py::accept")
DATA = pickle.dumps(((np.arange(4.0),), {}))


@pytest.fixture
def called(tmp_path):
    """Calls of a function as a last look makes them: (frames, what they left changed)."""
    (tmp_path / f"{NAME}.py").write_text(TEXT)
    loop = finishing.Loop()

    def call(name, count=1, collecting=()):
        target = {"path": f"{NAME}.py", "name": name}
        one = worker.Worker(target)
        one._sides = loading.Sides(["one"], target, {"one": str(tmp_path)})
        assert one._sides.load()["one"] is None
        one._lazy, one._loops = finishing.LAZY, {"one": loop}
        one.note({"side": "one", "logs": True}, ())
        for on in collecting:
            one.collect({"on": on}, ())
        one.prepare({"side": "one"}, [DATA] * count)
        one.go({}, ())
        frames = unpack(*one.encode({"arguments": list(range(count))}, ()))
        return frames, one.effects({}, ())[0]

    yield call
    loop.close()
    sys.modules.pop(NAME, None)


def differing(expected, actual, policy=PLAIN):
    return outcomes.expected([expected[0]], policy).differs(0, 0, actual[0][0])


@pytest.mark.parametrize(
    ("expected", "actual", "said"),
    [
        ("copies", "shares", "shares memory with an argument, expected not to"),
        ("shares", "copies", "shares no memory with the arguments, expected to"),
        ("copies_later", "shares_later", "shares memory with an argument, expected not to"),
    ],
)
def test_a_timed_call_that_shows_its_arguments_shows_whether_its_result_lies_in_their_memory(called, expected, actual, said):
    assert said in differing(called(expected), called(actual))
    assert differing(called(expected), called(expected)) is None
    assert differing(called(expected), called(actual), PLAIN.relax(Relaxation.ALIAS)) is None


def test_where_a_check_decides_a_result_may_share_the_memory_that_the_functions_own_shares_and_no_other(called):
    assert differing(called("shares"), called("shares_more"), CHECKED) is None
    assert "shares memory" in differing(called("copies"), called("shares_more"), CHECKED)


@pytest.mark.parametrize(("expected", "actual"), [("quiet", "warns"), ("warns", "quiet")])
def test_what_a_sample_of_calls_logs_is_compared_though_no_handler_shows_it(called, expected, actual):
    def found(ours, theirs, policy=PLAIN):
        told = [Told([each], [], {}) for each in (ours, theirs)]
        asked = [Mixed(Pool([DATA] * 3), {})]
        return list(Comparing(policy, lambda *_: None).differences(asked, [], *told))

    ((code, text),) = found(called(expected, 3), called(actual, 3))

    assert code == "equivalence.output" and text.startswith("logs: ") and "'4 items'" in text
    assert found(called(expected, 3), called(expected, 3)) == []
    assert found(called(expected, 3), called(actual, 3), PLAIN.relax(Relaxation.OUTPUT)) == []


def test_nobody_listens_any_more_when_effects_are_told(called):
    before = [*logging.getLogger().handlers]

    called("warns")

    assert logging.getLogger().handlers == before


@pytest.mark.parametrize(("asked", "collects"), [((), False), ((True,), True), ((True, False), False)])
def test_garbage_is_collected_during_the_calls_where_that_is_asked_and_never_after_them(called, asked, collects):
    ((frame,), _) = called("collects", collecting=asked)

    assert f"returned', {collects}" in str(frame[0])
    assert not gc.isenabled()


def test_a_flood_of_records_is_counted_and_one_that_cannot_be_written_hurts_nobody():
    heard = logs.Logs()
    for text in ["%d", *["again"] * logs.LINES]:
        heard.emit(logging.LogRecord(NAME, logging.WARNING, "m.py", 1, text, ("no number",) if text == "%d" else (), None))

    told = heard.told()
    assert told[0] == ["WARNING", "?"]
    assert len(told) == logs.LINES + 1 and told[-1] == ["", f"{logs.LINES + 1} records in all"]
