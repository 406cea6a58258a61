"""What leaves the house leaves it once, and never over somebody else's work."""

import json
from dataclasses import replace

import pytest

from bot.ending import Cancelled, Unanswerable
from bot.ledger import FateRow
from bot.request import Spot
from bot.search import Finding
from pilot.gitlab.faults import Fault, Kind
from tests.bot.office import PROVEN, TARGET

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
    request, ticket, iteration, finding = proven
    slow, end = FateRow(finding.winner, None, "slow", {"ratio": 1.01}), FateRow("", None, "ideas", {"evaluations": 1})
    office.store.ledger.tell_fates(iteration.id, [slow, end])
    office.press.publish(ticket, iteration, Finding(None, 1))

    assert list(office.project.branches) == ["main"] and office.project.merge_requests == []
    assert "| Idea 1 | 2.00× | set aside | A first look saw 1.01×, too little" in office.said(request)[0]
    assert office.store.run(request.id).state == "nothing"


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


@pytest.fixture
def commented(office):
    """A merge request with a command in its diff, admitted; and what was found for it."""
    office.project.commit(office.dev, "work", {"a.py": "def f():\n    n = 0\n    n += 1\n    return n\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    note = mr.start_thread(office.dev, "/optimize", mr.position("a.py", new_line=2)).notes[0]
    at = Spot("a.py", 2, mr.versions[-1].head)
    request = office.request(mr, note, "optimize", TARGET, at=at)
    ticket, iteration = office.admitted(request)
    return mr, request, ticket, iteration


def test_a_small_result_that_was_asked_for_in_a_diff_is_a_suggestion_there(office, commented):
    mr, request, ticket, iteration = commented
    finding = Finding(office.candidate(iteration, 1, "def f():\n    return 1\n"), 1)
    for _ in range(2):
        office.press.publish(ticket, iteration, finding)

    (told,) = office.said(request)
    assert "```suggestion:-0+2\n    return 1\n```" in told and "2.0× faster" in told
    assert office.project.merge_requests == [mr] and [*office.project.branches] == ["main", "work"]
    assert office.store.run(request.id).state == "done" and len(office.status(request)) == 1


def test_a_result_that_reaches_further_is_a_merge_request_into_the_branch(office, commented):
    mr, request, ticket, iteration = commented
    office.press.publish(
        ticket, iteration, Finding(office.candidate(iteration, 1, "x = 1\n" * 80 + "def f():\n    return 1\n"), 1)
    )

    ours = office.project.merge_requests[-1]
    assert (ours.target_branch, ours.iid != mr.iid) == ("work", True)
    assert f"!{ours.iid}" in office.said(request)[0]


def test_after_a_push_a_thread_gets_no_suggestion_for_lines_that_may_have_moved(office, commented):
    _, request, ticket, iteration = commented
    old = replace(ticket, request=replace(request, at=Spot("a.py", 2, "0" * 40)))
    office.press.publish(old, iteration, Finding(office.candidate(iteration, 1, "def f():\n    return 1\n"), 1))

    assert len(office.project.merge_requests) == 2


def test_the_merge_request_carries_the_scorecard_a_status_and_what_the_project_sets(office, proven):
    office.project.commit(office.dev, "main", {".hasten.yml": "merge_request: {issue: closes, labels: [perf, hasten]}\n"})
    request, ticket, iteration, finding = proven
    iteration = replace(office.lab.ground.fetch(iteration, office.origin(), iteration.sha, "main"), target=TARGET)
    office.press.publish(ticket, iteration, finding)

    (mr,) = office.project.merge_requests
    assert sorted(mr.labels) == ["hasten", "perf"] and f"Closes #{request.thread.iid}" in mr.description
    (status,) = office.project.project.statuses
    assert (status.name, status.state, status.sha) == ("hasten/benchmark", "success", mr.versions[-1].head)
    assert status.target_url == mr.url and status.description == mr.title
    (upload,) = office.project.project.uploads
    assert json.loads(upload.content) == PROVEN.to_json() and f"/uploads/{upload.secret}/scorecard.json" in mr.description
    assert "Hasten-Speedup: 2\n" in mr.commits[0].message


def test_all_who_asked_in_one_review_are_answered_and_their_threads_resolved(office, proven):
    _, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    first, second = (office.remark(mr, f"/optimize avoid {word}", "avoid", word) for word in ("join", "hoist"))
    ticket = office.reviewed("review-1", first, second)
    iteration = office.lab.ground.fetch(ticket.iteration, office.origin(), ticket.base, ticket.config)

    office.press.revise(ticket, iteration, Finding(office.candidate(iteration, 1, SAME_IN_OTHER_WORDS), 1))

    assert all(len(office.said(each)) == 1 and office.thread(each).resolved for each in (first, second))
    assert len(mr.commits) == 2


def test_a_thread_that_cannot_be_resolved_takes_nothing_back_of_its_answer(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    asked, ticket, iteration, finding = review(office, office.store.run(request.id), mr)
    office.gitlab.fail(Fault(r"PUT .*/discussions/", Kind.MOVED, location="/elsewhere"))

    office.press.revise(ticket, iteration, finding)

    assert len(office.said(asked)) == 1 and not office.thread(asked).resolved and len(mr.commits) == 2


def test_a_cancel_during_a_review_leaves_a_run_that_is_done(office, proven):
    request, *rest = proven
    office.press.publish(*rest)
    (mr,) = office.project.merge_requests
    _, ticket, iteration, finding = review(office, office.store.run(request.id), mr)
    office.store.life.stop(request.id, "cancel-1")

    with pytest.raises(Cancelled):
        office.press.revise(ticket, iteration, finding)
    office.press.revise(ticket, iteration, Finding(None, 1))

    assert office.store.run(request.id).state == "done" and not office.desk.cancelled(request.id)


def test_a_search_that_found_nothing_after_it_was_cancelled_ends_cancelled(office, proven):
    request, ticket, iteration, _ = proven
    office.store.life.stop(request.id, "cancel-1")

    with pytest.raises(Cancelled):
        office.press.publish(ticket, iteration, Finding(None, 1))
    office.desk.end(request.id, request, "cancelled", "")

    assert office.store.run(request.id).state == "cancelled" and office.status(request)[0].startswith("**Cancelled")


def test_what_goes_wrong_after_the_merge_request_is_open_is_said_beside_the_result(office, proven):
    request, *rest = proven
    office.press.publish(*rest)

    office.desk.end(request.id, request, "failed", "Something went wrong.")

    told = [each.partition("<!--")[0] for each in office.said(request)]
    assert [("!1" in each, "went wrong" in each) for each in told] == [(True, False), (False, True)]
    assert office.store.run(request.id).state == "done" and office.status(request)[0].startswith("**Done")
