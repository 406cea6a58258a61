"""The honest side of the museum: each exhibit is one file that holds a function before, the same after, and its inputs.

From a file a tiny project is written, which the judge then meets like any other.
"""

import ast
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.judge import written
from evaluation.judge import Judge
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import ENVIRONMENT, Environment
from sandbox.spec import Mount
from sandbox.tier import Sandbox

MUSEUM = Path(__file__).parents[1] / "tests" / "museum" / "honest"
PACKAGES = ("numpy", "pandas", "numba")  # what the exhibits outside `plain` import
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

    def files(self, text: str) -> Mapping[str, str]:
        """The project with this text of the function."""
        target = f"function: {self.target}, inputs: benchmarks/inputs.py::inputs, sizes: {{n: [{_size(self.inputs)}]}}"
        return {
            ".hasten.yml": f"version: 1\ntests: {{command: python checks.py}}\ntargets:\n  - {{{target}}}\n",
            "benchmarks/inputs.py": self.inputs,
            "checks.py": f"import {self.name}\nfrom benchmarks.inputs import inputs\n\n"
            f"args, kwargs = inputs(1)\n{self.name}.{self.name}(*args, **kwargs)\n",
            self.target.path: text,
        }


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
    """An environment with numpy, pandas and numba, made in `folder` unless it is there; None where no index answers."""
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
class Shown:
    """An exhibit written down in two trees, and a judge before it."""

    judge: Judge
    candidate: Path
    changed: Mapping[str, bytes | None]


def show(exhibit: Exhibit, sandbox: Sandbox, environment: Environment, place: Path) -> Shown:
    """Write an exhibit's two trees below `place`."""
    folder = place / f"{exhibit.room}-{exhibit.name}"
    base = written(folder / "base", exhibit.files(exhibit.before))
    candidate = written(folder / "candidate", exhibit.files(exhibit.after))
    scratch = written(folder / "scratch", {"empty": ""})
    folder.chmod(0o755)
    judge = Judge(sandbox, environment, base, Project.load(base), exhibit.target, scratch, "museum")
    return Shown(judge, candidate, {exhibit.target.path: exhibit.after.encode()})
