"""What reviewers say becomes one iteration, an answer, or nothing; never more than the person may ask for."""

from dataclasses import replace

import pytest

from bot.ending import Unanswerable
from bot.forge import Unreachable
from bot.report.facts import Stage
from pilot.gitlab.edits import Edit
from pilot.gitlab.faults import Fault, Kind
from tests.bot.office import TARGET

pytestmark = pytest.mark.slow  # a GitLab over HTTP in every test


def avoiding(office, mr, word="join", **more):
    return office.remark(mr, f"/optimize avoid {word}", "avoid", word, **more)


def rules(office, run):
    return [(row.number, row.remark) for row in office.store.iterations(run.id)]


def test_a_review_rule_becomes_an_iteration_on_the_branch(office):
    run, mr = office.opened()
    ticket = office.reviewed("avoid-1", avoiding(office, mr))

    assert (ticket.base, ticket.head, ticket.into) == (run.base_sha, office.project.branches[run.branch], "main")
    assert office.store.lessons(run.id).avoid == ("join",)
    assert rules(office, run) == [(0, ""), (1, "avoid join")]


def test_all_remarks_of_a_review_become_one_iteration_however_often_they_are_let_in(office):
    run, mr = office.opened()
    first, second = avoiding(office, mr), avoiding(office, mr, "hoist")
    ticket = office.reviewed("avoid-1", first, second)

    assert (ticket.request.id, [each.id for each in ticket.also]) == (first.id, [second.id])
    assert rules(office, run) == [(0, ""), (1, "avoid join; avoid hoist")]
    assert office.review.admit("avoid-1", first) == ticket
    assert office.review.acknowledge(second) is False, "it is answered already"
    assert office.review.admit("avoid-2", second) is None and len(rules(office, run)) == 2


def test_a_remark_is_acknowledged_at_once_and_talk_of_others_is_not(office):
    _, mr = office.opened()
    ours, theirs = avoiding(office, mr), avoiding(office, mr, user=office.guest)
    for each in (ours, theirs):
        office.review.hear(each)

    assert [office.review.acknowledge(each) for each in (ours, theirs)] == [True, False]
    assert office.thread(ours).notes[0].emojis == ["eyes"] and office.thread(theirs).notes[0].emojis == []


def test_reviewers_who_contradict_each_other_are_told_and_neither_is_followed(office):
    run, mr = office.opened()
    against, for_it = avoiding(office, mr), office.remark(mr, "/optimize prefer join", "prefer", "join")

    assert office.reviewed("avoid-1", against, for_it) is None
    assert all("both used and avoided" in office.said(each)[0] for each in (against, for_it))
    assert rules(office, run) == [(0, "")] and office.store.lessons(run.id).avoid == ()


def test_the_later_word_of_a_project_takes_the_place_of_its_opposite(office):
    run, mr = office.opened()
    office.reviewed("avoid-1", avoiding(office, mr))
    office.reviewed("prefer-1", office.remark(mr, "/optimize prefer join", "prefer", "join"))

    assert (office.store.lessons(run.id).avoid, office.store.lessons(run.id).prefer) == ((), ("join",))


def test_what_one_review_asked_for_holds_for_later_runs_of_the_project(office):
    _, mr = office.opened()
    office.reviewed("avoid-1", avoiding(office, mr))
    later = office.asked("optimize", TARGET)
    office.desk.admit(later.id, later)

    assert office.store.lessons(later.id).avoid == ("join",)


def test_avoiding_a_word_that_no_recipe_knows_is_answered_with_the_nearest(office):
    run, mr = office.opened()
    known = office.review.rules[0]
    request = avoiding(office, mr, f"{known}x")

    assert office.reviewed("avoid-1", request) is None
    assert f"`{known}`" in office.said(request)[0]
    assert office.store.lessons(run.id).avoid == () and len(rules(office, run)) == 1


def test_a_rule_for_a_merge_request_of_somebody_else_is_told_so(office):
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")

    with pytest.raises(Unanswerable, match="none"):
        office.reviewed("avoid-1", avoiding(office, mr))


