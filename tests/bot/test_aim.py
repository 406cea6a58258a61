"""What a command without a target is about."""

from dataclasses import replace

import pytest

from bot import aim
from bot.ending import Unanswerable
from bot.iteration import Iteration
from bot.request import Spot
from sandbox.git import Repository

FIRST = "def f():\n    return 1\n\n\ndef g():\n    return 2\n"
SECOND = "def f():\n    return 1 + 0\n\n\ndef g():\n    return 2 + 0\n"

pytestmark = pytest.mark.slow  # a GitLab over HTTP in every test


@pytest.fixture
def merge_request(office):
    """An iteration on the head of a merge request that touches two functions and a test."""
    office.project.commit(office.dev, "main", {"a.py": FIRST, "tests/test_a.py": "def test_f():\n    pass\n"})
    changed = {"a.py": SECOND, "tests/test_a.py": "def test_f():\n    assert 1\n", "notes.md": "x"}
    head = office.project.commit(office.dev, "work", changed)
    iteration = Iteration(f"gitlab-{office.project.id}", "run", "run", "", "")
    return office.lab.ground.fetch(iteration, office.origin(), head, "main")


def test_a_line_of_a_diff_names_the_function_around_it(office, merge_request):
    ground, sha = office.lab.ground, merge_request.sha

    assert aim.at(ground, merge_request, Spot("a.py", 6, sha)).target == "a.py::g"
    for nowhere in (Spot("a.py", 3, sha), Spot("notes.md", 1, sha), Spot("gone.py", 1, sha)):
        with pytest.raises(Unanswerable, match="no function"):
            aim.at(ground, merge_request, nowhere)


def test_a_line_is_looked_up_in_the_version_that_was_commented_on(office, merge_request):
    longer = "import os\n\n\n" + SECOND
    head = office.project.commit(office.dev, "work", {"a.py": longer})
    now = office.lab.ground.fetch(merge_request, office.origin(), head, "main")

    assert aim.at(office.lab.ground, now, Spot("a.py", 2, merge_request.sha)).target == "a.py::f"
    assert aim.at(office.lab.ground, now, Spot("a.py", 4, "0" * 40)).target == "a.py::f", "a version that is gone"


def test_a_merge_request_is_about_the_functions_it_touches_and_no_tests(office, merge_request):
    office.project.commit(office.dev, "main", {"b.py": "def later():\n    return 3\n"})
    now = office.lab.ground.fetch(merge_request, office.origin(), merge_request.sha, "main")

    assert aim.touched(office.lab.ground, now, "main").among == ("a.py::f", "a.py::g")


def test_where_one_function_is_touched_it_is_the_target_and_where_none_is_a_sentence_says_so(office, merge_request):
    one = office.project.commit(office.dev, "one", {"a.py": FIRST.replace("2", "3")})
    none = office.project.commit(office.dev, "none", {"notes.md": "y"})
    fetched = [office.lab.ground.fetch(merge_request, office.origin(), each, "main") for each in (one, none)]

    assert aim.touched(office.lab.ground, fetched[0], "main").target == "a.py::g"
    with pytest.raises(Unanswerable, match="changes no Python function"):
        aim.touched(office.lab.ground, fetched[1], "main")


def test_the_profile_ranks_what_is_touched_and_what_it_never_saw_comes_last():
    iteration = Iteration("p", "r", "r", "", "", among=("a.py::f", "a.py::g", "a.py::h"))
    found = [("b.py::x", 0.7), ("a.py::g", 0.2), ("a.py::f", 0.1)]

    assert aim.order(iteration, found) == (("a.py::g", 0.2), ("a.py::f", 0.1), ("a.py::h", 0.0))
    assert aim.order(replace(iteration, among=()), found) == tuple(found)


def test_a_hint_brings_the_function_that_it_names_to_the_front():
    iteration = Iteration("p", "r", "r", "", "", hint="the sorting is slow for wide frames")
    found = [("a.py::read_rows", 0.7), ("a.py::Table.sort_table", 0.2), ("a.py::x", 0.1)]

    assert [name for name, _ in aim.order(iteration, found)] == ["a.py::Table.sort_table", "a.py::read_rows", "a.py::x"]


def test_a_repository_without_a_common_past_has_no_fork_point(office, merge_request):
    repository: Repository = office.lab.ground.repository(merge_request.project)

    assert repository.fork_point(repository.resolve("main"), merge_request.sha) == repository.resolve("main")


def test_who_understands_the_hint_has_the_first_word_and_only_that():
    iteration = Iteration("p", "r", "r", "", "", hint="reading takes ages")
    ranked = (("a.py::f", 0.7), ("a.py::g", 0.2))

    assert aim.chosen(iteration, ranked, lambda words, names: names[1]) == ranked[::-1]
    assert aim.chosen(iteration, ranked, lambda words, names: None) == ranked
    assert aim.chosen(replace(iteration, hint=""), ranked, lambda words, names: names[1]) == ranked


def test_a_file_or_a_folder_stands_for_its_functions(office, merge_request):
    office.project.commit(office.dev, "more", {"src/b.py": "def h():\n    pass\n", "src/test_b.py": "def test_h():\n    pass\n"})
    ground = office.lab.ground
    now = ground.fetch(merge_request, office.origin(), "more", "main")

    assert aim.within(ground, replace(now, target="a.py")).among == ("a.py::f", "a.py::g")
    assert aim.within(ground, replace(now, target="src/")).among == ("src/b.py::h",)
    assert aim.within(ground, replace(now, target="gone.py")).target == "gone.py"
    with pytest.raises(Unanswerable):
        aim.within(ground, replace(now, target="tests"))


def test_what_a_request_names_goes_before_where_it_stands(office, merge_request):
    ground, on_a_line = office.lab.ground, office.asked("optimize", at=Spot("a.py", 2, merge_request.sha))
    there = replace(on_a_line, thread=replace(on_a_line.thread, kind="merge_request"))

    assert aim.at_what(ground, replace(merge_request, target="a.py::g"), there, "main").target == "a.py::g"
    assert aim.at_what(ground, merge_request, there, "main").target == "a.py::f"
    assert aim.at_what(ground, merge_request, replace(there, at=None), "main").among == ("a.py::f", "a.py::g")
    assert aim.at_what(ground, merge_request, replace(on_a_line, at=None), "") == merge_request
