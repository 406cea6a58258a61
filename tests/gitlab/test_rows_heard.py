"""Edge cases of what GitLab tells: repeated, edited, labelled, mixed with quick actions."""

from dataclasses import replace

import pytest

from bot import inbox
from handlers.events import EmojiEvent, IssueEvent, NoteEvent
from handlers.keys import event_key
from pilot.gitlab.edits import Edit
from pilot.gitlab.handles import SwallowedNote


def notes(told):
    return [event for event in told().events if isinstance(event, NoteEvent)]


def issues(told, action="update"):
    return [event for event in told().events if isinstance(event, IssueEvent) and event.action == action]


def test_row_02_without_a_delivery_key_the_event_itself_names_it(office, heard):
    with heard(hooks=2) as told:
        issue = office.project.create_issue(office.dev, "Slow")
        note = issue.comment(office.dev, "/optimize help")
        issue.edit_note(office.dev, note, "/optimize status")
        keys = [event_key(event) for event in notes(told)]

    assert len(keys) == 4 and len(set(keys)) == 2


def test_row_03_a_project_hook_and_a_group_hook_tell_of_one_command(office, heard):
    with heard(hooks=2) as told:
        office.project.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")

        assert len(told().requests) == 2 and len(told().ids) == 1


def test_row_04_an_edit_that_leaves_the_command_alone_asks_for_nothing_new(office, heard):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow")
        note = issue.comment(office.dev, "/optimize a.py::f --rows 10\n\nIt is slow.")
        issue.edit_note(office.dev, note, "/optimize   a.py::f --rows=10\n\nIt is very slow.")

        assert len(told().requests) == 2 and len(told().ids) == 1


def test_row_05_a_command_that_an_edit_brings_runs_and_says_so(office, heard):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow")
        issue.edit_note(office.dev, issue.comment(office.dev, "It is slow."), "/optimize a.py::f")
        (request,) = told().requests
    office.desk.admit(request.id, request)

    assert "edit" in office.status(request)[0]


def test_row_06_whoever_edits_a_comment_is_asked_for_rights_not_its_author(office, heard):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow")
        note = issue.comment(office.guest, "It is slow.")
        office.project.add_member(office.dev, 40)
        issue.edit_note(office.dev, note, "/optimize a.py::f")
        (request,) = told().requests

    assert (request.actor, request.username) == (office.dev.id, office.dev.username)
    assert office.desk.may(request) and not office.desk.may(replace(request, actor=office.guest.id))


def test_row_07_what_we_write_ourselves_asks_for_nothing(office, heard):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow")
        issue.comment(office.bot, "/optimize a.py::f")
        issue.comment(office.bot, "Try this:\n\n/optimize help")

        assert len(notes(told)) == 2 and told().requests == []


@pytest.mark.parametrize(
    "text",
    [
        "```\n/optimize a.py::f\n```",
        "~~~\n/optimize a.py::f\n~~~",
        "    /optimize a.py::f",
        "Write `/optimize a.py::f`",
        "> /optimize a.py::f",
        ">>>\n/optimize a.py::f\n>>>",
        "<pre>\n/optimize a.py::f\n</pre>",
        "<!--\n/optimize a.py::f\n-->",
        "On Monday Dev wrote:\n> It is slow.\n> /optimize a.py::f",
    ],
)
def test_row_10_a_command_in_code_quotes_or_html_is_text(office, heard, text):
    with heard() as told:
        office.project.create_issue(office.dev, "Slow").comment(office.dev, text)

        assert len(notes(told)) == 1 and told().requests == []


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("/Optimize help", ["help"]),
        ("/OPTIMIZE help   ", ["help"]),
        ("Hello,\r\n/optimize help\r\nThanks!", ["help"]),
        ("/optimizer help", []),
        ("/optimized it yesterday, thanks", []),
    ],
)
def test_row_11_the_word_counts_whole_and_in_any_case(office, heard, text, verbs):
    with heard() as told:
        office.project.create_issue(office.dev, "Slow").comment(office.dev, text)

        assert [request.verb for request in told().requests] == verbs


def test_row_12_of_two_commands_each_is_carried_out_in_order(office, heard):
    with heard() as told:
        office.project.create_issue(office.dev, "Slow").comment(office.dev, "/optimize a.py::f\n\n/optimize status")

        assert [request.verb for request in told().requests] == ["optimize", "status"] and len(told().ids) == 2


