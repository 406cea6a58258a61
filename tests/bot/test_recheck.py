"""What is measured again after a push, a merge, and on schedule; and what is said of it."""

from dataclasses import replace

import pytest

from bot.ending import Unanswerable
from bot.request import Request
from bot.thread import Thread
from evaluation.scorecard import Outcome, Reason
from tests.bot.office import FASTER, PROVEN

pytestmark = pytest.mark.slow  # fetches over HTTP
DAY = 86_400
LOST = replace(PROVEN, outcome=Outcome.REJECTED, reasons=(Reason("speed.slower", "at most 1.00×"),))
UNSURE = replace(LOST, outcome=Outcome.INCONCLUSIVE)


def happened(mr, verb, *words, user=None):
    thread = Thread(mr.item.project.id, "merge_request", mr.iid)
    return Request(f"{verb}-{mr.iid}", thread, user.id if user else 0, user.username if user else "", verb, words)


def measured(office, ticket, card):
    """The steps of one re-measurement, with a verdict that was written before."""
    iteration = office.recheck.snapshot(ticket)
    blob = office.lab.ground.blobs.put_json(card.to_json())
    for _ in range(2):
        office.recheck.report(ticket, iteration, blob)
    return iteration


def notes(office, mr):
    return [note.body for note in mr.notes(office.bot)]


def test_what_a_person_pushes_is_measured_against_the_base_and_told_in_one_note(office):
    run, mr = office.opened()
    office.store.update_run(run.id, options={"claim": 0.2})
    head = office.project.commit(office.dev, run.branch, {"a.py": "def f():\n    return 3\n"})
    ticket = office.recheck.admit("pushed-1", happened(mr, "pushed", head, user=office.dev))
    iteration = measured(office, ticket, PROVEN)

    assert iteration.sha == run.base_sha and iteration.options == {"claim": 0.2}
    assert office.recheck._changes(ticket, iteration) == {"a.py": b"def f():\n    return 3\n"}
    (told,) = notes(office, mr)
    assert told.startswith(f"{office.dev.username} pushed `{head[:8]}`") and "2.0× faster" in told and "overwrite nobody" in told
    assert [(check.sha, check.holds) for check in office.store.checks(run.id)] == [(head, True)]
    assert office.project.branches[run.branch] == head


def test_a_second_push_edits_the_note_of_the_first(office):
    run, mr = office.opened()
    for number in (3, 4):
        head = office.project.commit(office.dev, run.branch, {"a.py": f"def f():\n    return {number}\n"})
        measured(office, office.recheck.admit(f"pushed-{number}", happened(mr, "pushed", head, user=office.dev)), LOST)

    (told,) = notes(office, mr)
    assert head[:8] in told and "at most 1.00×" in told


def test_our_own_commit_and_merge_requests_of_others_are_not_measured(office):
    run, mr = office.opened()
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    theirs = office.project.create_merge_request(office.dev, "work", "Work")

    assert office.recheck.admit("p-1", happened(mr, "pushed", office.project.branches[run.branch])) is None
    assert office.recheck.admit("p-2", happened(theirs, "pushed", "0" * 40)) is None
    office.store.update_run(run.id, ending="merged")
    assert office.recheck.admit("p-3", happened(mr, "pushed", "0" * 40)) is None


@pytest.fixture
def merged(office):
    """A merged change, after which the branch went on."""
    run, mr = office.opened()
    office.project.add_member(office.dev, 40)  # only maintainers merge into a protected branch
    mr.merge(office.dev)
    office.store.update_run(run.id, ending="merged")
    office.project.commit(office.dev, "main", {"b.py": "x = 1\n"})
    return run, mr


def test_a_merge_is_compared_with_the_branch_without_it(office, merged):
    run, mr = merged
    ticket = office.recheck.admit("merged-1", happened(mr, "merged", user=office.dev))
    iteration = measured(office, ticket, PROVEN)

    repository = office.lab.ground.repository(iteration.project)
    assert repository.read(iteration.sha, "a.py") == b"def f():\n    return 1\n" and repository.read(iteration.sha, "b.py")
    assert office.recheck._changes(ticket, iteration) == {"a.py": FASTER.encode()}
    (told,) = notes(office, mr)
    assert told.startswith("Merged. I measured `main`") and "2.0× faster" in told
    assert {*office.project.branches} == {"main", run.branch}, "what was made to compare with stays here"


def test_where_the_change_cannot_be_taken_out_again_it_is_said(office, merged):
    _, mr = merged
    office.project.commit(office.dev, "main", {"a.py": "def f():\n    return 7\n"})
    request = happened(mr, "merged", user=office.dev)
    ticket = office.recheck.admit("merged-1", request)

    with pytest.raises(Unanswerable) as ending:
        office.recheck.snapshot(ticket)
    office.recheck.end(request, str(ending.value))
    (told,) = notes(office, mr)
    assert "can't be taken out again" in told


def scheduled(office, mr, card):
    office.project.commit(office.dev, "main", {".hasten.yml": "schedule: weekly\n"})
    return measured(office, office.recheck.admit("schedule-1", happened(mr, "schedule")), card)


@pytest.mark.parametrize(("card", "said"), [(PROVEN, 0), (UNSURE, 0), (LOST, 1)])
def test_on_schedule_only_a_lost_win_is_told(office, merged, card, said):
    run, mr = merged
    office.store.update_run(run.id, ended=1.0)
    scheduled(office, mr, card)

    told = notes(office, mr)
    assert len(told) == said and all("The gain is **lost**" in each for each in told)
    assert [check.occasion for check in office.store.checks(run.id)] == ["schedule"]


def test_before_its_day_and_without_a_schedule_nothing_is_measured(office, merged):
    run, mr = merged
    with pytest.raises(Unanswerable):
        scheduled(office, mr, PROVEN)
    assert notes(office, mr) == [] and office.store.checks(run.id) == []

    row = replace(run, ended=10.0 * DAY)
    assert [office.recheck.due(row, every, 17.0 * DAY) for every in ("never", "daily", "weekly", "monthly")] == [
        False,
        True,
        True,
        False,
    ]


def test_the_calendar_asks_once_a_day_for_what_was_merged_within_a_year(office, merged):
    run, _ = merged
    office.store.update_run(run.id, ended=1.0)
    asked = [office.recheck.requests(now) for now in (2.0, 3.0, DAY + 2.0, 400.0 * DAY)]

    assert [len(each) for each in asked] == [1, 1, 1, 0]
    assert asked[0][0].id == asked[1][0].id != asked[2][0].id