def test_what_a_person_pushed_to_our_branch_is_what_the_next_iteration_goes_on_top_of(office):
    run, mr = office.opened()
    theirs = office.project.commit(office.dev, run.branch, {"b.py": "x = 1\n"})

    ticket = office.reviewed("avoid-1", avoiding(office, mr))

    assert (ticket.base, ticket.head, ticket.upon) == (run.base_sha, theirs, theirs)
    assert office.recheck.unmeasured(ticket).words == (theirs,)
    office.store.check("pushed-1", run.id, sha=theirs, occasion="pushed", holds=True)
    assert office.recheck.unmeasured(ticket) is None


def test_a_review_that_cannot_go_on_is_told_to_everybody_who_asked(office):
    run, mr = office.opened()
    first, second = avoiding(office, mr), avoiding(office, mr, "hoist")
    office.reviewed("avoid-1", first, second)

    office.review.end("avoid-1", first, "It does not work.")

    assert all(office.said(each)[0].startswith("It does not work.") for each in (first, second))
    assert office.store.iterations(run.id)[1].ended


def test_a_thread_that_was_resolved_meanwhile_is_left_alone(office):
    run, mr = office.opened()
    request = avoiding(office, mr)
    office.thread(request).resolve(office.dev)

    assert office.reviewed("a-1", request) is None
    assert office.said(request) == [] and len(rules(office, run)) == 1


def test_talk_that_is_not_for_us_is_left_alone(office):
    _, mr = office.opened()
    theirs = office.remark(mr, "why?", user=office.guest)
    between = office.request(mr, mr.comment(office.dev, "between us", internal=True), "remark", text="between us")
    praise = office.remark(mr, "Very nice, thank you! :tada:")

    assert office.reviewed("r-1", theirs, between, praise) is None
    assert office.said(theirs) == office.said(between) == office.said(praise) == []


def test_talk_after_the_end_is_left_alone_and_a_command_is_answered(office):
    _, mr = office.opened()
    mr.change(office.dev, Edit(state_event="close"))
    talk, command = office.remark(mr, "why?"), avoiding(office, mr)

    assert office.reviewed("a-1", talk, command) is None
    assert office.said(talk) == [] and "closed" in office.said(command)[0]


def test_after_the_approval_only_commands_are_obeyed(office):
    run, mr = office.opened()
    office.store.update_run(run.id, ending="approved")

    assert office.reviewed("r-1", office.remark(mr, "could this be simpler?")) is None
    assert office.reviewed("a-1", avoiding(office, mr))


def test_a_guests_command_is_refused_once(office):
    run, mr = office.opened()
    request = avoiding(office, mr, user=office.guest)

    assert office.reviewed("a-1", request) is None and office.review.admit("a-1", request) is None
    (sentence,) = office.said(request)
    assert "Developer" in sentence and len(rules(office, run)) == 1


def test_a_cancelled_review_leaves_a_run_that_can_be_steered_again(office):
    run, mr = office.opened()
    request = avoiding(office, mr)
    office.reviewed("avoid-1", request)
    office.answers.answer(office.remark(mr, "/optimize cancel", "cancel"))
    assert office.desk.cancelled(run.id)

    office.review.end("avoid-1", request, "")

    assert not office.desk.cancelled(run.id) and office.store.run(run.id).state == "done"
    assert office.store.iterations(run.id)[1].ended
    assert office.reviewed("prefer-1", office.remark(mr, "/optimize prefer join", "prefer", "join"))


def test_a_remark_that_still_waits_can_be_cancelled(office):
    _, mr = office.opened()
    request, cancel = avoiding(office, mr), office.remark(mr, "/optimize cancel", "cancel")
    office.review.hear(request)

    office.answers.answer(cancel)

    assert "Stopping" in office.said(cancel)[0]
    assert office.review.admit("a-1", request) is None


def test_the_status_note_of_an_ended_run_stays_as_it_ended(office):
    run, mr = office.opened()
    office.reviewed("avoid-1", avoiding(office, mr))

    office.board.show(run.id, Stage.SEARCHING, "looking")

    (note,) = [note for note in office.project.issues[0].notes(office.bot) if "<sub>" in note.body]
    assert note.body.startswith("**Done")


def test_a_remark_whose_comment_was_deleted_stops_nobody_elses(office):
    run, mr = office.opened()
    gone, kept = avoiding(office, mr), avoiding(office, mr, "hoist")
    thread = office.thread(gone)
    thread.reply(office.dev, "/optimize help")
    mr.delete_note(office.dev, thread.notes[0])

    ticket = office.reviewed("avoid-1", gone, kept)

    assert kept in (ticket.request, *ticket.also) and len(rules(office, run)) == 2


