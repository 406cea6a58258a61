"""Answers to what needs no measuring."""

import pytest

from bot.ledger import FateRow
from tests.bot.office import TARGET


@pytest.fixture
def running(office):
    """A run at work, and a way to say something else in its issue."""
    request = office.asked("optimize", TARGET)
    office.desk.admit(request.id, request)
    issue = office.project.issues[-1]

    def ask(verb, *words, user=None, text=""):
        note = issue.comment(user or office.dev, f"/optimize {verb}")
        return office.request(issue, note, verb, *words, user=user, text=text)

    return request, ask


def answer(office, request):
    office.answers.answer(request)
    return office.said(request)


def test_help_is_given_once_however_often_the_step_runs(office):
    request = office.asked("help")
    office.answers.answer(request)

    (text,) = answer(office, request)
    assert "`/optimize avoid numba`" in text and f"`@{office.bot.username} optimize …`" in text


def test_a_mistake_is_answered_with_its_advice(office):
    (text,) = answer(office, office.asked("mistake", text="/optimise x", options={"advice": "Did you mean `optimize`?"}))

    assert "/optimise x" in text and "Did you mean" in text


@pytest.mark.parametrize("verb", ["status", "explain", "compare", "cancel"])
def test_where_nothing_ran_there_is_nothing_to_tell(office, verb):
    (text,) = answer(office, office.asked(verb))

    assert "no run here" in text


def test_a_guest_may_not_even_cancel(office, running):
    run, ask = running
    (text,) = answer(office, ask("cancel", user=office.guest))

    assert "Developer" in text and not office.desk.cancelled(run.id)


def test_the_status_is_told_where_it_was_asked_for(office, running):
    _, ask = running
    request = ask("status")
    office.answers.answer(request)

    (told,) = [note.body for note in office.thread(request).notes if note.author == office.bot]
    assert "`a.py::f`" in told and "Waiting" in told


def test_a_candidate_is_explained_by_its_number_and_without_one_the_winner(office, running):
    run, ask = running
    iteration = office.desk.admit(run.id, run).iteration
    office.candidate(iteration, 2, "def f():\n    return 0 + 1\n")
    office.store.end_iteration(run.id, winner=office.candidate(iteration, 1, outcome="rejected"), head_sha="c0ffee")

    told = [answer(office, ask("explain", *words))[0] for words in ((), ("2",), ("9",))]

    assert "**Idea 1**: rejected" in told[0] and "**Idea 2**: accepted" in told[1]
    assert "from 1 to 2" in told[2]


def test_why_not_this_one_is_answered_from_what_the_search_decided(office, running):
    run, ask = running
    iteration = office.desk.admit(run.id, run).iteration
    winner, other = office.candidate(iteration, 1), office.candidate(iteration, 2, "def f():\n    return 0 + 1\n")
    figures = {"ratio": 1.4, "rank": 2, "of": 2, "ahead": winner, "asked": "kept"}
    office.store.ledger.tell_fates(run.id, [FateRow(winner, None, "won"), FateRow(other, winner, "spared", figures)])

    (told,) = answer(office, ask("explain", "2"))

    assert "number 2 of 2" in told and "Candidate 1 was measured again before it" in told and "goes on from candidate 1" in told


def test_versions_are_compared_next_to_each_other(office):
    run, mr = office.opened()
    office.desk.admit_remark("avoid-1", office.remark(mr, "/optimize avoid join", "avoid", "join"))

    (table,) = answer(office, office.remark(mr, "/optimize compare", "compare"))

    assert "2.00" in table and "the first version" in table and "avoid join" in table and "not pushed" in table
    assert run


def test_a_run_at_work_is_cancelled_and_its_note_says_so(office, running):
    run, ask = running
    (text,) = answer(office, ask("cancel"))

    assert "Stopping" in text and office.desk.cancelled(run.id)
    assert office.status(run)[0].startswith("**Cancelled")


def test_a_review_at_work_is_cancelled_too(office):
    run, mr = office.opened()
    office.desk.admit_remark("avoid-1", office.remark(mr, "/optimize avoid join", "avoid", "join"))

    (text,) = answer(office, office.remark(mr, "/optimize cancel", "cancel"))

    assert "Stopping" in text and office.desk.cancelled(run.id)


def test_where_nothing_is_at_work_cancel_says_so(office):
    run, mr = office.opened()
    (text,) = answer(office, office.remark(mr, "/optimize cancel", "cancel"))

    assert "nothing to stop" in text and not office.desk.cancelled(run.id)
