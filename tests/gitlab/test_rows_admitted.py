"""Edge cases of who may ask, for what, and where: answered once, kindly, and without a loop."""

from dataclasses import replace

import pytest

from bot import caps
from bot.ending import Unanswerable
from bot.forge import Forge, Refused
from bot.search import Finding
from pilot.gitlab.edits import Edit
from tests.bot.office import TARGET

pytestmark = pytest.mark.slow  # an office and real requests for each


def refusal(office, request):
    with pytest.raises(Unanswerable) as ending:
        office.desk.admit(request.id, request)
    return str(ending.value)


def test_row_08_another_bot_is_known_by_its_account_and_not_by_its_name(office):
    robot = office.gitlab.add_user(f"jane.doe{office.project.id}", "Jane Doe", bot=True)
    person = office.gitlab.add_user(f"review_bot{office.project.id}", "Review Bot")
    for user in (robot, person):
        office.project.add_member(user, 30)

    assert refusal(office, office.asked("optimize", TARGET, user=robot)) == ""
    assert office.desk.check(office.asked("optimize", TARGET, user=person)).id == office.project.id
    office.desk.bots = (robot.username,)
    assert office.desk.check(office.asked("optimize", TARGET, user=robot)).id == office.project.id


def test_row_09_two_bots_fall_silent_until_a_person_speaks(office):
    robot = office.gitlab.add_user(f"robot{office.project.id}", "Robot", bot=True)
    office.project.add_member(robot, 30)
    office.desk.bots = (robot.username,)
    issue = office.project.create_issue(office.dev, "Slow")
    answered = 0
    for _ in range(caps.CHATTER):
        note = issue.comment(robot, "/optimize status")
        office.answers.answer(office.request(issue, note, "status", user=robot))
        answered = len(issue.notes(office.bot))

    assert 0 < answered <= caps.CHATTER / 2
    issue.comment(office.dev, "What are you two doing?")
    note = issue.comment(robot, "/optimize status")
    office.answers.answer(office.request(issue, note, "status", user=robot))
    assert len(issue.notes(office.bot)) == answered + 1


def test_row_09_one_place_starts_only_so_many_runs_an_hour_and_says_so_once(office):
    issue, other = office.project.create_issue(office.dev, "Slow"), office.gitlab.add_user(f"other{office.project.id}", "Other")
    office.project.add_member(other, 30)
    note = issue.comment(office.dev, "/optimize a.py::f")
    for number in range(caps.RUNS):
        request = office.request(issue, note, "optimize", f"a.py::f{number}")
        office.desk.admit(request.id, request)
        office.store.life.end(request.id, "nothing")

    told = []
    for user in (office.dev, office.dev, other):
        request = office.request(issue, note, "optimize", TARGET, user=user)
        told.append(refusal(office, request))
        office.desk.end(request.id, request, "refused", told[-1])
    assert "within an hour" in told[0] and told[1:] == ["", told[0]], "each person is told once"


def test_row_17_a_second_command_for_the_same_target_joins_the_run_at_work(office):
    first = office.asked("optimize", TARGET)
    office.desk.admit(first.id, first)

    assert first.id in refusal(office, office.asked("optimize", TARGET))
    other = office.asked("optimize", "a.py::g")
    assert office.desk.admit(other.id, other).iteration.target == "a.py::g"


@pytest.mark.parametrize("level", [0, 10, 20])
def test_row_18_who_may_not_push_may_not_start_anything_and_is_told_once(office, level):
    user = office.gitlab.add_user(f"visitor{level}-{office.project.id}", "Visitor")
    office.project.project.visibility = "public"
    if level:
        office.project.add_member(user, level)
    asked = office.asked("status", user=user)

    for _ in range(2):
        office.answers.answer(asked)

    (said,) = office.said(asked)
    assert "Developer" in said and office.thread(asked).notes[0].awards == []


def test_row_19_a_role_that_was_taken_away_meanwhile_pushes_nothing(office):
    ticket, iteration = office.admitted(office.asked("optimize", TARGET))
    winner = office.candidate(iteration)
    office.project.remove_member(office.dev)

    with pytest.raises(Unanswerable, match="no longer"):
        office.press.publish(ticket, iteration, Finding(winner, 1))
    assert len(office.project.branches) == 1


def test_row_20_a_merge_request_from_a_fork_is_measured_nowhere_and_pushed_to_by_nobody(office):
    office.project.commit(office.dev, "work", {"a.py": "def f():\n    return 2\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    note = mr.comment(office.dev, "/optimize a.py::f")
    request = office.request(mr, note, "optimize", TARGET)
    mr.mr.project = office.gitlab.add_project(f"fork/frames{office.project.id}", office.project.repository_folder).project

    assert "fork" in refusal(office, request)
    assert set(office.project.branches) == {"main", "work"}


@pytest.mark.parametrize("confidential", [True, False])
def test_row_21_what_is_confidential_is_declined_where_only_members_read_it(office, confidential):
    issue = office.project.create_issue(office.dev, "Slow", confidential=confidential)
    note = issue.comment(office.dev, "/optimize a.py::f", internal=not confidential)
    request = office.request(issue, note, "optimize", TARGET)
    hidden = replace(request, thread=replace(request.thread, internal=True))

    office.desk.end(hidden.id, hidden, "refused", refusal(office, hidden))

    (said,) = issue.notes(office.bot)
    assert "confidential" in said.body and (said.internal or issue.confidential)
    assert len(office.project.branches) == 1


def test_row_22_an_archived_project_is_left_in_peace_and_a_locked_discussion_too(office):
    asked, other = office.asked("help"), office.asked("help")
    office.project.project.archived = True
    office.answers.answer(asked)
    office.desk.reply(asked, "This comes too late.")
    office.project.project.archived = False
    issue = office.project.issues[-1]
    issue.change(office.dev, Edit(locked=True))
    office.project.remove_member(office.bot)
    office.project.project.visibility = "public"
    office.desk.reply(other, "Nobody lets me say this.")

    assert [note for issue in office.project.issues for note in issue.notes(office.bot)] == []


def test_row_44_a_token_that_is_no_good_is_no_passing_trouble(office):
    forge = Forge(office.gitlab.url, office.bot.tokens[0].value)
    forge.me()
    assert not forge.refused
    office.bot.tokens[0].revoked = True

    with pytest.raises(Refused):
        forge.project(office.project.id)
    assert forge.refused
