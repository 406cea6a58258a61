"""What no webhook told is found by asking: under the same ids, in the same threads, and with few requests."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import inbox
from bot.forge import Forge
from bot.hooks import Hooks
from bot.limiter import Limiter
from bot.reconciler import Reconciler
from handlers.events import parse
from pilot.gitlab.edits import Edit
from pilot.gitlab.faults import Fault, Kind
from tests.standin.conftest import receiving


@pytest.fixture
def used():
    return set()


@pytest.fixture
def reconciler(office, used):
    return Reconciler(
        office.forge, office.store, Hooks(office.forge, office.clock), "optimize", "hasten", lambda ids: used & set(ids)
    )


@pytest.fixture
def start(office):
    """The moment before anything happened."""
    return office.gitlab.state.now().timestamp() - 1


@pytest.fixture
def heard(office):
    """The requests that the hooks tell of, where none is lost."""

    def requests(box):
        assert office.gitlab.settle()
        told = [parse(letter.headers, letter.raw) for letter in box.letters]
        us = office.forge.me()
        found = [inbox.requests(event, us=us.id, name=us.username, word="optimize") for event in told]
        return {request.id: request for requests in found for request in requests if request.verb != "remark"}

    return requests


def test_it_finds_exactly_what_the_hooks_tell(office, start, reconciler, heard):
    with receiving(office.gitlab) as box:
        office.project.add_hook(box.url, secret="s")
        issue = office.project.create_issue(office.dev, "Slow")
        issue.comment(office.dev, "/optimize a.py::f --rows 10")
        issue.comment(office.guest, "/optimize status")
        issue.comment(office.dev, "/optimize help", internal=True)
        edited = issue.comment(office.dev, "soon")
        issue.edit_note(office.dev, edited, "/optimize explain")
        issue.comment(office.bot, "/optimize status")
        issue.comment(office.dev, "> /optimize cancel")
        office.project.commit(office.dev, "work", {"a.py": "def f():\n    return 2\n"})
        mr = office.project.create_merge_request(office.dev, "work", "Work")
        thread = mr.start_thread(office.dev, "/optimize hlep", mr.position("a.py", new_line=2))
        thread.reply(office.dev, "/optimize a.py::f a.py::g")
        mr.comment(office.dev, "Nice!")
        told = heard(box)

    missed = {request.id: request for request in reconciler.missed(start, start)}

    assert len(told) == 7 and missed.keys() == told.keys()
    assert {name: request.thread for name, request in missed.items()} == {name: each.thread for name, each in told.items()}
    # Whether it was an edit is a guess here: GitLab tells milliseconds, and nobody edits that fast but a test.
    assert {name: replace(request, edited=False) for name, request in missed.items()} == {
        name: replace(each, edited=False) for name, each in told.items()
    }


def test_a_remark_on_a_merge_request_of_ours_is_found_and_talk_elsewhere_is_not(office, start, reconciler):
    _, mr = office.opened()
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    other = office.project.create_merge_request(office.dev, "work", "Work")
    other.comment(office.dev, "Nice, but slow.")
    remark = mr.comment(office.dev, "Could this be simpler?")

    found = [request for request in reconciler.missed(start, start) if request.thread.kind == "merge_request"]
    assert [(request.verb, request.thread.note) for request in found] == [("remark", remark.id)]


def test_a_description_is_its_authors_word_only_while_nobody_has_changed_it(office, start, reconciler):
    kept, changed = (office.project.create_issue(office.dev, "Slow", "/optimize a.py::f") for _ in range(2))
    kept.comment(office.guest, "changed the description")
    changed.change(office.guest, Edit(description="/optimize a.py::g"))

    assert [(request.thread.iid, request.words) for request in reconciler.missed(start, start)] == [(kept.iid, ("a.py::f",))]


def test_what_is_known_is_not_found_again(office, start, reconciler, used):
    note = office.project.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")
    (found,) = reconciler.missed(start, start)
    used.add(found.id)

    assert found.thread.note == note.id and reconciler.missed(start, start) == []


def test_what_is_older_than_we_are_was_not_meant_for_us(office, start, reconciler):
    office.project.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")
    now = office.gitlab.state.now().timestamp() + 1

    assert reconciler.missed(start, born=now) == []


def test_an_archived_project_and_one_that_refuses_stop_nothing(office, start, reconciler):
    office.project.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")
    other = office.gitlab.add_project(f"{office.project.path}-other", {"a.py": "x"})
    other.add_member(office.bot, 30)
    other.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")
    office.gitlab.fail(Fault(f"projects/{other.id}/issues", Kind.MOVED, location="/elsewhere"))

    assert [request.thread.project for request in reconciler.missed(start, start)] == [office.project.id]


def test_a_lost_project_and_an_odd_item_stop_nothing(office, start, reconciler):
    place = {"project_path": "", "thread": {}, "requester": "dev"}
    office.store.start_run(id="run-1", project_id=10**6, **place)
    odd, issue = (office.project.create_issue(office.dev, "Slow") for _ in range(2))
    for each in (odd, issue):
        each.comment(office.dev, "/optimize help")
    odd.item.title = "x" * 2_000

    assert [request.thread.iid for request in reconciler.missed(start, start)] == [issue.iid]


def test_the_label_is_found_in_whatever_case_it_was_written(office, start, reconciler):
    office.project.create_issue(office.dev, "`a.py::f` is slow").quick_action(office.dev, "/label ~Hasten")

    assert [(request.verb, request.words) for request in reconciler.missed(start, start)] == [("optimize", ("a.py::f",))]


@pytest.fixture
def told(office, reconciler):
    """What the hooks tell of labels, as the inbox names it: `with told() as requests: ...`, and then `requests()`."""

    @contextmanager
    def listening():
        with receiving(office.gitlab) as box:
            hook = office.project.add_hook(box.url, secret="s")
            yield lambda: _labels(office, reconciler, box)
            del office.project.project.hooks[hook.id]

    return listening


def _labels(office, reconciler, box):
    assert office.gitlab.settle()
    events = [parse(letter.headers, letter.raw) for letter in box.letters]
    found = [inbox.requests(event, us=office.bot.id, name="hasten", word="optimize", label="hasten") for event in events]
    return [reconciler.act(request).id for requests in found for request in requests]


@pytest.mark.parametrize("opened", [True, False])
def test_a_label_is_one_act_told_or_found_and_put_on_again_it_is_another(office, start, reconciler, used, told, opened):
    with told() as labels:
        issue = office.project.create_issue(office.dev, "Slow", labels=["hasten"] if opened else [])
        if not opened:
            issue.change(office.dev, Edit(add_labels=["hasten"]))
        (first,) = labels()
    assert [each.id for each in reconciler.missed(start, start)] == [first]
    used.add(first)
    assert reconciler.missed(start, start) == []

    with told() as labels:
        issue.change(office.dev, Edit(remove_labels=["hasten"]))
        issue.change(office.dev, Edit(add_labels=["hasten", "urgent"]))
        issue.change(office.dev, Edit(remove_labels=["urgent"]))
        (again,) = labels()

    assert again != first and [each.id for each in reconciler.missed(start, start)] == [again]


def test_a_label_whose_history_cannot_be_read_is_an_act_of_its_item(office, reconciler, told):
    with told() as labels:
        office.project.create_issue(office.dev, "Slow", labels=["hasten"])
        office.gitlab.fail(Fault("GET .*/resource_label_events", Kind.MOVED, location="/elsewhere"))

        assert len(labels()) == 1


@pytest.mark.slow  # 500 repositories
def test_a_quiet_instance_of_five_hundred_projects_costs_one_list_and_a_busy_one_what_changed(office, reconciler):
    """GitLab's activity clock is an hour late, so whatever moved within two hours counts as changed."""
    gitlab, state = office.gitlab, office.gitlab.state
    long_ago = state.now() - timedelta(days=3)
    projects = [office.project]
    for number in range(499):
        projects.append(gitlab.add_project(f"{office.project.path}-{number}"))
        projects[-1].add_member(office.bot, 30)
    for each in projects:
        each.project.last_activity_at = long_ago
    office.forge.me()
    began, now = len(state.requests), state.now().timestamp()

    assert reconciler.missed(now, now - 3600) == []
    quiet = state.requests[began:]
    for each in projects[:3]:
        each.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")
    began = len(state.requests)
    slept = []
    pace = Limiter(10, clock=lambda: now + sum(slept), sleep=slept.append)
    found = replace(reconciler, forge=Forge(gitlab.url, office.bot.token, limiter=pace)).missed(now, now - 3600)

    assert len(quiet) == 1 and slept == [60], "at 10 requests a minute a busy look takes its time"
    # who we are, one list of projects; for each of three: hooks (not for a Developer), two lists of items, notes, threads
    assert len(found) == 3 and len(state.requests[began:]) == 2 + 3 * 5


