"""What leaves the house leaves it once, and never over somebody else's work."""

import pytest

from bot.ending import Cancelled, Unanswerable
from bot.search import Finding
from tests.bot.office import TARGET

pytestmark = pytest.mark.slow  # real pushes over HTTP
SAME_IN_OTHER_WORDS = "def f():\n    return 2 - 1\n"


@pytest.fixture
def proven(office):
    """An admitted run with a winner: request, ticket, iteration, finding."""
    request = office.asked("optimize", TARGET)
    ticket, iteration = office.admitted(request)
    return request, ticket, iteration, Finding(office.candidate(iteration), 1)


def review(office, run, mr):
    """An admitted review with a winner that differs."""
    request = office.remark(mr, "/optimize avoid join", "avoid", "join")
    ticket = office.reviewed(request.id, request)
    iteration = office.lab.ground.fetch(ticket.iteration, office.origin(), ticket.base, ticket.config)
    return request, ticket, iteration, Finding(office.candidate(iteration, 1, SAME_IN_OTHER_WORDS), 1)


def refusal(call, *arguments):
    with pytest.raises(Unanswerable) as refused:
        call(*arguments)
    return str(refused.value)


def test_published_twice_there_is_one_merge_request_with_one_commit_and_one_answer(office, proven):
    request, ticket, iteration, finding = proven
    office.press.publish(ticket, iteration, finding)
    office.press.publish(ticket, iteration, finding)

    (mr,) = office.project.merge_requests
    assert (len(mr.commits), mr.labels, mr.reviewers) == (1, ["hasten"], [office.dev.username])
    assert len(office.said(request)) == len(office.status(request)) == 1
    assert f"!{mr.iid}" in office.said(request)[0]
    assert office.store.run(request.id).merge_request == mr.iid and office.store.run(request.id).state == "done"


def test_without_a_winner_nothing_is_pushed_and_what_was_tried_is_told(office, proven):
    request, ticket, iteration, _ = proven
    office.press.publish(ticket, iteration, Finding(None, 1))

    assert list(office.project.branches) == ["main"] and office.project.merge_requests == []
    assert "Idea 1" in office.said(request)[0] and office.store.run(request.id).state == "nothing"


def test_a_requester_who_lost_the_right_meanwhile_gets_nothing_pushed(office, proven):
    _, ticket, iteration, finding = proven
    office.project.remove_member(office.dev)

    assert "no longer" in refusal(office.press.publish, ticket, iteration, finding)
    assert list(office.project.branches) == ["main"]


def test_a_branch_of_our_name_that_a_person_made_is_not_overwritten(office, proven):
    _, ticket, iteration, finding = proven
    office.press.publish(ticket, iteration, finding)
    (mr,) = office.project.merge_requests
    theirs = office.project.commit(office.dev, mr.source_branch, {"b.py": "x = 1\n"})

    assert "Somebody pushed" in refusal(office.press.publish, ticket, iteration, finding)
    assert office.project.branches[mr.source_branch] == theirs


def test_a_review_adds_one_commit_one_answer_and_resolves_its_thread(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    asked, ticket, iteration, finding = review(office, office.store.run(request.id), mr)

    office.press.revise(ticket, iteration, finding)

    assert len(mr.commits) == 2 and "2 - 1" in mr.diff and "1 + 0" not in mr.diff
    assert len(office.said(asked)) == 1 and office.thread(asked).resolved
    assert "Versions (2)" in mr.description


def test_a_review_killed_after_its_push_goes_on_behind_it(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    asked, ticket, iteration, finding = review(office, office.store.run(request.id), mr)

    office.press.revise(ticket, iteration, finding)
    office.press.revise(ticket, iteration, finding)

    assert len(mr.commits) == 2 and len(office.said(asked)) == 1


def test_a_person_who_pushes_during_a_review_is_not_overwritten(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    _, ticket, iteration, finding = review(office, office.store.run(request.id), mr)
    theirs = office.project.commit(office.dev, mr.source_branch, {"b.py": "x = 1\n"})

    assert "Somebody pushed" in refusal(office.press.revise, ticket, iteration, finding)
    assert office.project.branches[mr.source_branch] == theirs


def test_what_people_wrote_around_our_section_stays(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    mr.item.description = f"Please merge on Monday.\n\n{mr.description}\n\nThanks!"
    _, ticket, iteration, finding = review(office, office.store.run(request.id), mr)

    office.press.revise(ticket, iteration, finding)

    assert mr.description.startswith("Please merge on Monday.") and mr.description.rstrip().endswith("Thanks!")


def test_a_review_that_leads_to_the_same_code_says_so_and_pushes_nothing(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    asked, ticket, iteration, _ = review(office, office.store.run(request.id), mr)

    office.press.revise(ticket, iteration, Finding(office.candidate(iteration, 2), 1))

    assert len(mr.commits) == 1 and len(office.said(asked)) == 1


def test_a_cancelled_run_pushes_nothing_more(office, proven):
    request, ticket, iteration, finding = proven
    office.store.update_run(request.id, state="cancelling")

    with pytest.raises(Cancelled):
        office.press.publish(ticket, iteration, finding)
    assert list(office.project.branches) == ["main"]
