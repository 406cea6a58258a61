"""Who is let in, and what everybody else is told: one sentence, or nothing."""

import pytest

from bot import caps
from bot.ending import Cancelled, Unanswerable
from bot.request import Request
from bot.thread import Thread
from tests.bot.office import TARGET


def refusal(call, *arguments):
    with pytest.raises(Unanswerable) as refused:
        call(*arguments)
    return str(refused.value)


def admit(office, request):
    return office.desk.admit(request.id, request)


def test_a_developers_command_is_let_in_with_its_place(office):
    request = office.asked("optimize", TARGET)
    ticket = admit(office, request)

    assert (ticket.base, ticket.into, ticket.config) == ("main", "main", "main")
    assert ticket.iteration.target == TARGET
    assert office.thread(request).notes[0].emojis == ["eyes"]
    assert len(office.status(request)) == 1
    assert [row.number for row in office.store.iterations(request.id)] == [0]


def test_letting_in_twice_changes_nothing(office):
    request = office.asked("optimize", TARGET)

    assert admit(office, request) == admit(office, request)
    assert len(office.thread(request).notes) == 2 and len(office.desk.runs(request.thread)) == 1


def test_another_bot_is_refused_without_a_word_unless_it_is_trusted(office):
    robot = office.gitlab.add_user(f"robot{office.project.id}", "Robot", bot=True)
    office.project.add_member(robot, 40)
    request = office.asked("optimize", TARGET, user=robot)

    assert refusal(admit, office, request) == ""
    assert office.thread(request).notes[0].emojis == []
    office.desk.bots = (robot.username,)
    assert admit(office, request)


def test_a_guest_is_told_once_and_gets_no_reaction(office):
    request = office.asked("optimize", TARGET, user=office.guest)

    for _ in range(2):
        office.desk.end(request.id, request, "refused", refusal(admit, office, request))

    (sentence,) = office.said(request)
    assert "Developer" in sentence
    assert office.thread(request).notes[0].emojis == [] and office.status(request) == []


def test_an_archived_project_gets_no_answer(office):
    request = office.asked("optimize", TARGET)
    office.project.project.archived = True

    assert refusal(admit, office, request) == ""


def test_a_confidential_note_is_not_acted_on(office):
    issue = office.project.create_issue(office.dev, "Slow")
    request = office.request(issue, issue.comment(office.dev, "/optimize", internal=True), "optimize", TARGET)

    assert "confidential" in refusal(admit, office, request)


def test_an_empty_repository_has_nothing_to_optimize(office):
    request = office.asked("optimize", TARGET)
    office.project.project.repository.folder.joinpath("refs/heads/main").unlink()
    office.project.project.default_branch = None

    assert "empty" in refusal(admit, office, request)


def test_a_merge_request_is_measured_at_its_head_and_merged_into(office):
    sha = office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    ticket = admit(office, office.request(mr, mr.comment(office.dev, "/optimize"), "optimize", TARGET))

    assert (ticket.base, ticket.into, ticket.config) == (sha, "work", "main")


def test_a_closed_merge_request_is_left_alone(office):
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    mr.close(office.dev)

    assert "closed" in refusal(admit, office, office.request(mr, mr.comment(office.dev, "/optimize"), "optimize", TARGET))


def test_a_merge_request_from_a_fork_cannot_be_pushed_to(office):
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    request = office.request(mr, mr.comment(office.dev, "/optimize"), "optimize", TARGET)
    mr.mr.project = office.gitlab.add_project(f"fork/frames{office.project.id}", office.project.repository_folder).project

    assert "fork" in refusal(admit, office, request)


def test_a_second_command_on_the_same_target_is_told_of_the_first(office):
    first, second = office.asked("optimize", TARGET), office.asked("optimize", TARGET)
    admit(office, first)

    told = refusal(admit, office, second)
    assert first.id in told and f"#{first.thread.iid}" in told
    office.store.life.end(first.id, "done")
    assert admit(office, second)


