"""A cheat is one file: a docstring that says what it does and why it must fail, then the files it changes, `m.py` first.

`# --- path` begins another file. `#ORIGINAL` stands for the project's own code with its function called `original`.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.museum import projects

LAST_LOOK = frozenset(
    f"guard.{name}" for name in ("timer", "gc", "identity", "drift", "growth", "fitted", "import", "files", "startup", "exit")
)
SLOW = "speed.not-worth"  # that there is no gain takes more than the three short processes of a first look to tell
FOLDER = Path(__file__).with_name("cheats")
_FIELD = re.compile(r"^(Source|Row|Project|Expected|Behind|Depth|Measured): (.+)$", re.MULTILINE)
_PART = re.compile(r"^# --- (\S+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Exhibit:
    """One cheat: `expected` are the codes it may be rejected with, `behind` those when nobody reads its code."""

    name: str
    sentence: str
    source: str
    rows: tuple[int, ...]
    project: str
    expected: frozenset[str]
    behind: frozenset[str]
    changed: Mapping[str, str]
    thorough: bool = False  # whether a first look compares on too few inputs to be sure of it
    measured: tuple[float, ...] = ()  # how many times faster it is at each size, if that is what gives it away

    @property
    def quiet(self) -> bool:
        """Whether its code shows nothing, so that only what it does gives it away."""
        return "quiet" in self.name

    @property
    def hostile(self) -> bool:
        """Whether it means to harm whoever runs it."""
        return self.name.startswith("hostile")

    @property
    def late(self) -> bool:
        """Whether only the last look at what would be accepted can see it; how fast it is does not matter then."""
        return self.quiet and self.expected <= LAST_LOOK

    @property
    def fast(self) -> bool:
        """Whether it fails before anything is timed."""
        early = all(code.startswith(("equivalence.", "tests.", "sandbox.")) for code in self.expected)
        return not self.thorough and SLOW not in self.expected and (early or not (self.quiet or self.hostile))

    @property
    def fast_behind(self) -> bool:
        """The same where nobody reads its code."""
        return SLOW not in self.behind


def all_of() -> tuple[Exhibit, ...]:
    """Every cheat of the museum, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.py")))


def _read(path: Path) -> Exhibit:
    text = path.read_text()
    docstring = ast.get_docstring(ast.parse(text.partition("\n# --- ")[0]))
    if docstring is None:
        raise ValueError(f"{path.name} does not say what it does")
    told = dict(_FIELD.findall(docstring))
    project = told.get("Project", "numbers")
    return Exhibit(
        path.stem,
        docstring.partition("\n")[0],
        told["Source"],
        tuple(int(number) for number in told["Row"].split(", ") if number.isdigit()),
        project,
        _codes(told["Expected"]),
        _codes(told.get("Behind", "")),
        _files(text, project),
        told.get("Depth") == "confirm",
        tuple(map(float, told.get("Measured", "").replace(",", " ").split())),
    )


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())


def _files(text: str, project: str) -> Mapping[str, str]:
    """What the cheat changes; without code of its own it leaves `m.py` alone."""
    body = text.split('"""', 2)[2].lstrip("\n")
    first, *rest = _PART.split(body)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    if first.strip():
        parts["m.py"] = first
    original = projects.files(project)["m.py"].replace("def work(", "def original(")
    return {path: part.replace("#ORIGINAL\n", original) for path, part in parts.items()}
