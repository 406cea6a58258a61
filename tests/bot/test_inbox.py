import json
from pathlib import Path

from bot.inbox import edited, requests
from bot.request import Request
from handlers import events

SAMPLES = Path(__file__).parents[1] / "handlers" / "samples"
US = 999


def told(sample="note_issue_optimize.derived.json", *, note=None, **attributes):
    body = json.loads((SAMPLES / sample).read_text())
    if note is not None:
        body["object_attributes"] |= {"note": note}
    body["object_attributes"] |= attributes
    return events.parse({}, json.dumps(body).encode())


def asked(*sample, us=US, **attributes):
    return requests(told(*sample, **attributes), us=us, name="hasten", word="optimize")


def test_a_command_becomes_one_request_in_its_thread():
    (request,) = asked(note="/optimize src/a.py::f --claim 5%")

    assert (request.verb, request.words, request.options["claim"]) == ("optimize", ("src/a.py::f",), 0.05)
    assert (request.thread.kind, request.thread.iid, request.thread.note) == ("issue", 17, 1252)


def test_each_target_is_a_run_of_its_own():
    both = asked(note="/optimize src/a.py::f src/b.py::g")

    assert [request.words for request in both] == [("src/a.py::f",), ("src/b.py::g",)]
    assert len({request.id for request in both}) == 2


def test_an_edit_that_leaves_the_command_alone_is_the_same_request():
    (first,), (again,) = asked(note="/optimize a.py::f"), asked(note="/optimize   a.py::f\n\nthanks!", action="update")

    assert first.id == again.id and again.edited


def test_the_same_words_in_another_comment_are_another_request():
    (first,), (second,) = asked(note="/optimize a.py::f"), asked(note="/optimize a.py::f", id=1253)

    assert first.id != second.id


def test_our_own_notes_and_gitlabs_ask_for_nothing():
    assert asked(note="/optimize a.py::f", us=1) == []
    assert asked(note="/optimize a.py::f", system=True) == []


def test_talk_on_an_issue_asks_for_nothing_and_on_a_merge_request_it_may_be_a_remark():
    assert asked(note="I think it is slow") == []
    assert [request.verb for request in asked("note_merge_request.json", note="Could this be simpler?")] == ["remark"]


def test_commands_in_quotes_and_code_ask_for_nothing():
    assert asked(note="> /optimize a.py::f") == []
    assert asked(note="```\n/optimize a.py::f\n```") == []


def test_steering_words_are_carried_along():
    (avoid,) = asked("note_merge_request.json", note="/optimize avoid numba, lexsort")

    assert (avoid.verb, avoid.words) == ("avoid", ("numba", "lexsort"))


def test_a_mistake_is_answered_once_per_mistake():
    (first,), (again,), (other,) = asked(note="/optimise a"), asked(note="/optimise a"), asked(note="/optimise b")

    assert first.verb == "mistake" and first.id == again.id != other.id


def test_a_request_survives_storage():
    (request,) = asked(note="/optimize src/a.py::f --rows 10,100")

    assert Request.from_json(json.loads(json.dumps(request.to_json()))).id == request.id


def test_only_an_edited_comment_on_a_merge_request_takes_earlier_words_back():
    diff = "note_merge_request_diffnote.derived.json"
    comment = edited(told(diff, action="update"))

    assert (comment.kind, comment.note) == ("merge_request", told(diff).id)
    assert edited(told(diff)) is edited(told(action="update")) is None
