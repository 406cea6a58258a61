"""Answers to what needs no measuring."""

import pytest

from bot.forge import Unreachable
from bot.ledger import FateRow
from bot.request import Request
from bot.thread import Thread
from pilot.gitlab.edits import Edit
from pilot.gitlab.faults import Fault, Kind
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
    office.reviewed("avoid-1", office.remark(mr, "/optimize avoid join", "avoid", "join"))

    (table,) = answer(office, office.remark(mr, "/optimize compare", "compare"))

    assert "2.00" in table and "the first version" in table and "avoid join" in table and "not pushed" in table
    assert run


def test_a_run_at_work_is_cancelled_and_its_note_says_so(office, running):
    run, ask = running
    (text,) = answer(office, ask("cancel"))

    assert "Stopping" in text and office.desk.cancelled(run.id)
    assert office.status(run)[0].startswith("**Cancelled")


def test_a_run_that_is_just_being_let_in_is_cancelled_too(office):
    request = office.asked("optimize", TARGET)
    office.desk.expect(request)
    office.store.life.begin(request.id, TARGET)  # its iteration is not written down yet
    issue = office.project.issues[-1]
    note = issue.comment(office.dev, "/optimize cancel")

    (text,) = answer(office, office.request(issue, note, "cancel"))

    assert "Stopping" in text and office.desk.cancelled(request.id)


def test_a_cancel_that_is_answered_again_after_a_crash_counts_the_same(office, running):
    run, ask = running
    request = ask("cancel")
    office.gitlab.fail(Fault(r"POST .*/notes$", Kind.BAD_GATEWAY))
    with pytest.raises(Unreachable):
        office.answers.answer(request)
    office.desk.end(run.id, run, "cancelled", "")

    (text,) = answer(office, request)

    assert text.startswith("Stopping.")


def test_a_waiting_remark_that_was_let_go_of_is_counted_again_after_a_crash(office):
    _, mr = office.opened()
    office.review.hear(office.remark(mr, "/optimize avoid join", "avoid", "join"))
    request = office.remark(mr, "/optimize cancel", "cancel")
    office.gitlab.fail(Fault(r"POST .*/notes$", Kind.BAD_GATEWAY))
    with pytest.raises(Unreachable):
        office.answers.answer(request)

    (text,) = answer(office, request)

    assert text.startswith("Stopping.")


def test_a_review_at_work_is_cancelled_too(office):
    run, mr = office.opened()
    office.reviewed("avoid-1", office.remark(mr, "/optimize avoid join", "avoid", "join"))

    (text,) = answer(office, office.remark(mr, "/optimize cancel", "cancel"))

    assert "Stopping" in text and office.desk.cancelled(run.id)


def test_where_nothing_is_at_work_cancel_says_so(office):
    run, mr = office.opened()
    (text,) = answer(office, office.remark(mr, "/optimize cancel", "cancel"))

    assert "nothing to stop" in text and not office.desk.cancelled(run.id)


def test_lessons_are_shown_reworded_and_forgotten(office):
    run, mr = office.opened()
    office.reviewed("avoid-1", office.remark(mr, "/optimize avoid join", "avoid", "join"))
    (lesson,) = office.store.memory.lessons(run.project_id)
    number = str(lesson.number)

    def tell(verb, *words, text=""):
        return answer(office, office.request(mr, mr.comment(office.dev, verb), verb, *words, text=text))[0]

    assert f"| {number} | avoid `join` |" in tell("lessons")
    assert "I know no rule `jion`" in tell("reword", number, text="jion")
    assert "is now “avoid `hoist`”" in tell("reword", number, text="hoist")
    assert office.store.lessons(run.id).avoid == ("hoist",)
    assert "glpat" not in tell("reword", number, text="hoist glpat-0123456789abcdefghij")
    assert "Forgotten: avoid `hoist`" in tell("forget", number)
    assert "There is no lesson" in tell("forget", number) and "no lessons" in tell("lessons")


def test_an_answer_that_gitlab_lost_is_given_again_as_it_was(office):
    run, mr = office.opened()
    office.store.memory.learn(run.project_id, "avoid", "join", note=1, source="!1")
    (lesson,) = office.store.memory.lessons(run.project_id)
    request = office.request(mr, mr.comment(office.dev, "forget"), "forget", str(lesson.number))
    office.gitlab.fail(Fault(r"^POST .*/notes", Kind.BAD_GATEWAY))
    with pytest.raises(Unreachable):
        office.answers.answer(request)

    (told,) = answer(office, request)
    assert "Forgotten: avoid `join`" in told and office.store.lessons(run.id).avoid == ()


