"""The status note: one, edited in place, not too often, and never worth a run."""

import pytest

from bot.board import PAUSE
from bot.report.facts import Stage
from pilot.gitlab.faults import Fault, Kind
from tests.bot.office import TARGET


@pytest.fixture
def run(office):
    request = office.asked("optimize", TARGET)
    office.desk.admit(request.id, request)
    return request


def test_one_note_is_edited_from_stage_to_stage(office, run):
    for stage in (Stage.BASELINE, Stage.SEARCHING, Stage.CONFIRMING, Stage.DONE):
        office.board.show(run.id, stage, "")

    (note,) = office.status(run)
    assert note.startswith("**Done")


def test_within_a_stage_it_is_edited_only_every_few_seconds(office, run):
    for doing in ("One", "Two", "Three"):
        office.board.show(run.id, Stage.SEARCHING, doing)
        office.clock.now += PAUSE / 2

    assert "Three" in office.status(run)[0]
    office.board.show(run.id, Stage.SEARCHING, "Four")
    assert "Three" in office.status(run)[0]


def test_a_note_that_gitlab_does_not_take_stops_nothing_and_the_next_one_arrives(office, run):
    office.gitlab.fail(Fault(r"^PUT .*/notes/", Kind.BAD_GATEWAY))

    office.board.show(run.id, Stage.BASELINE, "lost")
    office.board.show(run.id, Stage.SEARCHING, "Arrives")

    (note,) = office.status(run)
    assert "Arrives" in note


def test_the_best_so_far_is_named_as_not_confirmed(office, run):
    office.candidate(office.desk.admit(run.id, run).iteration)

    office.board.show(run.id, Stage.SEARCHING, "")

    assert "Best so far" in office.status(run)[0] and "not confirmed" in office.status(run)[0]


def test_a_run_that_nobody_knows_is_not_shown(office, run):
    office.board.show("nobody", Stage.SEARCHING, "")

    assert len(office.status(run)) == 1


def test_what_is_told_to_somebody_who_asks_is_how_the_run_ended(office, run):
    office.store.life.end(run.id, "cancelled")

    assert office.board.text(office.store.run(run.id)).startswith("**Cancelled")