@pytest.mark.parametrize("backwards", [False, True])
def test_row_13_a_quick_action_beside_the_command_is_told_apart_from_it_and_both_are_one_run(office, heard, begin, backwards):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow")
        issue.comment(office.dev, "/optimize a.py::f\n/label ~optimize")
        (note,) = notes(told)
        requests = told().requests

    assert note.text == "/optimize a.py::f" and issue.labels == ["optimize"]
    assert len(requests) == 2, "the label is told by a hook of its own"
    begun = begin(requests, backwards=backwards)
    assert [ticket.request.thread.note for ticket in begun.tickets] == [note.id] and begun.refusals == [""]
    assert len([note for note in issue.notes(office.bot) if "<sub>" in note.body]) == 1


def test_row_14_a_note_of_nothing_but_a_label_starts_a_run_as_a_label(office, heard, begin):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "`a.py::f` is slow")
        with pytest.raises(SwallowedNote):
            issue.comment(office.dev, "/label ~optimize")
        assert notes(told) == []
        assert [(event.new_labels, event.actor.id) for event in issues(told)] == [({"optimize"}, office.dev.id)]
        begun = begin(told().requests)

    assert begun.targets == ["a.py::f"] and begun.refusals == []
    (status,) = issue.notes(office.bot)
    assert "`a.py::f`" in status.body


def test_row_15_only_a_label_that_was_not_there_starts_something(office, heard, begin):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow", labels=["optimize"])
        before = told().requests
        issue.change(office.dev, Edit(add_labels=["urgent"]))
        issue.change(office.dev, Edit(remove_labels=["urgent"]))
        assert [event.new_labels for event in issues(told)] == [{"urgent"}, frozenset()]
        assert told().requests == before and len(before) == 1

        assert len(begin(before).tickets) == 1
        office.store.life.end(office.desk.runs(before[0].thread)[0].id, "nothing")
        issue.change(office.dev, Edit(remove_labels=["optimize"]))
        issue.change(office.dev, Edit(add_labels=["optimize"]))
        assert len(begin(told().requests[1:]).tickets) == 1, "off and on again is another wish"


@pytest.mark.parametrize("backwards", [False, True])
def test_row_16_an_issue_that_is_opened_with_the_label_starts_one_run(office, heard, begin, backwards):
    with heard() as told:
        office.project.create_issue(office.dev, "`a.py::f` is slow", "/optimize a.py::f --rows 10", labels=["optimize"])
        (opened,) = issues(told, "open")
        requests = told().requests

    assert opened.new_labels == {"optimize"} and opened.label_change is None
    begun = begin(requests, backwards=backwards)
    assert [ticket.request.options["rows"] for ticket in begun.tickets] == [(10,)] and begun.refusals == [""]


@pytest.mark.parametrize("label_first", [True, False])
def test_row_17_a_label_and_a_comment_within_seconds_are_one_run(office, heard, begin, label_first):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "`a.py::f` is slow")
        acts = [
            lambda: issue.change(office.dev, Edit(add_labels=["optimize"])),
            lambda: issue.comment(office.dev, "/optimize a.py::f"),
        ]
        for act in acts if label_first else reversed(acts):
            act()
        begun = begin(told().requests)

    assert begun.targets == ["a.py::f"] and begun.refusals == [""]
    assert begun.tickets[0].request.thread.note, "the comment says more than the label"


def test_row_17_who_comments_while_a_labels_run_is_at_work_is_told_of_it(office, heard, begin):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow", labels=["optimize"])
        (run,) = begin(told().requests).tickets
        issue.comment(office.dev, "/optimize a.py::f")
        begun = begin(told().requests[1:])

    assert begun.tickets == [] and run.iteration.run in begun.refusals[0]


def test_row_52_ids_that_are_the_same_in_two_projects_or_of_two_kinds_do_not_meet(office, heard):
    with heard() as told:
        issue = office.project.create_issue(office.dev, "Slow")
        office.project.commit(office.dev, "work", {"a.py": "def f():\n    return 2\n"})
        mr = office.project.create_merge_request(office.dev, "work", "Work")
        issue.comment(office.dev, "/optimize help")
        mr.comment(office.dev, "/optimize help")
        one, two = notes(told)

    assert issue.iid == mr.iid == 1
    twin = replace(one, on="MergeRequest")
    abroad = replace(one, project=replace(one.project, id=one.project.id + 1))
    assert len({event_key(each) for each in (one, abroad)}) == 2
    ids = [inbox.requests(each, us=0, name="hasten", word="optimize")[0].id for each in (one, two, twin, abroad)]
    assert len(set(ids)) == 4
    reaction = EmojiEvent(one.project, one.actor, one.id, "eyes", "award", "Note", None, None, None, None, None, "")
    assert event_key(reaction) != event_key(one)
