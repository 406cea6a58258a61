"""The probe, run as it runs in a sandbox: request on stdin, one JSON object on stdout."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from bot.localization import hotspots, profile, profiler
from bot.localization.probe.watch import Sampler
from bot.localization.profile import Profile, Unprofiled

WATCH = Path(profiler.__file__).parent / "probe" / "watch.py"
SLOW = """
import json

def outer(n):
    print("noise on stdout")
    return middle(n) + cheap()

def middle(n):
    return sum(leaf(i) for i in range(n)) + len(json.dumps(list(range(n))))

def leaf(i):
    return len(sorted(range(200), key=lambda x: -x))

def cheap():
    return 1

def refuse(n):
    raise ValueError(n)

def leave(n):
    raise SystemExit(0)

def lazy(n):
    yield from (leaf(i) for i in range(n))

def mapped(n):
    return map(leaf, range(n))

async def waiting(n):
    return [leaf(i) for i in range(n)]

async def giving(n):
    for i in range(n):
        yield leaf(i)
"""

SLOW_CODE = compile(SLOW, "slow.py", "exec")
LEAF = 1 + next(n for n, line in enumerate(SLOW.split("\n")) if "sorted(" in line)


def watch(tree: Path, request: dict, inputs: list[bytes] = []) -> Profile:  # noqa: B006
    line = json.dumps({"roots": [str(tree)], "tree": str(tree), "sizes": [len(blob) for blob in inputs], **request}).encode()
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        (sys.executable, str(WATCH)),
        input=line + b"\n" + b"".join(inputs),
        capture_output=True,
        env=environment,
        cwd=tree,
        timeout=60,
    )
    return profile.read(done.stdout)


def target(tree: Path, name: str, *arguments: tuple[object, ...], seconds: float = 0.03) -> Profile:
    (tree / "slow.py").write_text(SLOW)
    request = {"mode": "target", "module": "slow", "name": name, "seconds": seconds}
    return watch(tree, request, [pickle.dumps((each, {})) for each in arguments])


def test_time_is_given_to_the_function_whose_change_could_save_it(tmp_path):
    found = target(tmp_path, "outer", (3000,))

    ranked = hotspots.rank(found)
    assert ranked[0].hotspot.name == "leaf"  # the key function is part of it
    assert {"outer", "middle", "cheap"} <= {entry.hotspot.name for entry in ranked}
    assert sum(entry.share for entry in ranked) <= 1.01
    assert all(entry.hotspot.path == "slow.py" for entry in ranked)


def test_libraries_are_shown_but_are_not_the_projects(tmp_path):
    found = target(tmp_path, "outer", (50,))

    encoder = next(function for function in found.functions if function.name == "dumps")
    assert (encoder.path, encoder.ours) == ("json/__init__.py", False)


def test_calls_go_on_until_the_seconds_are_used(tmp_path):
    found = target(tmp_path, "outer", (5,))

    assert found.calls > 1
    assert found.total_s >= 0.005  # of 0.03: half is sampled, and arguments are made anew each time
    assert next(entry.calls for entry in found.functions if entry.name == "outer") == found.calls


def test_samples_know_functions_lines_and_stacks(tmp_path):
    found = target(tmp_path, "outer", (4000,), seconds=0.01)  # one call, long enough for samples

    hottest = hotspots.hottest_lines(found)[0][0]
    leaf = next(function for function in found.functions if function.name == "leaf")
    assert found.samples and leaf.sampled_s > found.sampled_s / 2
    assert (hottest.path, hottest.line) == ("slow.py", LEAF)
    assert any(stack.frames[0].startswith("./slow.py:") and stack.frames[0].endswith(" outer") for stack in found.stacks)
    assert not any("watch.py" in frame for stack in found.stacks for frame in stack.frames)


@pytest.mark.parametrize("name", ["lazy", "mapped", "waiting", "giving"])
def test_what_is_put_off_is_watched_too(name, tmp_path):
    found = target(tmp_path, name, (300,), seconds=0.001)

    assert next(function for function in found.functions if function.name == "leaf").calls == 300 * found.calls


def test_a_signal_that_comes_while_one_is_looked_after_takes_no_time_back():
    sampler = Sampler()

    class Frame:
        f_lineno, f_back = 3, None

        @property
        def f_code(self):
            sampler.look(0, None)
            return SLOW_CODE

    sampler.look(0, Frame())

    assert sampler.samples == 1 and min(sampler.stacks.values()) >= 0


def test_each_input_is_timed(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    request = {"mode": "target", "module": "slow", "name": "outer", "seconds": 0.01, "timed": 1}

    found = watch(tmp_path, request, [pickle.dumps(((n,), {})) for n in (400, 1)])

    large, small = found.times
    assert large and small and small < large / 5


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("refuse", "raised an exception for every input"), ("leave", "SystemExit"), ("nowhere", "AttributeError")],
)
def test_what_cannot_be_watched_says_why(name, complaint, tmp_path):
    with pytest.raises(Unprofiled, match=complaint):
        target(tmp_path, name, (5,))


def test_a_test_run_shows_the_projects_functions(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "test_slow.py").write_text(
        "import unittest, slow\nclass T(unittest.TestCase):\n  def test_a(self): slow.outer(3000)\n"
    )

    found = watch(tmp_path, {"mode": "tests", "module": "unittest", "arguments": ["-v"]})

    first, *_ = hotspots.suggest(found, tmp_path)
    assert str(first.target) == "slow.py::leaf"


@pytest.mark.parametrize(
    ("command", "module", "arguments", "variables"),
    [
        ("python -m pytest -q", "pytest", ("-q",), {}),
        ("python3.12 -m unittest -v", "unittest", ("-v",), {}),
        ("pytest 'tests/a b' -x", "pytest", ("tests/a b", "-x"), {}),
        ("PYTHONPATH=src A= python -m pytest", "pytest", (), {"PYTHONPATH": "src", "A": ""}),
        ("env A=1 poetry run pytest -q", "pytest", ("-q",), {"A": "1"}),
        ("coverage run --branch -m pytest -k 'a or b'", "pytest", ("-k", "a or b"), {}),
        (".venv/bin/python -m coverage run -m pytest", "pytest", (), {}),
    ],
)
def test_test_commands_that_are_python_modules_are_understood(command, module, arguments, variables):
    assert profiler.module_run(command) == profiler.ModuleRun(module, arguments, variables)


@pytest.mark.parametrize(
    "command", ["make test", "python tests.py", "", "python -m", "bash -c 'pytest", "tox && pytest", "pytest $X"]
)
def test_other_test_commands_are_refused_with_the_cure(command):
    with pytest.raises(Unprofiled, match="the test command"):
        profiler.module_run(command)
