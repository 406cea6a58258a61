"""The scorecard as documented JSON."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.scaling import Capacity, Crossover, Scaling, Trend
from evaluation.scorecard import (
    Beyond,
    Cell,
    Equivalence,
    Hardware,
    Interval,
    Memory,
    Mismatch,
    Mutants,
    Outcome,
    Reason,
    Scorecard,
)
from evaluation.scorecard import Tests as Suite  # pytest would collect it by its own name
from evaluation.stages import convincing

GOLDEN = Path(__file__).parent / "scorecard.json"
CARD = Scorecard(
    target="src/a.py::f",
    outcome=Outcome.ACCEPTED,
    reasons=(Reason("speed.faster", "at least 2.27x as fast"),),
    tests=Suite(passed=12),
    equivalence=Equivalence(
        "numeric",
        340,
        340,
        mutants=Mutants(14, 13, ("line 12: `<` became `<=`",)),
        beyond=(Beyond("arrow", "result: expected 1, got 2", "1 row"),),
        set_aside=("equivalence.order",),
        skipped=2,
    ),
    speedup=Interval(2.31, 2.27, 2.35),
    cells=(Cell({"rows": 1000, "features": 4}, 0.01, 0.004, Interval(2.3, 2.2, 2.4), Memory(31.2, 30.9)),),
    scores={"weighted": Interval(2.3, 2.2, 2.4), "auc": Interval(2.3, 2.2, 2.4), "custom": None},
    growth={"baseline": ("n log n",), "candidate": ("n", "n log n")},
    control=Interval(1.0, 0.99, 1.01, 0.99),
    clock="cpu",
    cpu_over_wall=0.99,
    processes=5,
    hardware=Hardware("match"),
    machine="CPU · 2 cores",
    versions={"numpy": "2.1.0"},
    sandbox="bubblewrap",
    seed=7,
    seconds=21.4,
)

texts = st.text(max_size=20)
ratios = st.floats(0.1, 10)
intervals = st.builds(Interval, ratios, ratios, ratios)
cards = st.builds(
    Scorecard,
    target=texts,
    outcome=st.sampled_from(Outcome),
    reasons=st.tuples(st.builds(Reason, texts, texts)),
    tests=st.builds(Suite, st.integers(0, 99), st.tuples(texts), st.just(()), st.tuples(texts, texts)),
    equivalence=st.builds(
        Equivalence,
        texts,
        st.integers(0, 9),
        st.integers(0, 9),
        st.tuples(st.builds(Mismatch, texts, texts, texts)),
        st.none() | st.builds(Mutants, st.integers(0, 9), st.integers(0, 9), st.tuples(texts), st.booleans()),
        st.integers(0, 9),
        st.tuples(st.builds(Beyond, texts, texts, texts)),
        st.tuples(texts),
        st.integers(0, 9),
    ),
    guards=st.tuples(st.builds(Reason, texts, texts)),
    speedup=intervals,
    cells=st.tuples(
        st.builds(Cell, st.just({"rows": 10}), ratios, ratios, intervals, st.none() | st.builds(Memory, ratios, ratios))
    ),
    scores=st.fixed_dictionaries({name: st.none() | intervals for name in ("weighted", "auc", "custom")}),
    scaling=st.lists(
        st.builds(
            Scaling,
            texts,
            st.just({"features": 4}),
            st.just(1),
            st.just(9),
            st.none() | st.builds(Trend, ratios, ratios, ratios, ratios),
            st.none() | st.builds(Crossover, ratios, st.just(1), st.just(9), st.booleans()),
            st.none() | st.builds(Capacity, ratios, ratios, ratios, st.booleans(), st.booleans()),
            st.fixed_dictionaries({"baseline": st.lists(texts).map(tuple)}),
        ),
        max_size=2,
    ).map(tuple),
    hardware=st.builds(Hardware, st.sampled_from(["match", "partial", "mismatch"]), st.tuples(texts)),
    seed=st.integers(0, 2**53),
    depth=st.sampled_from(["quick", "confirm"]),
)


def test_the_json_is_the_documented_one():
    assert CARD.to_json() == json.loads(GOLDEN.read_text())


@given(card=cards)
@settings(max_examples=20)
def test_a_scorecard_survives_being_stored(card):
    assert Scorecard.from_json(json.loads(json.dumps(card.to_json()))) == card


@pytest.mark.parametrize(("stored", "lines"), [(None, 0), ({"name": "n", "rest": {}, "smallest": 1, "largest": 9}, 1)])
def test_a_scorecard_from_before_there_was_more_than_one_line_of_sizes_can_be_read(stored, lines):
    found = Scorecard.from_json({**json.loads(GOLDEN.read_text()), "scaling": stored})

    assert [each.name for each in found.scaling] == ["n"] * lines


@pytest.mark.parametrize("data", [{}, {"schema": "hasten.scorecard/2"}, {"schema": "hasten.scorecard/1", "target": "a.py::f"}])
def test_another_or_incomplete_form_is_refused(data):
    with pytest.raises(ValueError, match="scorecard"):
        Scorecard.from_json(data)


def test_a_scorecard_from_before_mutants_other_columns_and_what_is_set_aside_can_still_be_read():
    data = CARD.to_json()
    del data["correctness"]["tests"]["unsteady"]
    for name in ("mutants", "differing", "beyond", "set_aside", "skipped"):
        del data["correctness"]["equivalence"][name]

    assert Scorecard.from_json(data).tests == CARD.tests
    assert Scorecard.from_json(data).equivalence == Equivalence("numeric", 340, 340)


def test_a_gain_that_weak_checks_let_pass_is_inconclusive():
    weak = replace(CARD, equivalence=replace(CARD.equivalence, mutants=Mutants(14, 3, ("line 2: `<` became `<=`",) * 11)))

    assert convincing(CARD) == CARD
    assert convincing(weak).outcome is Outcome.INCONCLUSIVE
    assert [reason.code for reason in convincing(weak).reasons] == ["equivalence.weak"]
    assert convincing(replace(weak, outcome=Outcome.REJECTED)).outcome is Outcome.REJECTED