def test_a_guest_forgets_nothing(office):
    run, mr = office.opened()
    office.store.memory.learn(run.project_id, "avoid", "join", note=1, source="!1")
    (lesson,) = office.store.memory.lessons(run.project_id)
    note = mr.comment(office.guest, "forget")

    (told,) = answer(office, office.request(mr, note, "forget", str(lesson.number), user=office.guest))

    assert "Developer" in told and office.store.lessons(run.id).avoid == ("join",)


def event(mr, user, verb, *words, text=""):
    """Something that happened on a merge request and is no note."""
    thread = Thread(mr.item.project.id, "merge_request", mr.iid)
    return Request(f"{verb}-{words}-{user.id}", thread, user.id, user.username, verb, words, text)


def status_note(office):
    (note,) = [note.body for note in office.project.issues[0].notes(office.bot) if "<sub>" in note.body]
    return note


def test_thumbs_of_people_are_shown_in_the_status_note_and_can_be_taken_back(office):
    _, mr = office.opened()
    robot = office.gitlab.add_user(f"thumbs{office.project.id}", "Robot", bot=True)
    for user, name in ((office.dev, "thumbsup"), (office.guest, "thumbsup"), (office.guest, "thumbsdown"), (robot, "thumbsup")):
        office.answers.answer(event(mr, user, "feedback", "award", name, text="7"))
    assert "Feedback so far: 2 👍, 1 👎." in status_note(office)

    office.answers.answer(event(mr, office.guest, "feedback", "revoke", "thumbsdown", text="7"))

    assert "Feedback so far: 2 👍, 0 👎." in status_note(office)


def test_a_merge_ends_what_is_still_under_way_and_the_status_note_says_so(office):
    run, mr = office.opened()
    office.reviewed("avoid-1", office.remark(mr, "/optimize avoid join", "avoid", "join"))
    late = office.remark(mr, "/optimize avoid hoist", "avoid", "hoist")
    office.review.hear(late)
    office.project.add_member(office.dev, 40)  # only maintainers merge into a protected branch
    mr.merge(office.dev)

    office.answers.answer(event(mr, office.dev, "ended", "merged"))

    assert office.desk.cancelled(run.id) and office.store.run(run.id).ending == "merged"
    assert "The merge request was merged." in status_note(office)
    assert office.review.admit("avoid-2", late) is None


def test_a_merge_request_that_comes_back_is_worked_on_again(office):
    run, mr = office.opened()
    mr.close(office.dev)
    office.answers.answer(event(mr, office.dev, "ended", "closed"))
    assert "The merge request was closed." in status_note(office)

    mr.change(office.dev, Edit(state_event="reopen"))
    office.answers.answer(event(mr, office.dev, "ended", ""))
    office.answers.answer(event(mr, office.guest, "ended", "closed"))  # told late

    assert office.store.run(run.id).ending is None and "was closed" not in status_note(office)


def test_an_approval_is_shown(office):
    _, mr = office.opened()
    office.answers.answer(event(mr, office.dev, "ended", "approved"))

    assert "The merge request was approved." in status_note(office)


def test_a_thumb_on_a_merge_request_of_others_is_no_feedback_on_a_run_that_was_asked_for_there(office):
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    request = office.request(mr, mr.comment(office.dev, "/optimize"), "optimize", TARGET)
    office.desk.admit(request.id, request)

    office.answers.answer(event(mr, office.dev, "feedback", "award", "thumbsup"))
    assert office.store.memory.reactions(request.id) == {}
    office.answers.answer(event(mr, office.dev, "feedback", "award", "thumbsup", text="7"))
    assert office.store.memory.reactions(request.id) == {"thumbsup": 1}


def test_the_end_of_a_merge_request_of_others_changes_nothing(office):
    request = office.asked("optimize", TARGET)
    office.desk.admit(request.id, request)
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")

    office.answers.answer(event(mr, office.dev, "ended", "merged"))

    assert office.store.run(request.id).ending is None
