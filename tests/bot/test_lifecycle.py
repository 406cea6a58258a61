"""Which state of a run may follow which, and that of two who act at the same moment one comes too late."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.store import Store

HERE, ELSEWHERE = {"kind": "issue", "iid": 3}, {"kind": "merge_request", "iid": 3}


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    yield store
    store.close()


def wait(store, *names, thread=HERE):
    for name in names:
        store.start_run(id=name, project_id=7, project_path="p", thread=thread, requester="dev", state="waiting")


def state(store, name):
    return store.run(name).state


def test_of_many_that_begin_at_the_same_moment_exactly_one_does(store):
    names = [f"run-{number}" for number in range(8)]
    wait(store, *names)
    together = Barrier(len(names))

    def begin(name):
        together.wait(30)
        return store.life.begin(name, "a.py::f")

    with ThreadPoolExecutor(len(names)) as pool:
        began = list(pool.map(begin, names))

    assert began.count(True) == 1 and sorted(state(store, name) for name in names) == ["running"] + ["waiting"] * 7


@pytest.mark.parametrize(
    ("first", "second", "thread", "meets"),
    [
        ("a.py::f", "a.py::f", ELSEWHERE, True),
        ("a.py::f", "a.py::g", HERE, False),
        ("a.py::f", "", HERE, True),
        ("", "a.py::f", HERE, True),
        ("", "", HERE, True),
        ("", "", ELSEWHERE, False),
        ("a.py::f", "", ELSEWHERE, False),
    ],
)
def test_rivals_are_of_one_function_or_of_one_place_where_a_target_is_missing(store, first, second, thread, meets):
    wait(store, "one")
    wait(store, "two", thread=thread)
    assert store.life.begin("one", first)

    assert store.life.begin("two", second) is not meets
    assert store.life.rival("two", second) == ("one" if meets else None)
    store.life.end("one", "done")
    assert store.life.begin("two", second)


def test_a_run_that_finds_its_function_late_gives_way_to_one_that_is_at_work_on_it(store):
    wait(store, "named")
    wait(store, "aimless", thread=ELSEWHERE)
    assert store.life.begin("named", "a.py::f") and store.life.begin("aimless", "")

    assert not store.life.aim("aimless", "a.py::f") and store.life.aim("aimless", "a.py::g")
    assert store.run("aimless").target == "a.py::g"


def test_a_cancel_that_comes_first_is_not_overwritten_by_what_is_published(store):
    wait(store, "run")
    store.life.begin("run", "a.py::f")
    store.life.stop("run", "cancel-1")

    assert not store.life.publish("run") and state(store, "run") == "cancelling"


def test_a_cancel_that_comes_too_late_changes_nothing(store):
    wait(store, "run")
    store.life.begin("run", "a.py::f")
    assert store.life.publish("run")
    store.life.stop("run", "cancel-1")
    assert not store.life.stopped("run", "cancel-1") and store.life.publish("run"), "a repeated step"

    store.life.end("run", "done")
    store.life.stop("run", "cancel-2")

    assert state(store, "run") == "done" and not store.life.stopped("run", "cancel-2")


def test_a_run_ends_once(store):
    wait(store, "run")
    store.life.begin("run", "a.py::f")
    store.life.end("run", "done")
    ended = store.run("run").ended
    store.life.end("run", "failed")
    assert (state(store, "run"), store.run("run").ended) == ("done", ended)

    store.life.publish("run")  # the step came here again after a crash
    store.life.end("run", "done")

    assert (state(store, "run"), store.run("run").ended) == ("done", ended)


def test_whoever_stopped_a_run_has_stopped_it_also_when_it_has_ended(store):
    wait(store, "run")
    store.life.stop("run", "cancel-1")
    store.life.end("run", "cancelled")

    assert store.life.stopped("run", "cancel-1") and not store.life.stopped("run", "cancel-2")


def test_a_review_is_stopped_while_it_is_under_way_and_its_run_is_done_again_afterwards(store):
    wait(store, "run")
    store.life.begin("run", "a.py::f")
    store.life.end("run", "done")
    store.start_iteration("review", "run")
    store.life.stop("run", "cancel-1")
    assert state(store, "run") == "cancelling"

    store.end_iteration("review", winner=None, head_sha=None)
    store.life.settle("run")
    store.life.stop("run", "cancel-2")

    assert state(store, "run") == "done"
