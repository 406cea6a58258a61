"""Forty conversations over the real desk, search, store, forge and git, with a scripted model and a scripted verdict."""

import logging
import re
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.gateway.client import Client, Endpoint
from bot.reading import Reader
from bot.search import Brought, search
from bot.selection.allowance import Spent
from bot.selection.plan import Plan
from evaluation.scorecard import Outcome
from tests.bot.conversations import TALKS
from tests.bot.office import PROVEN
from tests.messages_server import MessagesServer

pytestmark = pytest.mark.slow  # a model over loopback, pushes over HTTP
KEY = "sk-ant-dummy-0123456789-of-these-talks"
COMMAND = re.compile(r"(avoid|prefer) (.+)")


class Bench:
    """Where candidates are judged, with verdicts that were written before; remembers which were confirmed."""

    def __init__(self, office, talk):
        self.office, self.talk, self.cards, self.confirmed = office, talk, {}, []

    def meter(self, iteration):
        return Spent()

    def propose(self, iteration, chosen):
        if self.talk.draft is None:
            raise AssertionError("nobody asked for a proposal")
        return [Brought((self.office.candidate(iteration, chosen.number, self.talk.draft, self.talk.looks),), Spent())]

    def account(self, iteration, told, stop, spent):
        self.told = told

    def evaluate(self, iteration, candidate):
        return self.judged(candidate, self.talk.looks)

    def confirm(self, iteration, candidate):
        self.confirmed.append(candidate)
        return self.judged(candidate, self.talk.confirmed)

    def judged(self, candidate, outcome):
        blob = self.office.lab.ground.blobs.put_json(replace(PROVEN, outcome=Outcome(outcome)).to_json())
        self.office.store.judge_candidate(candidate, outcome=outcome, scorecard=blob)
        return blob

    def scorecard(self, blob):
        return self.office.lab.scorecard(blob)

    def ingredients(self, candidate):
        return self.office.lab.ingredients(candidate)


def step(name, function, *arguments):
    return function(*arguments)


def filled(reply, office):
    """The script's answer, with the secrets that the model was talked into saying."""
    known = {"{token}": office.bot.token, "{key}": KEY}
    return replace(reply, content=tuple(_filled(block, known) for block in reply.content))


def _filled(value, known):
    match value:
        case dict():
            return {name: _filled(each, known) for name, each in value.items()}
        case str():
            for mark, secret in known.items():
                value = value.replace(mark, secret)
    return value


@pytest.fixture
def people(office):
    rev, robot = (
        office.gitlab.add_user(f"rev{office.project.id}", "Rev"),
        office.gitlab.add_user(f"robot{office.project.id}", "Robot", bot=True),
    )
    for user in (rev, robot):
        office.project.add_member(user, 30)
    return {"dev": office.dev, "rev": rev, "guest": office.guest, "robot": robot}


def said(office, mr, people, who, words):
    command = COMMAND.fullmatch(words)
    verb, named = (command[1], re.split(r", ", command[2])) if command else ("remark", [])
    return office.remark(mr, f"/optimize {words}" if command else words, verb, *named, user=people[who])


def hold(office, talk, people):
    """One review from its first remark to the push, if there is one."""
    run, mr = office.opened()
    with MessagesServer([filled(reply, office) for reply in talk.model]) as model:
        office.review.reader = Reader(
            lambda: Client(Endpoint(SecretStr(KEY), model.url, None)), "claude-opus-5-5", office.review.rules
        )
        requests = [said(office, mr, people, who, words) for who, words in talk.remarks]
        ticket, bench = office.reviewed("review-1", *requests), Bench(office, talk)
        if ticket is not None:
            iteration = office.lab.ground.fetch(ticket.iteration, office.origin(), ticket.base, ticket.config)
            finding = search(step, bench, iteration, Plan(("recipes",), rounds=1, parallel=1))
            office.press.revise(ticket, iteration, finding)
        assert model.left == 0, "the script was asked for all it has"
    return run, mr, requests, bench, model


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
def test_a_review_changes_what_was_proven_and_nothing_else(office, people, caplog, talk):
    caplog.set_level(logging.DEBUG)
    main = office.project.branches["main"]
    run, mr, requests, bench, model = hold(office, talk, people)

    assert len(mr.commits) == 1 + talk.pushed and office.project.branches["main"] == main
    assert {*office.project.branches} == {"main", run.branch} and mr.status == "opened" and mr.labels == []
    if talk.pushed:
        (winner,) = bench.confirmed
        proven = office.lab.changes(office.store.candidate(winner))
        assert office.project.file("a.py", run.branch).encode() == proven["a.py"]
    for request, part in zip(requests, talk.told, strict=False):
        answers = office.said(request)
        assert (part in "\n".join(answers)) if part else answers == []
    known = {f"{each.verb} {each.text}" for each in office.store.memory.lessons(office.project.id)}
    assert known >= set(talk.lessons)
    everything = "\n".join(words_of(office, mr))
    assert [secret for secret in (office.bot.token, KEY) if secret in everything + caplog.text + str(known)] == []
    assert [name for name in talk.names if name in everything] == []
    assert not re.search(r"^/\w", everything, re.MULTILINE), "no quick action of ours"
    assert all(office.bot.token not in request.text for request in model.requests)


def test_there_are_forty_of_them():
    assert len(TALKS) == len({talk.name for talk in TALKS}) == 40


def words_of(office, mr):
    """All that the bot wrote into GitLab."""
    for item in (*office.project.issues, mr):
        yield from (note.body for note in item.notes(office.bot))
    yield mr.title + "\n" + mr.description
    yield from (commit.message for commit in mr.commits)
