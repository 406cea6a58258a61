"""Edge cases of what leaves the house: pushed with the real git, never over somebody else's work."""

import pytest

from bot.ending import Unanswerable
from bot.search import Finding
from tests.bot.office import TARGET

pytestmark = pytest.mark.slow  # real pushes over HTTP
REFUSING = "#!/bin/sh\necho \"GitLab: Commit message does not follow the pattern 'Signed-off-by:.*'\" >&2\nexit 1\n"


@pytest.fixture
def proven(office):
    """An admitted run with a winner: request, ticket, iteration, finding."""
    return _proven(office, office.asked("optimize", TARGET))


def _proven(office, request):
    ticket, iteration = office.admitted(request)
    return request, ticket, iteration, Finding(office.candidate(iteration), 1)


def refusal(office, ticket, iteration, finding):
    with pytest.raises(Unanswerable) as refused:
        office.press.publish(ticket, iteration, finding)
    return str(refused.value)


def test_row_23_a_merge_request_that_was_closed_meanwhile_gets_nothing_pushed(office):
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    request = office.request(mr, mr.comment(office.dev, "/optimize a.py::f"), "optimize", TARGET)
    _, *proven = _proven(office, request)
    mr.close(office.dev)

    assert "closed" in refusal(office, *proven)
    assert set(office.project.branches) == {"main", "work"}


def test_row_24_a_branch_that_was_deleted_meanwhile_ends_the_run_in_a_sentence(office):
    office.project.commit(office.dev, "work", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.dev, "work", "Work")
    request = office.request(mr, mr.comment(office.dev, "/optimize a.py::f"), "optimize", TARGET)
    _, *proven = _proven(office, request)
    office.project.project.repository.run("update-ref", "-d", "refs/heads/work")

    assert "GitLab" in refusal(office, *proven)
    assert len(office.project.merge_requests) == 1


def test_row_25_a_branch_that_a_person_pushed_to_is_never_overwritten(office, proven):
    request, *proven = proven
    theirs = office.project.commit(office.dev, f"hasten/f-{request.id[-8:]}", {"a.py": "def f():\n    return 1.0\n"})

    assert "hasten/f-" in refusal(office, *proven)
    assert office.project.branches[f"hasten/f-{request.id[-8:]}"] == theirs


def test_row_46_a_protected_branch_of_our_name_is_refused_in_gitlabs_words(office, proven):
    _, *proven = proven
    office.project.project.protected.append("hasten/*")

    assert "protected branches" in refusal(office, *proven)


def test_row_47_a_push_rule_is_told_in_gitlabs_words(office, proven):
    _, *proven = proven
    hook = office.project.repository_folder / "hooks" / "pre-receive"
    hook.write_text(REFUSING)

    said = refusal(office, *proven)
    assert "Signed-off-by" in said and office.project.merge_requests == []


def test_row_51_without_a_gain_the_thread_gets_the_figures_and_no_merge_request_is_opened(office):
    request = office.asked("optimize", TARGET)
    ticket, iteration = office.admitted(request)
    office.candidate(iteration, outcome="rejected")

    office.press.publish(ticket, iteration, Finding(None, 1))

    (said,) = office.said(request)
    assert "1.9×" in said and "no merge request" in said
    assert office.project.merge_requests == [] and list(office.project.branches) == ["main"]


@pytest.mark.parametrize("number", [1, 2])
def test_row_40_a_project_that_moves_between_measuring_and_publishing_still_gets_its_merge_request(office, proven, number):
    _, ticket, iteration, finding = proven
    office.project.rename(f"elsewhere{number}/frames{office.project.id}")

    office.press.publish(ticket, iteration, finding)

    assert len(office.project.merge_requests) == 1
