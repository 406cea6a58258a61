import pytest

from bot.agents.contract import Event
from bot.blobs import Blobs
from bot.store import Store

THREAD = {"kind": "issue", "iid": 3}


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "hasten.db")
    store.migrate()
    yield store
    store.close()


def start(store, run_id="run-1", **more):
    store.start_run(id=run_id, project_id=7, project_path="team/frames", thread=THREAD, requester="dev", **more)


def candidate(store, number, **more):
    values = {"agent": "recipes", "title": f"Idea {number}", "rationale": "", "ingredients": ["set"], "changes": "ab"}
    store.save_candidate(id=f"run-1:{number}", iteration_id="run-1", **values, **more)


def test_starting_a_run_twice_keeps_the_first(store):
    start(store, target="a.py::f")
    start(store, target="b.py::g")

    assert store.run("run-1").target == "a.py::f"


def test_a_run_that_was_cancelled_before_it_began_stays_cancelled(store):
    start(store)
    assert store.life.begin("run-1", "a.py::f") and store.life.begin("run-1", "a.py::f"), "a repeated step"
    store.life.stop("run-1", "cancel-1")

    assert not store.life.begin("run-1", "b.py::g")
    assert (store.run("run-1").state, store.run("run-1").target) == ("cancelling", "a.py::f")


def test_a_run_is_found_by_its_merge_request_and_its_thread(store):
    start(store)
    store.start_iteration("run-1", "run-1")
    store.update_run("run-1", merge_request=5)

    assert store.run_of_merge_request(7, 5).id == "run-1"
    assert store.run_of_merge_request(8, 5) is None
    assert [run.id for run in store.runs_of_thread(7, "issue", 3)] == ["run-1"]
    assert store.runs_of_thread(7, "merge_request", 3) == []


def test_iterations_are_numbered_once_however_often_they_start(store):
    start(store)

    numbers = [store.start_iteration(each, "run-1") for each in ("run-1", "note-9", "run-1", "note-9")]

    assert numbers == [0, 1, 0, 1]


def test_a_candidate_is_judged_in_place(store):
    start(store)
    store.start_iteration("run-1", "run-1")
    candidate(store, 1)
    candidate(store, 1, outcome="rejected", ratio=0.9, reasons=[{"code": "speed.slower", "text": "slower"}])

    (row,) = store.candidates("run-1")

    assert (row.outcome, row.ratio) == ("rejected", 0.9)
    assert row.attempt().reasons == ("slower",)


def test_an_iteration_remembers_what_it_put_on_the_branch(store):
    start(store)
    store.start_iteration("run-1", "run-1")
    candidate(store, 1)
    candidate(store, 2)
    store.end_iteration("run-1", winner="run-1:2", head_sha="c0ffee")

    assert [(row.winner, row.head_sha) for row in store.iterations("run-1")] == [("run-1:2", "c0ffee")]


def test_a_repeated_step_adds_no_event_twice(store):
    said = [Event("started"), Event("reasoning", "a set is faster", {"recipe": "set"})]
    store.add_events("run-1", "propose-1", said)
    store.add_events("run-1", "propose-1", said)

    assert store.events("run-1") == said


def test_blobs_are_found_by_their_digest_and_kept_once(tmp_path):
    blobs = Blobs(tmp_path / "blobs")

    first, second = blobs.put_json({"a": 1, "b": 2}), blobs.put_json({"b": 2, "a": 1})

    assert first == second
    assert blobs.get_json(first) == {"a": 1, "b": 2}
    assert len([path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]) == 1
