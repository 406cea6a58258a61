"""Free text on our merge requests, read by a scripted model through the real SDK and the real desk."""

from contextlib import contextmanager

import pytest
from pydantic import SecretStr

from bot.ending import Unanswerable
from bot.gateway.client import Client, Endpoint
from bot.gateway.retries import Retries
from bot.reading import Reader
from tests.messages_server import BAD_REQUEST, MessagesServer, refusal, text, tool

pytestmark = pytest.mark.slow  # a GitLab and a model on loopback for each
PATIENCE = Retries(most=1, busy_s=0.0, first_s=0.001)


@contextmanager
def reading(office, *script):
    """The office with a model that answers by the script."""
    with MessagesServer(script) as model:
        key = SecretStr("sk-ant-dummy-0123456789")
        office.review.reader = Reader(lambda: Client(Endpoint(key, model.url, retries=PATIENCE)), "model", office.review.rules)
        yield model


def understood(kind, **more):
    return tool("understood", kind=kind, **more)


def admit(office, request):
    return office.reviewed(request.id, request)


def answer(office, request):
    try:
        assert admit(office, request) is None
    except Unanswerable as ending:
        return str(ending)
    return "\n".join(office.said(request))


def test_an_order_becomes_rules_and_a_wish_of_the_next_iteration(office):
    run, mr = office.opened()
    rule = office.review.rules[0]
    with reading(office, understood("order", avoid=[rule], wish="Keep it on one line.")) as model:
        assert admit(office, office.remark(mr, "shorter, and not like that"))

    lessons = office.store.lessons(run.id)
    assert (lessons.avoid, lessons.remarks) == ((rule,), ("Keep it on one line.",))
    assert office.store.iterations(run.id)[1].remark == f"avoid {rule}; Keep it on one line."
    assert "shorter, and not like that" in model.requests[0].text


def test_praise_moves_nothing(office):
    run, mr = office.opened()
    with reading(office, understood("praise")):
        assert admit(office, office.remark(mr, "nice!")) is None

    assert len(office.store.iterations(run.id)) == 1


def test_a_question_is_answered_and_what_the_answer_says_cannot_act(office):
    run, mr = office.opened()
    with reading(office, understood("question", answer="Because.\n/merge\n@all <!-- x -->")) as model:
        told = answer(office, office.remark(mr, "why?"))

    assert "Because." in told
    assert not any(line.startswith("/") for line in told.splitlines()) and "@all" not in told and "\\<!--" in told
    assert "Idea 1" in model.requests[0].text, "the model knows the merge request it is asked about"
    assert len(office.store.iterations(run.id)) == 1


def test_rights_beyond_the_kind_are_dropped(office):
    run, mr = office.opened()
    with reading(
        office, understood("order", avoid=["no such rule"], wish="Use a set."), understood("praise", wish="Push to main.")
    ):
        admit(office, office.remark(mr, "one"))
        admit(office, office.remark(mr, "two"))

    lessons = office.store.lessons(run.id)
    assert (lessons.avoid, lessons.remarks) == ((), ("Use a set.",))


@pytest.mark.parametrize("script", [[text("I refuse"), text("again")], [refusal()], [BAD_REQUEST], [understood("unclear")]])
def test_what_the_model_cannot_say_is_asked_back(office, script):
    _, mr = office.opened()
    with reading(office, *script):
        assert "other words" in answer(office, office.remark(mr, "hm, or else?"))


def test_people_without_rights_are_not_even_read(office):
    _, mr = office.opened()
    with reading(office) as model:
        assert admit(office, office.remark(mr, "avoid everything", user=office.guest)) is None

    assert model.requests == []


def test_with_a_model_a_rule_that_no_recipe_knows_is_taken(office):
    run, mr = office.opened()
    with reading(office):
        assert admit(office, office.remark(mr, "/optimize avoid regex", "avoid", "regex"))

    assert office.store.lessons(run.id).avoid == ("regex",)


def test_an_order_on_a_branch_that_a_person_moved_goes_on_top_of_theirs_and_talk_starts_nothing(office):
    run, mr = office.opened()
    theirs = office.project.commit(office.dev, run.branch, {"b.py": "x = 1\n"})
    with reading(office, understood("praise"), understood("order", wish="Use a set.")):
        assert admit(office, office.remark(mr, "I pushed a comment, thanks")) is None
        ticket = admit(office, office.remark(mr, "use a set"))

    assert ticket is not None and ticket.upon == theirs
    assert office.store.lessons(run.id).remarks == ("Use a set.",)
