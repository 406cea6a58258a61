"""People push to our branch: what they made stays, and what comes next is measured and made on top of it."""

from dataclasses import replace

import pytest

from bot.ending import Unanswerable
from bot.search import Finding
from evaluation.scorecard import Outcome, Reason
from tests.bot.office import FASTER, PROVEN

pytestmark = pytest.mark.slow  # real pushes over HTTP
BEFORE = "def f():\n    return 1\n"
OTHERWISE = "def f():\n    return 2 - 1\n"


@pytest.fixture
def place(office):
    """A published run, and a way to let in one more review of it: ticket and iteration as the workflow has them."""
    run, mr = office.opened()

    def review(word):
        request = office.remark(mr, f"/optimize avoid {word}", "avoid", word)
        ticket = office.reviewed(request.id, request)
        fetched = office.lab.ground.fetch(ticket.iteration, office.origin(), ticket.base, ticket.config)
        return request, ticket, office.review.stand(ticket, fetched)

    return run, mr, review


def push(office, run, files):
    return office.project.commit(office.dev, run.branch, files)


def read(office, iteration, *names):
    repository = office.lab.ground.repository(iteration.project)
    return [(repository.read(iteration.sha, name) or b"").decode() for name in names]


def branch(office, run, *names):
    return [office.project.file(name, run.branch) for name in names]


def test_where_nobody_pushed_it_stands_on_the_base(office, place):
    run, _, review = place
    _, ticket, iteration = review("join")

    assert (iteration.sha, iteration.start, ticket.upon) == (run.base_sha, "", "")


def test_our_change_is_taken_out_from_under_theirs_and_the_next_goes_on_top(office, place):
    run, mr, review = place
    theirs = push(office, run, {"b.py": "x = 1\n", "test_b.py": "import b\n"})
    request, ticket, iteration = review("join")

    assert read(office, iteration, "a.py", "b.py") == [BEFORE, "x = 1\n"] and iteration.start == ""
    assert office.review.stand(ticket, replace(iteration, sha=run.base_sha)) == iteration, "a repeated step"
    office.press.revise(ticket, iteration, Finding(office.candidate(iteration, 1, OTHERWISE), 1))

    assert branch(office, run, "a.py", "b.py") == [OTHERWISE, "x = 1\n"] and len(mr.commits) == 3
    (told,) = office.said(request)
    assert f"I started from `{theirs[:8]}`" in told and "any more" not in told


def test_what_stands_below_a_later_iteration_is_not_lost_in_the_one_after_it(office, place):
    run, mr, review = place
    push(office, run, {"b.py": "x = 1\n"})
    _, ticket, iteration = review("join")
    office.press.revise(ticket, iteration, Finding(office.candidate(iteration, 1, OTHERWISE), 1))
    for word, text in (("hoist", "def f():\n    return 3 - 2\n"), ("numba", "def f():\n    return 4 - 3\n")):
        _, ticket, iteration = review(word)
        assert read(office, iteration, "a.py", "b.py") == [BEFORE, "x = 1\n"] and ticket.upon == ""
        office.press.revise(ticket, iteration, Finding(office.candidate(iteration, 1, text), 1))

    assert branch(office, run, "a.py", "b.py") == ["def f():\n    return 4 - 3\n", "x = 1\n"] and len(mr.commits) == 5


def test_where_people_rewrote_our_lines_agents_go_on_from_what_they_wrote(office, place):
    run, _, review = place
    mine = "def f():\n    return 1 + 0  # mind the sign\n"
    theirs = push(office, run, {"a.py": mine, "tests/test_a.py": "import a\n"})
    request, ticket, iteration = review("join")

    assert read(office, iteration, "a.py", "tests/test_a.py") == [BEFORE, "import a\n"], "what it is measured against"
    assert iteration.start == theirs and office.lab._evaluator.begun(iteration, None) == {"a.py": mine.encode()}
    winner = office.candidate(iteration, 1, mine.replace("1 + 0", "2 - 1"))
    office.press.revise(ticket, iteration, Finding(winner, 1))

    assert branch(office, run, "a.py", "tests/test_a.py") == [mine.replace("1 + 0", "2 - 1"), "import a\n"]
    assert len(office.said(request)) == 1
    _, _, later = review("hoist")
    assert later.start == office.project.branches[run.branch], "and so does every later one"


def test_a_commit_of_theirs_that_did_harm_is_called_so(office, place):
    run, _, review = place
    theirs = push(office, run, {"b.py": "x = 1\n"})
    lost = replace(PROVEN, outcome=Outcome.REJECTED, reasons=(Reason("speed.slower", "at most 1.00×"),))
    kept = office.lab.ground.blobs.put_json(lost.to_json())
    office.store.check("pushed-1", run.id, sha=theirs, occasion="pushed", holds=False, scorecard=kept)
    request, ticket, iteration = review("join")
    office.press.revise(ticket, iteration, Finding(None, 1))

    (told,) = office.said(request)
    assert "By itself it is not proven to be faster any more: at most 1.00×" in told
    assert office.project.branches[run.branch] == theirs


def test_their_commit_does_not_become_ours_where_our_change_is_found_again(office, place):
    run, _, review = place
    theirs = push(office, run, {"b.py": "x = 1\n"})
    request, ticket, iteration = review("join")
    office.press.revise(ticket, iteration, Finding(office.candidate(iteration, 1, FASTER), 1))

    assert office.project.branches[run.branch] == theirs and f"`{theirs[:8]}`" in office.said(request)[0]
    _, again, iteration = review("hoist")
    assert again.upon == theirs and read(office, iteration, "a.py", "b.py") == [BEFORE, "x = 1\n"]


def test_tests_that_people_push_are_no_fault_of_the_change_that_is_measured(office, place):
    run, mr, _ = place
    head = push(office, run, {"a.py": OTHERWISE, "tests/test_a.py": "import a\n"})
    request = replace(office.remark(mr, "x"), verb="pushed", words=(head,))
    ticket = office.recheck.admit("pushed-1", request)

    iteration = office.recheck.snapshot(ticket)

    assert read(office, iteration, "a.py", "tests/test_a.py") == [BEFORE, "import a\n"]
    assert office.recheck._changes(ticket, iteration) == {"a.py": OTHERWISE.encode()}


def test_a_function_that_people_moved_away_ends_it_in_a_sentence(office, place):
    run, _, review = place
    push(office, run, {"a.py": None, "b.py": FASTER})

    with pytest.raises(Unanswerable, match=r"a\.py"):
        review("join")
