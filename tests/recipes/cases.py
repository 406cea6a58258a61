"""Examples: `cases/<recipe>/<name>.before.txt`, what becomes of it (`.after.txt`), and near-misses (`.misfit.txt`)."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("cases")
PACKAGES = {"numpy": "2", "pandas": "3", "numba": "0.6"}
_CALLS = "# calls\n"


@dataclass(frozen=True, slots=True)
class Case:
    """Code before, the function in it that is the target, and calls to try it with."""

    recipe: str
    name: str
    before: str
    target: str
    needs: str
    numeric: bool
    calls: str
    golden: Path

    @property
    def after(self) -> str:
        return self.golden.read_text()

    def job(self) -> dict[str, object]:
        """What the runner wants to know; the calls may use what the code imports."""
        imports = "\n".join(line for line in self.before.splitlines() if line.startswith("import "))
        calls = f"{imports}\n{self.calls}"
        head = {"name": f"{self.recipe}/{self.name}", "target": self.target, "numeric": self.numeric}
        return {**head, "before": self.before, "after": self.after, "calls": calls}


def cases(kind: str) -> list[Case]:
    return [_read(path) for path in sorted(FOLDER.glob(f"*/*.{kind}.txt"))]


def _read(path: Path) -> Case:
    text, _, calls = path.read_text().partition(_CALLS)
    notes = [line for line in text.splitlines() if line.startswith("# ")][:3]
    known = dict(line.removeprefix("# ").split(": ", 1) for line in notes if ": " in line)
    name = path.name.split(".")[0]
    source = "\n".join(line for line in text.splitlines() if line not in notes or line.split(":")[0] not in _HEADERS) + "\n"
    golden = path.with_name(f"{name}.after.txt")
    return Case(path.parent.name, name, source, known["target"], known.get("needs", ""), "# numeric" in notes, calls, golden)


_HEADERS = ("# target", "# needs", "# numeric")
