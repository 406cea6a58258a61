"""What must hold for every pilot project: it says what it is, its parts are there, its own tests pass."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from bot.localization import outline
from evaluation.project import Project
from evaluation.target import Target
from pilot import histories
from tests.furnished import Furnished

EVERY = pytest.mark.parametrize("name", histories.names())
WITH_PANDAS = ("dataframe_sort", "event_join", "rolling_features")


def test_there_are_three_with_pandas_and_one_that_needs_nothing():
    assert histories.names() == ("dataframe_sort", "event_join", "plain_text", "rolling_features")
    assert not (histories.PROJECTS / "plain_text" / "requirements.txt").exists()


@EVERY
def test_what_hasten_yml_names_exists(name):
    folder = histories.PROJECTS / name
    project = Project.load(folder)

    (settings,) = project.targets
    named = [settings.function, settings.reference, settings.inputs]
    assert all(isinstance(target, Target) and outline.exists(target, folder) for target in named)
    assert settings.sizes
    assert str(settings.reference.path) in project.paths.fenced


@EVERY
def test_target_and_reference_are_called_alike(name):
    (settings,) = Project.load(histories.PROJECTS / name).targets

    signatures = {outline.signature(target, histories.PROJECTS / name) for target in (settings.function, settings.reference)}

    assert len(signatures) == 1


@EVERY
def test_the_history_has_four_to_six_commits_in_order_of_time(name):
    project = histories.files(histories.PROJECTS / name)

    history = histories.commits((histories.PROJECTS / name / "history.yml").read_text(), project)

    assert 4 <= len(history) <= 6
    assert all(earlier.date < later.date for earlier, later in pairwise(history))


def test_the_project_without_packages_passes_its_own_tests(tmp_path):
    histories.plant("plain_text", tmp_path / "plain_text")

    done = subprocess.run(
        (sys.executable, "-B", "-m", "unittest", "-v"), cwd=tmp_path / "plain_text", capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert "Ran 11 tests" in done.stderr


@pytest.fixture(scope="session")
def pandas_python(furnished: Furnished) -> Path:
    """An interpreter with what the pandas projects require."""
    return furnished("-r", str(histories.PROJECTS / "dataframe_sort" / "requirements.txt"))


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_PANDAS)
def test_the_projects_with_pandas_pass_their_own_tests(name, pandas_python, tmp_path):
    histories.plant(name, tmp_path / name)

    done = subprocess.run(
        (str(pandas_python), "-B", "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        cwd=tmp_path / name,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout


AGREE = """
import importlib, sys
sys.path[:0] = [".", "src"]
import pandas as pd
module, function, make, features = sys.argv[1:5]
target = getattr(importlib.import_module(module), function)
reference = getattr(importlib.import_module(module.split(".")[0] + ".reference"), function)
inputs = getattr(importlib.import_module("benchmarks.inputs"), make)
for seed in range(400):
    size = (seed, seed % 41, 1 + seed % int(features))
    left, right = (call(*args, **kwargs) for call in (target, reference) for args, kwargs in [inputs(*size)])
    pd.testing.assert_frame_equal(left, right, check_exact=True, obj=str(size))
print("agreed")
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_PANDAS)
def test_target_and_reference_agree_exactly_on_hundreds_of_inputs(name, pandas_python):
    (settings,) = Project.load(histories.PROJECTS / name).targets
    module = settings.function.path.removeprefix("src/").removesuffix(".py").replace("/", ".")

    done = subprocess.run(
        (str(pandas_python), "-B", "-c", AGREE, module, settings.function.name, settings.inputs.name, "7"),
        cwd=histories.PROJECTS / name,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.stdout == "agreed\n", done.stderr
