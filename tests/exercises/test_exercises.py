"""The exercises are sound, and nothing that recipes propose for them breaks one. How much is gained, `bench.exercises` says."""

import functools
from dataclasses import replace

import pytest

from bench.exercises import version
from tests.exercises.exercises import Exercise, all_of_them
from tests.recipes.runner import difference

EXERCISES = all_of_them()
PROPOSED = functools.cache(Exercise.proposals)
SEEDS = range(3)
UNANSWERED = {"kmers", "outliers", "stops"}  # by recipes: what these need is an idea


def test_there_are_a_dozen():
    assert len(EXERCISES) == 12


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_an_exercise_passes_its_own_tests_and_its_inputs_say_something(exercise: Exercise):
    assert exercise.tested(exercise.source) >= 3
    results = [result for result, _ in exercise.outcomes(exercise.source, SEEDS)]
    assert len({repr(result) for result in results}) == len(results) and any(results)


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise", [each for each in EXERCISES if each.name not in UNANSWERED], ids=lambda exercise: exercise.name
)
def test_what_recipes_propose_passes_the_tests_and_gives_the_same(exercise: Exercise):
    wanted = exercise.outcomes(exercise.source, SEEDS)

    drafts = PROPOSED(exercise).drafts
    assert drafts
    for draft in drafts:
        changed = exercise.after(draft)
        assert exercise.tested(changed) == exercise.tested(exercise.source)
        assert difference(wanted, exercise.outcomes(changed, SEEDS), numeric=True) is None, draft.ingredients


@pytest.mark.slow
def test_to_three_of_them_recipes_have_nothing_to_say():
    assert {exercise.name for exercise in EXERCISES if not PROPOSED(exercise).drafts} == UNANSWERED


def test_a_broken_module_does_not_pass():
    exercise = EXERCISES[0]

    with pytest.raises(AssertionError):
        exercise.tested(f"def {exercise.target.name}(*_, **__): return None\n")


def test_a_line_of_the_record_holds_for_these_files_under_these_names(tmp_path):
    def marked(**files):
        place = tmp_path / "-".join(f"{name}{text}" for name, text in files.items()) / "project"
        place.mkdir(parents=True)
        for name, text in files.items():
            (place / name).write_text(text)
        return version(replace(EXERCISES[0], folder=place))

    others = [marked(a="xy", b=""), marked(c="x", b="y"), marked(a="x", b="y", data="z")]

    assert marked(a="x", b="y") == marked(b="y", a="x") and len({marked(a="x", b="y "), *others}) == 4
