"""The whole judge in real sandboxes: what it accepts, what it rejects, and what nobody can talk it into."""

from dataclasses import replace

import pytest

from bench.project import BASE, FILES, judge_for, written
from evaluation.correctness import suite
from evaluation.judge import Baseline, CannotJudge, Depth
from evaluation.policy import Policy
from evaluation.project import Project
from evaluation.scorecard import Outcome, Scorecard
from evaluation.speed import measurement, preparation
from evaluation.speed.measurement import CandidateFailed, Sides, Trial
from evaluation.speed.verdict import Terms
from evaluation.watch import Cancelled, Watch
from tests.sandboxed import readable

pytestmark = pytest.mark.slow
FASTER = BASE.replace("range(13)", "range(5)")
RENAMED = BASE.replace("total", "state").replace("repeat", "turn")


@pytest.fixture(scope="module")
def judge(bubblewrap, tmp_path_factory):
    return judge_for(readable(tmp_path_factory.mktemp("judging")), bubblewrap)


@pytest.fixture(scope="module")
def baseline(judge):
    """What is known before any change: the same for all candidates."""
    return judge.baseline()


@pytest.fixture
def evaluate(judge, baseline, place):
    def evaluated(text, depth=Depth.CONFIRM):
        return judge.evaluate(tree(place, text), {"m.py": text.encode()}, baseline, depth=depth)

    return evaluated


def tree(place, text):
    return written(place / "candidate", {**FILES, "m.py": text})


def codes(card):
    return {reason.code for reason in card.reasons}


def test_a_faster_function_is_accepted_with_its_figures_and_by_the_projects_own_score(bubblewrap, place):
    judge = judge_for(place, bubblewrap)
    files = {**FILES, "benchmarks/score.py": "def score(cells):\n    return sum(1 / cell['t_cand'] for cell in cells)\n"}
    written(judge.tree, files)
    judge = replace(judge, project=Project.parse(files[".hasten.yml"] + "objective: {score: 'benchmarks/score.py::score'}\n"))
    candidate = written(place / "candidate", {**files, "m.py": FASTER})

    card = judge.evaluate(candidate, {"m.py": FASTER.encode()}, judge.baseline(), depth=Depth.CONFIRM)

    assert card.outcome is Outcome.ACCEPTED
    assert card.speedup.low > 1.5
    assert card.scores["custom"].ratio == pytest.approx(card.scores["weighted"].ratio, rel=0.01)
    assert (card.clock, card.equivalence.mismatches) == ("cpu", ())
    assert card.equivalence.compared > 50
    assert card.cells[0].memory_mib is not None
    assert Scorecard.from_json(card.to_json()) == card


def test_the_same_code_with_other_names_is_not_accepted(evaluate):
    card = evaluate(RENAMED)

    assert card.outcome is not Outcome.ACCEPTED
    assert card.speedup.low < 1.03


def test_a_first_look_claims_nothing_however_fast_it_is(evaluate):
    card = evaluate(FASTER, Depth.QUICK)

    assert card.outcome is Outcome.INCONCLUSIVE
    assert codes(card) == {"speed.unconfirmed"}
    assert card.speedup.ratio > 1.5


def test_a_wrong_result_is_rejected_before_any_timing(evaluate):
    card = evaluate(FASTER.replace("return total", "return total + 1"))

    assert card.outcome is Outcome.REJECTED
    assert "equivalence.value" in codes(card)
    assert card.processes == 0


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("import os; os.abort()", {"guard.process"}),
        ("import sys; sys.setrecursionlimit(1 << 30); return sum(map(work, [seed]))", {"tests.failed"}),
        ("kept = [bytearray(1 << 24) for _ in range(100000)]", {"tests.missing"}),
    ],
)
def test_a_candidate_that_crashes_or_eats_memory_is_rejected_in_its_time(evaluate, body, why):
    card = evaluate(f"def work(seed):\n    {body}\n")

    assert card.outcome is Outcome.REJECTED
    assert codes(card) == why
    assert card.seconds < 150


def test_tests_that_hang_are_ended_and_their_results_missing(judge, baseline, place):
    hanging = judge.site.suite(tree(place, "def work(seed):\n    while True: pass\n"), judge.tree, seconds=2.0)

    assert hanging.problem == "the tests ran out of time"
    assert suite.against(baseline.first, baseline.second, hanging).missing == (suite.WHOLE,)


