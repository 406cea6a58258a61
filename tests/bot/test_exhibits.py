"""What a report shows besides words: made once, uploaded once, and left out where it cannot be shown."""

import json
import urllib.request
from dataclasses import replace

import pytest

from bot.agents.contract import Event
from bot.drawing import SIGNATURE
from bot.exhibits import Exhibits
from bot.search import Finding
from evaluation.scorecard import Cell, Interval
from tests.bot.office import PROVEN, TARGET
from tests.report.test_chart import HOSTILE

pytestmark = pytest.mark.slow  # pictures are drawn for real
CARD = replace(
    PROVEN, cells=tuple(Cell({"rows": n, HOSTILE: 1}, n * 2e-5, n * 1e-5, Interval(2.0, 1.9, 2.1)) for n in (100, 1000))
)
GRAPH = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#e8743b"/></svg>'


@pytest.fixture
def proven(office):
    """A run whose winner was measured at two sizes, and whose target was profiled."""
    ticket, iteration = office.admitted(office.asked("optimize", TARGET))
    blobs, winner = office.lab.ground.blobs, office.candidate(iteration)
    office.store.judge_candidate(winner, scorecard=blobs.put_json(CARD.to_json()))
    office.store.add_events(iteration.id, "localize", [Event("message", "  93% a.py:2", {"flame": blobs.put(GRAPH)})])
    return ticket, iteration, Finding(winner, 1)


def test_chart_flame_graph_and_figures_are_uploaded_once_and_shown_in_the_description(office, proven):
    for _ in range(2):  # the second time as after a crash
        office.press.publish(*proven)

    (mr,), uploads = office.project.merge_requests, {each.name: each for each in office.project.project.uploads}
    assert len(office.project.project.uploads) == 4
    assert set(uploads) == {"scorecard.json", "chart.png", "flame.png", "flame.svg"}
    assert uploads["chart.png"].content.startswith(SIGNATURE) and uploads["flame.png"].content.startswith(SIGNATURE)
    assert uploads["flame.svg"].content == GRAPH
    for name in ("chart.png", "flame.png"):
        assert f"](/uploads/{uploads[name].secret}/{name})" in mr.description
    assert f"[The flame graph with every name](/uploads/{uploads['flame.svg'].secret}/flame.svg)" in mr.description
    assert "![Time per call of f: " in mr.description and mr.description.count("93% a.py:2") == 1
    address = f"{office.gitlab.url}/{office.project.path}/uploads/{uploads['flame.svg'].secret}/flame.svg"
    with urllib.request.urlopen(address) as answer:
        assert answer.headers["Content-Disposition"] == "attachment", "as GitLab hands out what may hold a script"
    (drawn,) = [event for event in office.store.events(proven[1].id) if event.kind == "drawn"]
    assert office.lab.ground.blobs.get_json(drawn.data["chart"])["hconcat"]


def test_what_gitlab_refuses_is_left_out_and_the_merge_request_opens(office, proven):
    office.gitlab.state.options = replace(office.gitlab.state.options, upload_limit=len(GRAPH))
    try:
        office.press.publish(*proven)
    finally:
        office.gitlab.state.options = replace(office.gitlab.state.options, upload_limit=1 << 20)

    (mr,) = office.project.merge_requests
    assert [each.name for each in office.project.project.uploads] == ["flame.svg"]
    assert "![" not in mr.description and "All figures" not in mr.description and "93% a.py:2" in mr.description


def test_a_project_may_do_without_pictures(office, proven):
    office.project.commit(office.dev, "main", {".hasten.yml": "merge_request: {pictures: false}\n"})
    ticket, iteration, finding = proven
    fetched = office.lab.ground.fetch(iteration, office.origin(), iteration.sha, "main")

    office.press.publish(ticket, replace(fetched, target=TARGET), finding)

    (upload,), (mr,) = office.project.project.uploads, office.project.merge_requests
    assert json.loads(upload.content) == CARD.to_json() and "![" not in mr.description


def test_of_what_was_asked_in_confidence_nothing_is_uploaded(office, proven):
    _, iteration, finding = proven
    office.store.end_iteration(iteration.id, winner=finding.winner, head_sha="f" * 40)
    run = office.store.run(iteration.run)
    story = office.press.archivist.story(run)

    exhibits = Exhibits(office.forge, office.store, office.lab.ground.blobs)
    shown = exhibits.beside(replace(run, thread={**run.thread, "internal": True}), iteration.id, story)

    assert shown is story and office.project.project.uploads == []
