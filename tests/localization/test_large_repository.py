"""A repository of 5,000 files whose hot function lies three imports below what its tests call."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.localization import hotspots, outline, profile, profiler
from bot.localization.context import TOKENS, pack
from bot.localization.map import Map
from evaluation.target import Target
from tests.localization.projects import plant

pytestmark = pytest.mark.slow
WATCH = Path(profiler.__file__).parent / "probe" / "watch.py"
DEEP = {
    "pkg/api.py": "from pkg.service import serve\n\ndef answer(n):\n    return serve(n)\n",
    "pkg/service.py": "from pkg.engine.core import compute\n\ndef serve(n):\n    return compute(n) + 1\n",
    "pkg/engine/core.py": """
from pkg.engine.tables import LIMIT, Row
from pkg.engine.keys import key_of

def compute(n):
    rows = [Row(i) for i in range(n)]
    return distances(rows)

def distances(rows: list[Row]):
    found = 0
    for one in rows:
        for other in rows:
            if abs(one.value - other.value) % 7 < 3:
                found += one.value
    return key_of(found) % LIMIT
""",
    "pkg/engine/tables.py": "LIMIT = 1000\n\nclass Row:\n    def __init__(self, value):\n        self.value = value\n",
    "pkg/engine/keys.py": "def key_of(x):\n    return hash(x)\n",
    "tests/test_api.py": """
import unittest
from pkg.api import answer

class Answers(unittest.TestCase):
    def test_answer(self):
        self.assertEqual(answer(400), answer(400))
""",
}


def common(number: int) -> str:
    return f'''"""Module {number}."""
from pkg.gen.m{(number + 1) % 4990} import step as following

class Thing{number}:
    def distances(self, rows):
        return [row for row in rows if row]

def step(x, depth=0):
    return following(x, depth + 1) if depth < {number % 3} else compute_{number}(x)

def compute_{number}(x):
    return Thing{number}().distances([x])
'''


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    tree = plant(tmp_path_factory.mktemp("large"), DEEP)
    for folder in ("pkg", "pkg/engine", "pkg/gen", "tests"):
        (tree / folder).mkdir(exist_ok=True)
        (tree / folder / "__init__.py").touch()
    plant(tree, {f"pkg/gen/m{number}.py": common(number) for number in range(4990)})
    return tree


def watched(tree: Path) -> profile.Profile:
    request = {"mode": "tests", "module": "unittest", "arguments": ["tests.test_api"], "roots": [str(tree)], "tree": str(tree)}
    done = subprocess.run(
        (sys.executable, str(WATCH)),
        input=json.dumps({**request, "sizes": []}).encode() + b"\n",
        capture_output=True,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tree,
        timeout=120,
    )
    return profile.read(done.stdout)


def test_the_hot_function_ranks_first_and_its_context_holds_its_helpers(repository):
    first, *_ = hotspots.suggest(watched(repository), repository)
    project = Map.of(repository)
    context = pack(project, first.target)

    assert str(first.target) == "pkg/engine/core.py::distances"
    assert len(project.files) == 5000 and context.tokens <= TOKENS
    assert {
        "pkg/engine/core.py",
        "pkg/engine/keys.py::key_of",
        "pkg/engine/tables.py::Row",
        "pkg/engine/tables.py::LIMIT",
    } <= {str(piece) for piece in context.pieces}


def test_a_mistyped_name_is_found_again(repository):
    near = outline.nearest(Target("pkg/core.py", "distancez"), repository)

    assert str(near[0]) == "pkg/engine/core.py::distances"


def test_the_test_that_leads_there_is_found_from_the_top(repository):
    project = Map.of(repository)
    context = pack(project, Target("pkg/api.py", "answer"))

    shown = {str(piece) for piece in context.pieces}
    assert {"tests/test_api.py::Answers.test_answer", "pkg/engine/core.py::distances", "pkg/engine/keys.py::key_of"} <= shown
    assert len(project.known) < 20  # of 5000