@pytest.fixture
def maintained(office):
    """Where the bot may see hooks; the hook was switched off while nobody answered."""
    office.project.add_member(office.bot, 40)
    with receiving(office.gitlab) as box:
        box.url = box.url.removesuffix("/hook") + "/webhook/gitlab"
        hook = office.project.add_hook(box.url)
        hook.failures, hook.disabled_until = 4, office.gitlab.state.now() + timedelta(hours=1)
        yield hook, box


def test_a_hook_that_was_switched_off_is_tested_and_thereby_on_again(office, start, reconciler, maintained):
    hook, box = maintained
    note = office.project.create_issue(office.dev, "Slow").comment(office.dev, "/optimize help")

    (found,) = reconciler.missed(start, start)

    assert found.thread.note == note.id, "what the hook dropped is found all the same"
    assert [letter.event for letter in box.letters] == ["Push Hook"]
    assert hook.alert_status(office.gitlab.state.now()) == "executable"


def test_a_hook_that_we_do_not_answer_stays_off_and_is_tried_again_an_hour_later(office, start, reconciler, maintained):
    hook, box = maintained
    box.status = 500
    office.project.create_issue(office.dev, "Slow").comment(office.dev, "talk")

    for _ in range(3):
        reconciler.missed(start, start)
    assert len(box.letters) == 1 and hook.alert_status(office.gitlab.state.now()) == "temporarily_disabled"
    office.clock.now += 3601
    reconciler.missed(start, start)
    assert len(box.letters) == 2


def test_a_hook_that_leads_elsewhere_is_left_alone(office, start, reconciler, maintained):
    hook, box = maintained
    hook.url = box.url.removesuffix("/webhook/gitlab") + "/elsewhere"
    office.project.create_issue(office.dev, "Slow").comment(office.dev, "talk")

    reconciler.missed(start, start)

    assert box.letters == [] and hook.alert_status(office.gitlab.state.now()) == "temporarily_disabled"
