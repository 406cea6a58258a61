"""The example project of our benches and tests: a pure-Python function of a millisecond or so, and a judge for it."""

from collections.abc import Mapping
from pathlib import Path

from evaluation.judge import Judge
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.tier import Sandbox

BASE = """
def work(seed):
    total = 0
    for repeat in range(13):
        total = seed
        for _ in range(800):
            total = (total * 1103515245 + 12345) % 2147483648
    return total
"""
FASTER = BASE.replace("range(13)", "range(10)")
FILES = {
    ".hasten.yml": (
        "version: 1\ntests: {command: python checks.py}\n"
        "targets:\n  - {function: m.py::work, inputs: benchmarks/inputs.py::seeds, sizes: {n: [1]}}\n"
    ),
    "benchmarks/inputs.py": "from random import Random\n\ndef seeds(seed, n):\n    return (Random(seed).getrandbits(31),), {}\n",
    "checks.py": "from m import work\n\nassert isinstance(work(3), int)\n",
    "m.py": BASE,
}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """A tree with these files, readable by the sandbox's user."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def judge_for(place: Path, sandbox: Sandbox) -> Judge:
    """A judge over the example project in a fresh folder."""
    interpreter = sandbox.interpreter()
    version = ".".join(map(str, interpreter.version))
    environment = Environment("bench", interpreter.path, interpreter.mounts, {}, {"python": version})
    base = written(place / "base", FILES)
    return Judge(sandbox, environment, base, Project.load(base), Target.parse("m.py::work"), place, "bench")
