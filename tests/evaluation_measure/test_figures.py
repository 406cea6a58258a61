"""What is published of a measurement follows from it."""

import pytest

from evaluation import figures
from evaluation.scorecard import Outcome
from evaluation.speed.measurement import Measured
from evaluation.speed.samples import ARMS, Block, CellRun, Sample, Session
from evaluation.speed.verdict import Decision

MS = 1_000_000


def run(candidate_ms: float) -> CellRun:
    times = {"baseline": 10.0, "control": 10.0, "candidate": candidate_ms}
    long = {arm: [Sample(int(ms * MS), int(ms * MS), 0, 0)] * 2 for arm, ms in times.items()}
    return CellRun(5, 0, (Block(long, {arm: [Sample(0, 0, 0, 0)] * 2 for arm in ARMS}),) * 3)


def measured(*candidates_ms: float) -> Measured:
    """Eight processes alike, a size for each time."""
    sessions = tuple(Session("joint", tuple(map(run, candidates_ms)), {}) for _ in range(8))
    return Measured(Decision(Outcome.ACCEPTED, ()), "cpu", sessions)


def test_the_e_value_is_of_the_score_that_decides():
    slower_then_faster = measured(11.0, 5.0)

    assert figures.samples(slower_then_faster, (1.0, 0.0))["e_value"] < 1
    assert figures.samples(slower_then_faster, (0.0, 1.0))["e_value"] > 20
    assert figures.samples(slower_then_faster, (1.0, 1.0))["e_value"] == pytest.approx(
        figures.samples(measured((11.0 * 5.0) ** 0.5), (1.0,))["e_value"], rel=1e-3
    )


def test_what_is_published_holds_every_process_and_size():
    raw = figures.samples(measured(5.0, 2.0), (1.0, 1.0))

    assert [len(row) for row in raw["cpu"]["gain"]] == [2] * 8
    assert raw["cpu"]["solo"] == []
