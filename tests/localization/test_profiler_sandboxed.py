"""Profiles through a real sandbox."""

import pickle
from pathlib import Path

import pytest

from bot.localization import hotspots, profiler, study
from bot.localization.profile import Unprofiled
from evaluation.inputs import Source
from evaluation.project import Project
from evaluation.target import Target
from pilot import histories
from sandbox.bubblewrap import Bubblewrap
from sandbox.environment import Environment
from sandbox.spec import Limits

pytestmark = pytest.mark.slow
TARGET = Target("src/words.py", "frequent_words")
INPUTS = [pickle.dumps(((" ".join(f"w{n % 40}x the Abend" for n in range(400)), 5, ["the"]), {}))]


@pytest.fixture(scope="module")
def bubblewrap() -> Bubblewrap:
    sandbox = Bubblewrap()
    readiness = sandbox.probe()
    if not readiness.ready:
        pytest.skip(f"no bubblewrap here: {readiness.reason}")
    return sandbox


@pytest.fixture
def environment(bubblewrap) -> Environment:
    interpreter = bubblewrap.interpreter()
    return Environment("bare", interpreter.path, interpreter.mounts)


@pytest.fixture
def tree(tmp_path) -> Path:
    histories.plant("plain_text", tmp_path / "plain_text")
    return tmp_path / "plain_text"


def test_a_target_is_profiled_on_inputs(bubblewrap, environment, tree):
    found = profiler.profile(bubblewrap, environment, tree, TARGET, INPUTS, seconds=0.3)

    assert {entry.hotspot.name for entry in hotspots.rank(found)} == {"frequent_words", "split_words", "count_words"}
    assert all(entry.hotspot.path == "src/words.py" for entry in hotspots.rank(found))
    assert "split_words" in hotspots.as_text(found)


def test_without_a_target_the_test_run_names_some(bubblewrap, environment, tree):
    found = profiler.profile_tests(bubblewrap, environment, tree, "python -m unittest -v")

    suggested = [entry.target for entry in hotspots.suggest(found, tree, fenced=["benchmarks/**", "src/reference.py"])]
    assert {target.path for target in suggested} == {"src/words.py"}
    assert TARGET in suggested


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import os\ndef frequent_words(*a): os._exit(3)\n", "ended the process \\(exit code 3\\)"),
        ("import nothing_like_it\n", "ModuleNotFoundError"),
        ("def frequent_words(*a):\n  while True: pass\n", "not done within 3 s"),
    ],
)
def test_code_that_will_not_be_watched_is_a_sentence(code, complaint, bubblewrap, environment, tree):
    (tree / "src" / "words.py").write_text(code)

    with pytest.raises(Unprofiled, match=complaint):
        profiler.profile(bubblewrap, environment, tree, TARGET, INPUTS, seconds=0.1, limits=Limits(seconds=3))


def source(sandbox, environment, tree: Path, target: Target, project: Project, scratch: Path) -> Source:
    scratch.mkdir()
    return Source(sandbox, environment, tree, target, project, scratch, "test")


def test_a_target_is_studied_on_inputs_of_its_largest_size(bubblewrap, environment, tree, tmp_path):
    project = Project.load(tree)

    found = study.of_target(source(bubblewrap, environment, tree, TARGET, project, tmp_path / "scratch"))

    assert hotspots.rank(found)[0].hotspot.path == "src/words.py"
    assert found.calls >= 1 and len(found.times) == study.INPUTS + study.SMALL
    assert found.growth and found.growth.small["rows"] < found.growth.large["rows"]


def test_a_target_without_inputs_is_a_sentence(bubblewrap, environment, tree, tmp_path):
    (tree / "bare.py").write_text("def f(x):\n    return x\n")

    with pytest.raises(Unprofiled):
        study.of_target(source(bubblewrap, environment, tree, Target("bare.py", "f"), Project.default(), tmp_path / "scratch"))