def test_what_a_broken_review_took_and_did_not_understand_is_left_to_the_next(office):
    run, mr = office.opened()
    first, second = avoiding(office, mr), avoiding(office, mr, "hoist")
    for each in (first, second):
        office.review.hear(each)
    office.gitlab.fail(Fault(r"GET .*/members/all/", Kind.BAD_GATEWAY))
    with pytest.raises(Unreachable):
        office.review.admit("avoid-1", first)

    office.review.end("avoid-1", first, "Something went wrong.")

    ticket = office.review.admit("avoid-2", second)
    assert [each.id for each in (ticket.request, *ticket.also)] == [first.id, second.id]
    assert rules(office, run)[1:] == [(1, "avoid join; avoid hoist")]


def test_whatever_gitlab_says_to_the_last_word_the_run_can_be_steered_again(office):
    run, mr = office.opened()
    request = avoiding(office, mr)
    office.reviewed("avoid-1", request)
    office.store.life.stop(run.id, "cancel-1")
    office.gitlab.fail(Fault(r"POST .*/notes$", Kind.BAD_GATEWAY))

    with pytest.raises(Unreachable):
        office.review.end("avoid-1", request, "Something went wrong.")

    assert office.store.run(run.id).state == "done" and office.store.iterations(run.id)[1].ended


def test_what_goes_wrong_after_an_answer_is_said_beside_it(office):
    _, mr = office.opened()
    request = avoiding(office, mr)
    office.reviewed("avoid-1", request)
    office.desk.reply(request, "Twice as fast.")
    office.store.end_iteration("avoid-1", winner=None, head_sha="c0ffee")

    for _ in range(2):
        office.review.end("avoid-1", request, "Something went wrong.")

    assert [each.partition("\n")[0] for each in office.said(request)] == ["Twice as fast.", "Something went wrong."]


def test_an_edited_remark_counts_once_and_as_it_stands_now(office):
    run, mr = office.opened()
    first = avoiding(office, mr)
    thread = first.thread
    now = replace(first, id="avoid-now", words=("hoist",), edited=True)
    other = avoiding(office, mr, "numba")
    for each in (first, other, now):
        office.review.hear(each)
    office.review.supersede(thread, ["avoid-now"])

    ticket = office.review.admit("avoid-1", first)

    assert [each.id for each in (ticket.request, *ticket.also)] == [other.id, "avoid-now"]
    assert sorted(office.store.lessons(run.id).avoid) == ["hoist", "numba"]
    assert office.review.acknowledge(first) is False


def test_what_a_comment_said_before_an_edit_comes_too_late_after_it(office):
    _, mr = office.opened()
    first = avoiding(office, mr)
    for each in (replace(first, id="avoid-now", words=("hoist",), edited=True), first):
        office.review.hear(each)

    ticket = office.review.admit("avoid-1", first)

    assert (ticket.request.id, ticket.also) == ("avoid-now", ())


def test_what_an_edited_wish_taught_before_is_forgotten(office):
    run, mr = office.opened()
    office.store.memory.learn(run.project_id, "remark", "no clases", note=77, source="!1")
    request = replace(office.remark(mr, "No classes"), edited=True)
    request = replace(request, thread=replace(request.thread, note=77))

    office.review._learn(run, [(request, {"remark": ("no classes",)})])

    assert office.store.lessons(run.id).remarks == ("no classes",)


def test_nobody_is_told_to_have_been_heard_whose_talk_moves_nothing(office):
    run, mr = office.opened()
    settled, late = office.remark(mr, "why?"), office.remark(mr, "and this?")
    for each in (settled, late):
        office.review.hear(each)
    office.thread(settled).resolve(office.dev)
    assert office.review.acknowledge(settled) is False

    office.store.update_run(run.id, ending="approved")
    assert office.review.acknowledge(late) is False
    assert office.thread(settled).notes[0].emojis == office.thread(late).notes[0].emojis == []


def test_what_the_command_asked_for_holds_for_its_reviews_too(office):
    run, mr = office.opened()
    office.store.update_run(run.id, options={"rows": [10], "claim": 0.2})

    ticket = office.reviewed("avoid-1", avoiding(office, mr))

    assert ticket.iteration.options == {"rows": [10], "claim": 0.2}
