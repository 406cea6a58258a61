"""The small projects that the museum's cheats pretend to speed up, and judges for them in real sandboxes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.project import written
from evaluation.judge import Baseline, Judge
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import TOOLS, Environment
from sandbox.spec import Mount
from sandbox.tier import Sandbox

NUMBERS = '''
def work(seed):
    """Step a generator of numbers many times, from the start again and again; the last number counts."""
    total = 0
    for repeat in range(13):
        total = seed
        for _ in range(300):
            total = (total * 1103515245 + 12345) % 2147483648
    return total
'''
ROWS = '''
import logging

log = logging.getLogger("shop")


def work(rows):
    """Check rows, sort them by price (ties as they came), mark each as seen; totals by name in order of appearance."""
    for row in rows:
        if not isinstance(row["price"], int) or isinstance(row["price"], bool) or row["price"] < 0:
            raise ValueError(f"bad price {row['price']!r}")
    rows.sort(key=lambda row: row["price"])
    totals = {}
    for row in rows:
        row["seen"] = True
        if row["name"] not in [name for name in totals]:
            totals[row["name"]] = 0
        totals[row["name"]] = totals[row["name"]] + row["price"]
    if not totals:
        log.warning("no rows")
    return totals
'''
FLOATS = '''
import math


def work(values):
    """The sample variance, by two passes of exact sums."""
    if len(values) < 2:
        raise ValueError("a variance needs two values")
    mean = math.fsum(values) / len(values)
    return math.fsum([(value - mean) ** 2 for value in values]) / (len(values) - 1)
'''
WORDS = '''
def work(words):
    """The different words, how often each comes, and words by their first letter, in whatever order their sets have."""
    seen, counts, groups = set(), {}, {}
    for word in words:
        for _ in range(4):
            seen.add(word.lower())
        counts[word.lower()] = counts.get(word.lower(), 0) + 1
        groups.setdefault(word[:1], set()).add(word)
    names = list(seen)
    return names, [counts[name] for name in names], {first: list(group) for first, group in groups.items()}
'''
WAITS = '''
import time


def work(seed):
    """Wait for an answer from elsewhere, twice, then make something of it."""
    time.sleep(0.004)
    time.sleep(0.002)
    return seed * 3 + 1
'''
PAIRS = '''
def work(values):
    """The places of two values that are as near to each other as any two are; which two, where there are several, is open."""
    best = None
    for one in range(len(values)):
        for other in range(one):
            gap = abs(values[one] - values[other])
            if best is None or gap < best[0]:
                best = (gap, other, one)
    return best and best[1:]
'''
NEAREST = '''
def work(values):
    """The places of two values that are as near to each other as any two are; which two, where there are several, is open."""
    order = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    gaps = [(values[one] - values[other], other, one) for one, other in zip(order, order[1:])]
    return min(gaps)[1:] if gaps else None
'''
SURVEY = '''
import random


def work(tag, count):
    """How many of some points, drawn anew, lie in a circle; that somebody asked is written down."""
    inside = 0
    for _ in range(count):
        x, y = random.random(), random.random()
        for _ in range(6):
            near = (x * x + y * y) ** 0.5 <= 1.0
        inside += near
    with open("/tmp/surveys.log", "a") as log:
        log.write(f"{tag} {count}\\n")
    return inside
'''
HONEST = {  # the same, faster, by nothing but better code
    "numbers": NUMBERS.replace("range(13)", "range(2)"),
    "rows": ROWS.replace("[name for name in totals]", "totals"),
    "floats": FLOATS.replace("    mean = math.fsum(", "    fsum = math.fsum\n    mean = fsum(").replace(
        "return math.f", "return f"
    ),
    "words": WORDS.replace("range(4)", "range(1)"),
    "waits": WAITS.replace("    time.sleep(0.002)\n", ""),
    "pairs": NEAREST,
    "survey": SURVEY.replace("range(6)", "range(1)"),
}
_INPUTS = {
    "numbers": "def make(seed, n):\n    return (Random(seed).getrandbits(31),), {}\n",
    "rows": (
        "def make(seed, n):\n    random = Random(seed)\n"
        "    rows = [{'name': f'item {random.randrange(1 + n // 3)}', 'price': random.randrange(n)} for _ in range(n)]\n"
        "    return (rows,), {}\n"
    ),
    "floats": (
        "def make(seed, n):\n    random = Random(seed)\n    base = random.choice([0.0, 1e3, 1e6])\n"
        "    return ([base + random.gauss(0, 1) for _ in range(n)],), {}\n"
    ),
    "words": "def make(seed, n):\n    random = Random(seed)\n"
    "    return ([f'{chr(65 + random.randrange(58))}{random.randrange(9)}' for _ in range(n)],), {}\n",
    "waits": "def make(seed, n):\n    return (Random(seed).getrandbits(31),), {}\n",
    "pairs": (
        "def make(seed, n):\n    random = Random(seed)\n    return ([random.randrange(n * n) for _ in range(n)],), {}\n\n\n"
        "def accept(args, kwargs, result):\n    (values,) = args\n    if len(values) < 2 or not isinstance(result, tuple):\n"
        "        return len(values) < 2 and result is None\n"
        "    ordered = sorted(values)\n    least = min(after - before for before, after in zip(ordered, ordered[1:]))\n"
        "    return result[0] != result[1] and abs(values[result[0]] - values[result[1]]) == least\n"
    ),
    "survey": "def make(seed, n):\n    return (Random(seed).getrandbits(31), n), {}\n",
}
_TESTS = {
    "numbers": "from m import work\n\nassert isinstance(work(3), int)\n",
    "rows": (
        "from m import work\n\n\ndef test_totals():\n"
        "    assert work([{'name': 'a', 'price': 2}, {'name': 'b', 'price': 1}]) == {'b': 1, 'a': 2}\n\n\n"
        "def test_empty():\n    assert work([]) == {}\n"
    ),
    "floats": "from m import work\n\nassert work([1.0, 3.0]) == 2.0\n",
    "words": (
        "from m import work\n\nnames, counts, groups = work(['a', 'B', 'b'])\n"
        "assert (sorted(names), sorted(counts)) == (['a', 'b'], [1, 2])\n"
    ),
    "waits": "from m import work\n\nassert work(2) == 7\n",
    "pairs": "from m import work\n\nassert sorted(work([5, 1, 4])) == [0, 2]\n",
    "survey": "from m import work\n\nassert 0 <= work(1, 10) <= 10\n",
}
_SIZES = {"numbers": "1", "rows": "150", "floats": "400", "words": "300", "waits": "1", "pairs": "24, 50", "survey": "300"}
_SOURCES = {
    "numbers": NUMBERS, "rows": ROWS, "floats": FLOATS, "words": WORDS, "waits": WAITS, "pairs": PAIRS, "survey": SURVEY
}  # fmt: skip
_EQUIVALENCE = {"pairs": ", equivalence: {check: benchmarks/inputs.py::accept}"}
NAMES = tuple(_SOURCES)


def files(name: str) -> Mapping[str, str]:
    """A project's files; `rows` is tested with pytest, the others by a script."""
    command, tests = (
        ("python -m pytest -q", "tests/test_m.py") if name == "rows" else ("python tests/checks.py", "tests/checks.py")
    )
    path = "import sys\n\nsys.path.insert(0, '.')\n" if name != "rows" else ""
    return {
        ".hasten.yml": (
            f"version: 1\ntests: {{command: {command}}}\ntargets:\n"
            f"  - {{function: m.py::work, inputs: benchmarks/inputs.py::make, sizes: {{n: [{_SIZES[name]}]}}"
            f"{_EQUIVALENCE.get(name, '')}}}\n"
        ),
        "benchmarks/inputs.py": f"from random import Random\n\n\n{_INPUTS[name]}",
        tests: path + _TESTS[name],
        "m.py": _SOURCES[name],
    }


@dataclass(frozen=True)
class Site:
    """A judge over one project, and what it knows of it before any change."""

    name: str
    judge: Judge
    baseline: Baseline

    def tree(self, name: str, changed: Mapping[str, str]) -> Path:
        """The project with some files changed, as a tree of its own."""
        return written(self.judge.scratch / name, {**files(self.name), **changed})


def opened(name: str, place: Path, sandbox: Sandbox) -> Site:
    """A project's site in a folder that the sandbox's user can read."""
    interpreter = sandbox.interpreter()
    version = ".".join(map(str, interpreter.version))
    environment = Environment("museum", interpreter.path, interpreter.mounts, {}, {"python": version})
    base = written(place / "base", files(name))
    tools = Mount(Path(pytest.__file__).parents[1], TOOLS)
    owner = f"museum-{name}-{os.getpid()}"
    judge = Judge(sandbox, environment, base, Project.load(base), Target.parse("m.py::work"), place, owner, tools=tools)
    return Site(name, judge, judge.baseline())


def settings(name: str) -> Project:
    """What a project's `.hasten.yml` says."""
    return Project.parse(files(name)[".hasten.yml"])
