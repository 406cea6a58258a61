"""Mutants are small, different, repeatable mistakes of the target; and whether inputs notice enough of them is one rule."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.baseline import Baseline
from evaluation.capture import Recorded
from evaluation.correctness import mutants
from evaluation.correctness.strength import objection
from evaluation.correctness.suite import SuiteResult
from evaluation.scorecard import Mutants

SOURCE = '''
import math

LIMIT = 3

def helper(x):
    return x + 1

class Shape:
    def area(self, scale: float = 2.0) -> float:
        """Says 1 < 2."""
        if scale <= 0:
            raise ValueError("scale must be above 0")
        print("area", scale)
        return self.width * scale

def tiny(x):
    return helper(x)

def total(values, start=0, *, skip=False):
    """Adds up."""
    found = start
    for value in sorted(values, reverse=True)[1:LIMIT]:
        if math.isnan(value) or value < 0:
            continue
        found += value * 2
    return found if found else None
'''


def texts(name: str, **options: int) -> list[str]:
    return [mutant.text for mutant in mutants.make(SOURCE, name, most=100, **options)]


def test_mutants_cover_many_kinds_of_mistakes() -> None:
    found = texts("total")

    for said in (
        "line 24: `value < 0` became `value <= 0`",
        "line 25: `continue` left out",
        "line 26: `found += value * 2` left out",
        "line 23: `True` became `False`",
        "line 23: `sorted(values, reverse=True)` became `(values.sort(reverse=True), values)[1]`",
        "line 23: `1:LIMIT` became `1:LIMIT + 1`",
        "line 24: `math.isnan(value)` became `math.isnan(value) & False`",
        "line 24: `math.isnan(value) or value < 0` became `math.isnan(value) and value < 0`",
        "line 27: `found if found else None` became `None`",
    ):
        assert said in found


def test_what_only_says_something_is_left_alone() -> None:
    found = texts("Shape.area") + texts("total")

    assert not [text for text in found if "Says 1 < 2" in text or "Adds up" in text]
    assert [text for text in found if "print" in text] == ["line 14: `print('area', scale)` left out"]
    assert [text[:14] for text in found if "must be above" in text] == ["line 13: `rais"] * 2, "left out, or of another type"


def test_a_function_too_small_to_break_is_broken_in_what_it_calls() -> None:
    assert any("`x + 1`" in text for text in texts("tiny"))
    assert not any("`x + 1`" in text for text in texts("total"))


@pytest.mark.parametrize(("source", "name"), [(SOURCE, "nowhere"), (SOURCE, "Shape"), ("def f(:", "f"), ("f = len", "f")])
def test_where_there_is_nothing_to_break_there_are_no_mutants(source: str, name: str) -> None:
    assert mutants.make(source, name) == []


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 12))
def test_no_mutant_is_like_the_original_or_another_one_and_a_seed_repeats_them(seed: int, most: int) -> None:
    made = mutants.make(SOURCE, "total", seed=seed, most=most)

    forms = {ast.dump(ast.parse(mutant.source)) for mutant in made}
    assert len(forms) == len(made) <= most
    assert ast.dump(ast.parse(SOURCE)) not in forms
    assert made == mutants.make(SOURCE, "total", seed=seed, most=most)


def test_a_module_keeps_what_the_mutant_is_not_about() -> None:
    for mutant in mutants.make(SOURCE, "total"):
        before, after = ast.parse(SOURCE).body, ast.parse(mutant.source).body
        assert [ast.dump(node) for node in after[:-1]] == [ast.dump(node) for node in before[:-1]]


@pytest.mark.parametrize(
    ("found", "weak"),
    [
        (Mutants(14, 7, ("line 1",) * 7), False),
        (Mutants(14, 6, ("line 1: `<` became `<=`",) * 8), True),
        (Mutants(3, 0, ("line 1",) * 3), False),  # too few for a share
        (Mutants(14, 6, ("line 1: `<` became `<=`",) * 8, cut=True), True),  # that time ran out is no evidence
        (Mutants(14, 7, ("line 1",) * 7, cut=True), False),
        (None, False),
    ],
)
def test_evidence_is_weak_where_most_mistakes_go_unnoticed(found: Mutants | None, weak: bool) -> None:
    reason = objection(found)

    assert (reason is not None) is weak
    if reason is not None:
        assert reason.code == "equivalence.weak"
        assert "8 of 14 changes went unnoticed, e.g. line 1: `<` became `<=`" in reason.text
        assert ("in the time there was" in reason.text) is (found is not None and found.cut)


CALLS = Recorded((b"\x80", b""), ("one that is too large",))


def test_a_baseline_keeps_what_is_known_about_its_inputs() -> None:
    suite = SuiteResult(frozenset({"a"}), collected=1, exit=0)
    baseline = Baseline(
        suite, suite, "generator", ({"n": 3},), "", Mutants(14, 13, ("line 3",)), Recorded((b"\x80", b""), ("too large",))
    )

    assert Baseline.from_json(baseline.to_json()) == baseline
    old = {name: value for name, value in baseline.to_json().items() if name not in ("mutants", "captured")}
    assert (Baseline.from_json(old).mutants, Baseline.from_json(old).captured) == (None, None)
