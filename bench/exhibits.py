"""The honest side of the museum: each exhibit is one file that holds a function before, the same after, and its inputs.

From one or several a tiny project is written, which the judge then meets like any other.
"""

import ast
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.project import written
from evaluation.judge import Judge
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import ENVIRONMENT, Environment
from sandbox.spec import Mount
from sandbox.tier import Sandbox

MUSEUM = Path(__file__).parents[1] / "tests" / "museum" / "honest"
PACKAGES = ("numpy", "pandas", "numba", "polars")  # what the exhibits outside `plain` import
_SECTIONS = re.compile(r"^# --- (before|after|inputs)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One honest change: what is faster and why it is the same, and the texts to show it with."""

    room: str  # the folder it lies in
    name: str  # of the file, and of the function
    why: str
    before: str
    after: str
    inputs: str

    @property
    def plain(self) -> bool:
        """Whether the standard library is all it needs."""
        return self.room == "plain"

    @property
    def target(self) -> Target:
        """The function, as a command names it."""
        return Target(f"{self.name}.py", self.name)


def read(path: Path) -> Exhibit:
    """An exhibit from its file."""
    text = path.read_text()
    _, _, before, _, after, _, inputs = _SECTIONS.split(text)
    return Exhibit(path.parent.name, path.stem, ast.get_docstring(ast.parse(text)) or "", before, after, inputs)


def _size(inputs: str) -> int:
    """The default of the generator's `n`: the size at which the exhibit is timed."""
    function = next(node for node in ast.parse(inputs).body if isinstance(node, ast.FunctionDef) and node.name == "inputs")
    return int(ast.literal_eval(function.args.defaults[-1]))


def all_of_them() -> list[Exhibit]:
    """Every exhibit, by room and name."""
    return [read(path) for path in sorted(MUSEUM.glob("*/*.py")) if path.name != "__init__.py"]


def bare(sandbox: Sandbox) -> Environment:
    """An environment with nothing but the standard library."""
    interpreter = sandbox.interpreter()
    return Environment("museum", interpreter.path, interpreter.mounts, {}, {"python": ".".join(map(str, interpreter.version))})


def furnished(sandbox: Sandbox, folder: Path) -> Environment | None:
    """An environment with numpy, pandas, numba and polars, made in `folder` unless it is there; None where no index answers."""
    interpreter = sandbox.interpreter()
    if not folder.exists():
        subprocess.run([interpreter.path, "-m", "venv", str(folder)], check=True, timeout=120)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", *PACKAGES]
    if subprocess.run(install, capture_output=True, timeout=600, check=False).returncode:
        return None
    mounts = (*interpreter.mounts, Mount(folder, ENVIRONMENT))
    return Environment("museum-furnished", f"{ENVIRONMENT}/bin/python", mounts, {}, bare(sandbox).versions)


@dataclass(frozen=True, slots=True)
class Hall:
    """Some exhibits in one project: its tree before and after all of them, and a judge."""

    judge: Judge
    candidate: Path
    changed: Mapping[str, bytes | None]

    def before(self, exhibit: Exhibit) -> Judge:
        """The judge, before one of them."""
        return replace(self.judge, target=exhibit.target)


def hang(shown: Sequence[Exhibit], sandbox: Sandbox, environment: Environment, place: Path) -> Hall:
    """Write a project with these exhibits below `place`."""
    base = written(place / "base", {**_frame(shown), **{one.target.path: one.before for one in shown}})
    after = {one.target.path: one.after for one in shown}
    candidate = written(place / "candidate", {**_frame(shown), **after})
    scratch = written(place / "scratch", {"empty": ""})
    place.chmod(0o755)
    judge = Judge(sandbox, environment, base, Project.load(base), shown[0].target, scratch, "museum")
    return Hall(judge, candidate, {path: text.encode() for path, text in after.items()})


def _frame(shown: Sequence[Exhibit]) -> dict[str, str]:
    """All files but the functions: settings, inputs, and a test that calls every function once."""
    checks = "\n".join(
        f"import {one.name}\nfrom benchmarks import {one.name}_inputs as made\n\n"
        f"args, kwargs = made.inputs(1)\n{one.name}.{one.name}(*args, **kwargs)\n"
        for one in shown
    )
    targets = "".join(
        f"  - {{function: {one.target}, inputs: benchmarks/{one.name}_inputs.py::inputs, sizes: {{n: [{_size(one.inputs)}]}}}}\n"
        for one in shown
    )
    settings = f"version: 1\ntests: {{command: python checks.py}}\ntargets:\n{targets}"
    return {".hasten.yml": settings, "checks.py": checks, **{f"benchmarks/{one.name}_inputs.py": one.inputs for one in shown}}
