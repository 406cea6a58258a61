"""Tests that need an instruction set: they count where the machine has it, and are named where it has not."""

import pytest

from evaluation.correctness import suite
from evaluation.correctness.suite import SuiteResult
from evaluation.machine.needs import absent, belongs, reduced, set_aside, unmet
from evaluation.project import Project
from sandbox.environment import Environment

NEEDS = {"tests/test_avx.py": ["avx2"], "tests/test_a.py::test_wide": ["avx512f", "avx512bw"]}
FAST, SLOW = "tests.test_avx::test_fast", "tests.test_a::test_wide"
EVERYTHING = {"avx2", "avx512f", "avx512bw"}


@pytest.mark.parametrize(
    ("name", "place", "inside"),
    [
        ("tests.test_avx::test_fast", "tests/test_avx.py", True),
        ("tests.test_avx.TestWide::test_fast", "tests/test_avx.py", True),
        ("tests.test_avx.TestWide::test_fast", "tests/test_avx.py::TestWide", True),
        ("tests.test_avx.TestWide::test_fast[1]", "tests/test_avx.py::TestWide::test_fast", True),
        ("tests.avx.test_a::test_x", "tests/avx/", True),
        ("tests.test_avx2::test_fast", "tests/test_avx.py", False),
        ("tests.test_avx::test_faster", "tests/test_avx.py::test_fast", False),
        ("test_avx::test_fast", "tests/test_avx.py", False),
    ],
)
def test_a_test_lies_at_its_place(name, place, inside):
    assert belongs(name, place) is inside


def test_what_the_machine_lacks_is_set_aside_by_name():
    assert set_aside(NEEDS, {"avx2"}) == ("tests/test_a.py::test_wide (needs avx512f, avx512bw)",)
    assert set_aside(NEEDS, EVERYTHING) == ()


def test_on_a_machine_that_does_not_tell_all_of_it_is_set_aside():
    assert len(absent(NEEDS, None)) == 2


@pytest.mark.parametrize(
    ("flags", "passed", "skipped", "said"),
    [
        (EVERYTHING, {FAST, SLOW}, set(), None),
        (EVERYTHING, {FAST}, set(), "`tests/test_a.py::test_wide` must run where there is avx512f, avx512bw, but none"),
        (EVERYTHING, {FAST, SLOW}, {"tests.test_avx::test_other"}, "but `tests.test_avx::test_other` is skipped"),
        ({"avx2"}, {FAST}, set(), None),
        (set(), set(), {FAST, SLOW}, None),
    ],
)
def test_where_the_machine_can_the_tests_must_run_and_pass(flags, passed, skipped, said):
    found = unmet(NEEDS, flags, passed, skipped)

    assert found is None if said is None else said in found


def test_a_command_whose_tests_cannot_be_told_apart_has_no_needs():
    with pytest.raises(ValueError, match="only pytest's can be told apart"):
        Project.parse("tests: {command: make test, needs: {tests/test_avx.py: [avx2]}}")


@pytest.mark.slow
def test_what_cannot_run_here_is_not_even_imported_and_the_rest_runs(bubblewrap, place):
    project = Project.parse("tests: {needs: {tests/test_avx.py: [imagined9], tests/test_a.py::test_wide: [imagined9]}}")
    files = {"test_avx.py": "import os\nos.abort()\n", "test_a.py": "def test_wide(): assert 0\ndef test_plain(): pass\n"}
    (place / "base" / "tests").mkdir(parents=True)
    for name, text in files.items():
        (place / "base" / "tests" / name).write_text(text)
    found = bubblewrap.interpreter()

    def tested(project: Project) -> SuiteResult:
        return suite.run(
            bubblewrap, environment=Environment("test", found.path, found.mounts), tree=place / "base", project=project,
            scratch=place, owner="test",
        )  # fmt: skip

    assert tested(reduced(project, {"avx2"})).passed == {"tests.test_a::test_plain"}
    assert tested(reduced(project, {"imagined9"})).passed == set()