def test_a_run_that_has_ended_is_not_let_in_again(office):
    request = office.asked("optimize", TARGET)
    admit(office, request)
    office.store.life.end(request.id, "nothing")

    with pytest.raises(Cancelled):
        admit(office, request)


def label(office, issue, name="label", user=None):
    """What a label, or being asked for a review, asks for."""
    user = user or office.dev
    thread = Thread(office.project.id, "issue", issue.iid)
    return Request(f"optimize-{name}-{issue.iid}", thread, user.id, user.username, "optimize", occasion=name)


def test_a_label_beside_a_command_of_the_same_person_asks_for_nothing_more(office):
    command = office.asked("optimize", TARGET)
    marked, review = (label(office, office.project.issues[-1], each) for each in ("label", "review request"))
    for each in (command, marked, review):
        office.desk.expect(each)

    assert [refusal(admit, office, each) for each in (marked, review)] == ["", ""], "the command is still waiting"
    assert admit(office, command)


def test_of_two_occasions_at_once_the_first_counts_and_a_strangers_command_silences_nobody(office):
    issue = office.project.create_issue(office.dev, "`a.py::f` is slow")
    theirs = office.request(issue, issue.comment(office.guest, "/optimize"), "optimize", TARGET, user=office.guest)
    marked, review = (label(office, issue, each) for each in ("label", "review request"))
    for each in (theirs, marked, review):
        office.desk.expect(each)

    assert admit(office, marked) and admit(office, marked), "a repeated step"
    assert refusal(admit, office, review) == ""


def test_a_hint_carries_no_secret(office):
    office.desk.understands = True

    assert "glpat" not in admit(office, office.asked("optimize", text="slow glpat-0123456789abcdefghij")).iteration.hint


def test_a_retry_takes_the_earlier_target(office):
    first = office.asked("optimize", TARGET)
    issue = office.project.issues[-1]
    admit(office, first)
    office.store.life.end(first.id, "nothing")
    retry = office.request(issue, issue.comment(office.dev, "/optimize retry"), "retry")

    assert admit(office, retry).iteration.target == TARGET


def test_a_retry_without_an_earlier_run_says_so(office):
    assert "no run here" in refusal(admit, office, office.asked("retry"))


def test_what_was_refused_to_a_stranger_silences_nobody_and_is_no_target_of_a_retry(office):
    issue = office.project.create_issue(office.dev, "Slow")
    for number in range(caps.RUNS + 1):
        theirs = office.request(
            issue, issue.comment(office.guest, "/optimize"), "optimize", f"a.py::g{number}", user=office.guest
        )
        office.desk.end(theirs.id, theirs, "refused", refusal(admit, office, theirs))
    retry, again = (
        office.request(issue, issue.comment(office.dev, "/optimize"), *words) for words in (("retry",), ("optimize", TARGET))
    )

    assert "no run here" in refusal(admit, office, retry)
    office.store.life.end(retry.id, "refused")
    office.desk.expect(again)
    assert office.desk.runs(again.thread) == [] and [each.id for each in office.desk.waiting(again.thread)] == [again.id]
    assert admit(office, again).iteration.target == TARGET
    assert [each.id for each in office.desk.runs(again.thread)] == [again.id] and office.desk.waiting(again.thread) == []


def test_free_text_without_a_model_says_that_one_is_needed(office):
    assert "language model" in refusal(admit, office, office.asked("optimize", text="it is slow"))


def test_a_refused_run_ends_in_one_sentence_and_one_status_note(office):
    request = office.asked("optimize", TARGET)
    admit(office, request)
    for _ in range(2):
        office.desk.end(request.id, request, "refused", "There is no such thing.")

    assert len(office.said(request)) == len(office.status(request)) == 1
    assert "Ended without a result" in office.status(request)[0]
    assert office.store.run(request.id).state == "refused"


def test_an_answer_to_a_deleted_issue_is_let_go(office):
    request = office.asked("optimize", TARGET)
    office.project.project.issues.clear()

    office.desk.reply(request, "hello")
