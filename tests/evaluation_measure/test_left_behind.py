"""What processes leave behind, and whose doing it is."""

import pytest

from evaluation.speed.measurement import left_behind
from evaluation.speed.samples import Block, CellRun, Kind, Left, Sample, Session

MS = 1_000_000


def session(kind: Kind, *, beside: float = 0.0, **left: Left) -> Session:
    """A process, or a pair, whose sides do a share of their work in other processes."""
    sample = Sample(10 * MS, 10 * MS, 0, 0, beside=int(beside * 10 * MS))
    arms = ("baseline", "candidate") if kind == "solo" else ("baseline", "control", "candidate")
    block = Block({arm: [sample] * 2 for arm in arms}, {arm: [] for arm in arms})
    return Session(kind, (CellRun(1, 0, (block,) * 3),), left)


def found(beside: float, alone: Left, candidate: Left, joint: Left) -> str | None:
    """The code that a joint process and a pair lead to."""
    pair = session("solo", beside=beside, baseline=alone, candidate=candidate)
    told = left_behind([session("joint", beside=beside, candidate=joint), pair])
    return told and told[1].code


@pytest.mark.parametrize(
    ("beside", "alone", "candidate", "joint", "code"),
    [
        (0.0, Left(), Left(), Left(), None),
        (0.0, Left(), Left(elsewhere_s=0.5), Left(elsewhere_s=0.5), "guard.process"),
        (0.9, Left(elsewhere_s=0.2), Left(elsewhere_s=0.1), Left(elsewhere_s=1.2), None),
        (0.0, Left(), Left(threads=1), Left(), "guard.thread"),
        (0.0, Left(threads=1), Left(threads=1), Left(threads=1), None),
        (0.0, Left(), Left(children=1), Left(), "guard.process"),
        (0.0, Left(elsewhere_s=None, spawned=True), Left(elsewhere_s=None), Left(elsewhere_s=None), "speed.clock"),
    ],
)
def test_only_what_the_pristine_code_alone_does_not_do_is_held_against_a_candidate(beside, alone, candidate, joint, code):
    assert found(beside, alone, candidate, joint) == code


def test_threads_of_a_package_are_excused_and_nothing_else_is():
    threads = [session("joint", candidate=Left(threads=6)), session("solo", baseline=Left(), candidate=Left(threads=6))]
    children = [session("joint", candidate=Left(children=1)), session("solo", baseline=Left(), candidate=Left())]

    excused, blamed, forked = left_behind(threads, lambda: True), left_behind(threads), left_behind(children, lambda: True)

    assert (excused, blamed and blamed[1].code, forked and forked[1].code) == (None, "guard.thread", "guard.process")
