"""Test reports are believed as far as they go: names and outcomes; what two runs of the base disagree about says nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import causes
from evaluation.correctness import junit, suite
from evaluation.correctness.suite import SuiteResult, against, doubted, failing

REPORT = b"""<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.test_a" name="test_one"/>
<testcase classname="tests.test_a" name="test_two"><failure message="assert 1 == 2">long</failure></testcase>
<testcase classname="tests.test_a" name="test_three"><error>no message</error></testcase>
<testcase classname="" name="tests.test_b"><skipped/></testcase>
<testcase classname="" name="tests.test_c"><error message="collection failure">ImportError while importing test module
tests/test_c.py:1: in &lt;module&gt;
E     File "x", line 3
E   ModuleNotFoundError: No module named 'numpy'
E   later</error></testcase>
</testsuite></testsuites>"""


def result(passed: str = "", failed: str = "", errors: str = "") -> SuiteResult:
    return SuiteResult(frozenset(passed.split()), dict.fromkeys(failed.split(), ""), dict.fromkeys(errors.split(), ""))


def test_a_report_is_read() -> None:
    cases = {case.name: (case.outcome, case.text) for case in junit.read(REPORT)}

    assert cases == {
        "tests.test_a::test_one": ("passed", ""),
        "tests.test_a::test_two": ("failed", "assert 1 == 2"),
        "tests.test_a::test_three": ("error", "no message"),
        "tests.test_b": ("skipped", ""),
        "tests.test_c": ("error", "ModuleNotFoundError: No module named 'numpy'"),
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><testcase name="&d;"/>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"\xff\xfe\0",
    ],
)
def test_what_is_no_plain_report_is_refused(data: bytes) -> None:
    with pytest.raises(junit.BadReport):
        junit.read(data)


@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(junit.read(data), list)
    except junit.BadReport as error:
        assert str(error)


def test_a_candidate_must_pass_what_the_base_passes() -> None:
    base = result("a b c")

    assert against(base, base, result("a b c")).failed == ()
    assert against(base, base, result("a b", failed="c")).failed == ("c",)
    assert against(base, base, result("a b")).missing == ("c",)
    assert against(base, base, result("a b c")).passed == 3


def test_a_test_that_flickers_at_the_base_says_nothing() -> None:
    tests = against(result("a b"), result("a", failed="b"), result("a", failed="b"))

    assert (tests.flaky, tests.failed, tests.missing) == (("b",), (), ())


def test_a_test_that_failed_before_is_not_the_candidates_fault_and_is_named() -> None:
    base = result("a", failed="b")

    assert against(base, base, result("a", failed="b")).failed == ()
    assert failing(base, base) == ("b",)


def test_a_file_that_can_no_longer_be_collected_fails() -> None:
    base = result("a")

    assert against(base, base, result(errors="tests.test_a")).failed == ("tests.test_a",)


@pytest.mark.parametrize(
    ("again", "base", "failed", "flaky", "unsteady"),
    [
        (result("a", failed="b"), result("a b"), ("b",), (), ()),
        (result("a b"), result("a b"), (), (), ("b",)),
        (result("a b"), result("a", failed="b"), (), ("b",), ()),
        (result("a", failed="b"), result("a", failed="b"), (), ("b",), ()),
        (result("a"), result("a b"), ("b",), (), ()),
        (result("b", failed="a"), result("a b"), (), (), ("a", "b")),
    ],
)
def test_a_failure_counts_that_comes_again_and_one_that_comes_once_is_told_unless_the_base_has_it_too(
    again, base, failed, flaky, unsteady
) -> None:
    before = result("a b")
    once = against(before, before, result("a", failed="b"))

    found = doubted(once, against(before, before, again), base, before.passed)

    assert (found.failed, found.missing, found.flaky, found.unsteady) == (failed, (), flaky, unsteady)


def test_a_file_that_could_not_be_collected_once_is_told() -> None:
    before, broken = result("a"), result("a", errors="b")
    once, again = against(before, before, broken), against(before, before, before)

    found = doubted(once, again, before, before.passed)

    assert (found.failed, found.flaky, found.unsteady) == ((), (), ("b",))


def test_a_file_that_cannot_be_collected_twice_counts() -> None:
    before, broken = result("a::x b::x"), result("b::x", errors="a")
    once = against(before, before, broken)

    found = doubted(once, once, before, before.passed)

    assert (found.failed, found.missing, found.flaky) == (("a",), ("a::x",), ())


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("ModuleNotFoundError: No module named 'scipy'", "install what is needed under `environment.setup`"),
        ("OSError: [Errno 30] Read-only file system: 'x'", "let tests write to `tmp_path`"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "tests have no network"),
        ("fixture 'mocker' not found", "install the pytest plugin"),
        ("assert 1 == 2", "choose those that pass with `tests.select`"),
    ],
)
def test_a_failure_is_told_with_what_it_says_and_what_helps(text, cure) -> None:
    broken = {"a": "", "b": text}

    assert causes.why(broken, ["a", "b"]) == f": `{text}`"
    assert cure in causes.cure(broken, ["a", "b"])


def test_words_out_of_a_test_run_are_one_short_span() -> None:
    said = causes.quoted("\x1b[31mE `x` \u202e\n@everyone " + "y" * 5000)

    assert said == "`[31mE 'x'`"
    assert len(causes.quoted("y" * 5000)) < 170


def test_of_a_programs_last_words_the_error_is_told() -> None:
    output = "ERROR: usage: x\n__main__.py: error: unrecognized arguments: --cov=p\n  inifile: /work/x\n  rootdir: /work"

    assert causes.telling(output) == "__main__.py: error: unrecognized arguments: --cov=p"
    assert causes.telling("") == "no output"


names = st.sets(st.sampled_from("abcdef"))


@given(one=names, other=names, candidate=names)
def test_weaker_results_never_look_better(one: set[str], other: set[str], candidate: set[str]) -> None:
    first, second = result(" ".join(one)), result(" ".join(other))
    whole, less = result(" ".join(candidate)), result(" ".join(sorted(candidate)[1:]))

    assert against(first, second, less).passed <= against(first, second, whole).passed
    assert set(against(first, second, whole).missing) <= set(against(first, second, less).missing)


def test_what_tests_put_where_our_notes_belong_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "a.where").mkdir()
    (tmp_path / "b.where").symlink_to("/etc/hostname")

    assert suite._copy(tmp_path) is None
    (tmp_path / "b.where").unlink()
    (tmp_path / "0.where").write_text("/env/site-packages/m.py")
    assert "an installed copy" in str(suite._copy(tmp_path))