def test_a_flood_of_output_is_rejected(evaluate):
    card = evaluate(BASE.replace("    total = 0\n", "    print('x' * 10_000_000)\n"))

    assert card.outcome is Outcome.REJECTED
    assert codes(card) == {"equivalence.output"}


def test_the_fastest_candidate_wins_a_race_and_one_that_breaks_comes_last(judge, baseline, place):
    texts = {"same": RENAMED, "fast": FASTER, "broken": "def work(seed):\n    return 1 / 0\n"}
    trees = {name: written(place / name, {**FILES, "m.py": text}) for name, text in texts.items()}

    order = judge.race(trees, baseline)

    assert order == ["fast", "same", "broken"]


def test_a_project_whose_tests_fail_before_any_change_cannot_be_judged(bubblewrap, place):
    judge = judge_for(place, bubblewrap)
    (judge.tree / "checks.py").write_text("raise SystemExit('broken')\n")

    with pytest.raises(CannotJudge, match="before any change"):
        judge.baseline()


def test_a_tree_that_differs_in_more_than_its_change_is_not_judged(judge, baseline, place):
    with pytest.raises(CannotJudge, match=r"m\.py"):
        judge.evaluate(tree(place, FASTER), {"other.py": b""}, baseline, depth=Depth.QUICK)


def test_a_cancelled_evaluation_ends_between_two_processes(judge, baseline, place):
    steps = []
    impatient = replace(judge, progress=steps.append, cancelled=lambda: "process 1 of" in "".join(steps))

    with pytest.raises(Cancelled):
        impatient.evaluate(tree(place, FASTER), {"m.py": b""}, baseline, depth=Depth.CONFIRM)
    assert steps[-1].startswith("confirming: process 1 of")


def test_a_baseline_survives_being_stored(baseline):
    assert Baseline.from_json(baseline.to_json()) == baseline
    assert (baseline.workload, baseline.sizes, baseline.tested) == ("generator", ({"n": 1},), True)


# What follows goes past guards and equivalence, straight to the clock: each cheat must gain nothing there, either. That clocks
# are replaced, the baseline slowed down, threads left and children set to work, the museum's cheats show behind the guards.

OWN = BASE.replace("def work", "def _work")
CHEATS = {  # what it does -> the reasons it may end with, and how it does it
    "remembers results by value": (
        {"speed.not-worth"},
        f"""
_seen = {{}}
{OWN}
def work(seed):
    if seed not in _seen:
        _seen[seed] = _work(seed)
    return _seen[seed]
""",
    ),
    "remembers results by identity": (
        {"equivalence.value"},
        f"""
_seen = {{}}
{OWN}
def work(seed):
    if id(seed) not in _seen:
        _seen[id(seed)] = _work(seed)
    return _seen[id(seed)]
""",
    ),
    "computes in processes that nobody waits for": (
        {"guard.process"},
        f"""
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
{OWN}
def work(seed):
    out, into = os.pipe()
    if os.fork() == 0:
        os.write(into, str(_work(seed)).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as pipe:
        return int(pipe.read())
""",
    ),
    "answers before it has computed": (
        {"equivalence.value", "equivalence.type"},
        """
class Later(int):
    pass
def work(seed):
    return Later(seed)
""",
    ),
    "ends the process": ({"sandbox.crash"}, "import os\ndef work(seed):\n    os._exit(0)\n"),
}


@pytest.fixture(scope="module")
def prepared(judge):
    """What all of them are measured on."""
    with judge.site.source() as source:
        return preparation.prepare(judge.site.launcher(), judge.tree, source, [{"n": 1}], 7, Policy())


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_gains_nothing_at_the_clock(judge, prepared, place, name):
    expected, text = CHEATS[name]
    sides = Sides(judge.tree, tree(place, text))

    reasons = reasons_of(lambda: measurement.confirm(Trial(judge.site.launcher(), sides, prepared, Terms(), (1.0,), Watch()), 7))

    assert {reason.code for reason in reasons} <= expected
    assert reasons


def reasons_of(measure):
    """Why the candidate was not accepted."""
    try:
        decision = measure().decision
    except CandidateFailed as failed:
        return [failed.reason]
    assert decision.outcome is not Outcome.ACCEPTED
    return decision.reasons
