"""Whether honest changes win: every exhibit of the museum through the whole judge, as a table.

    python -m bench.museum --environment FOLDER [--record FILE] [--most N] [--quick] [NAME ...]

Names are exhibits or rooms (`plain`, `arrays`, `frames`, `compiled`). With a record, what stands in it is not run again.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import exhibits
from bench.exhibits import Exhibit
from evaluation.judge import CannotJudge, Depth
from evaluation.machine import hardware
from evaluation.scorecard import Scorecard
from sandbox.bubblewrap import Bubblewrap
from sandbox.environment import Environment


@dataclass(frozen=True, slots=True)
class Row:
    """One exhibit's answer."""

    name: str
    outcome: str
    reasons: tuple[str, ...]
    ratio: tuple[float, float, float] | None  # and its interval
    seconds: float

    def text(self) -> str:
        """A line of the table."""
        figure = "{:8.2f} [{:.2f}, {:.2f}]".format(*self.ratio) if self.ratio else "no figure"
        return f"{self.name:28} {self.outcome:12} {figure:28} {self.seconds:6.1f} s  {'; '.join(self.reasons)}"


def judged(exhibit: Exhibit, sandbox: Bubblewrap, environment: Environment, place: Path, depth: Depth) -> Row:
    """One exhibit through the whole judge."""
    name = f"{exhibit.room}/{exhibit.name}"
    hall = exhibits.hang([exhibit], sandbox, environment, place / name)
    try:
        card = hall.judge.evaluate(hall.candidate, hall.changed, hall.judge.baseline(), depth=depth)
    except CannotJudge as error:
        return Row(name, "unjudged", (f"{error.code}: {error}",), None, 0.0)
    return row(name, card)


def row(name: str, card: Scorecard) -> Row:
    """What the table says of a scorecard."""
    stated = card.speedup
    ratio = (stated.ratio, stated.low, stated.high) if stated else None
    reasons = () if card.outcome == "accepted" else tuple(f"{each.code}: {each.text}" for each in card.reasons)
    return Row(name, str(card.outcome), reasons, ratio, card.seconds)


def recorded(file: Path | None) -> dict[str, Row]:
    """The rows of an earlier run."""
    lines = file.read_text().splitlines() if file and file.exists() else []
    rows = [json.loads(line) for line in lines]
    return {each["name"]: Row(each["name"], each["outcome"], tuple(each["reasons"]),
                              tuple(each["ratio"]) if each["ratio"] else None, each["seconds"]) for each in rows}  # fmt: skip


def keep(file: Path | None, one: Row) -> None:
    """Write a row down."""
    if file:
        with file.open("a") as lines:
            lines.write(json.dumps({name: getattr(one, name) for name in Row.__slots__}) + "\n")


def chosen(names: Sequence[str], most: int | None) -> list[Exhibit]:
    """The exhibits asked for."""
    return [one for one in exhibits.all_of_them() if not names or {one.name, one.room} & set(names)][:most]


def run(asked: Sequence[Exhibit], environment: Path | None, record: Path | None, depth: Depth) -> list[Row]:
    """Rows of all exhibits, earlier ones from the record."""
    rows, sandbox = recorded(record), Bubblewrap()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        furnished = None
        for one in asked:
            name = f"{one.room}/{one.name}"
            if name not in rows:
                if not one.plain:
                    furnished = furnished or exhibits.furnished(sandbox, environment or place / "env")
                rows[name] = judged(
                    one, sandbox, exhibits.bare(sandbox) if one.plain else furnished or sys.exit(_NONE), place, depth
                )
                keep(record, rows[name])
            print(rows[name].text(), flush=True)
    return [rows[f"{one.room}/{one.name}"] for one in asked]


_NONE = "numpy, pandas, numba and polars could not be installed: no package index answers"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--environment", type=Path, help="a venv with numpy, pandas, numba and polars; made there if missing")
    options.add_argument("--record", type=Path, help="a file of earlier rows, which new ones are added to")
    options.add_argument("--most", type=int, metavar="N")
    options.add_argument("--quick", action="store_true", help="a first look only: no answer can be `accepted`")
    asked = options.parse_args()
    depth = Depth.QUICK if asked.quick else Depth.CONFIRM
    rows = run(chosen(asked.names, asked.most), asked.environment, asked.record, depth)
    print(f"museum: {hardware.fingerprint().line()} · load {os.getloadavg()[0]:.1f}")
    outcomes = Counter(each.outcome for each in rows)
    print(f"{len(rows)} honest changes: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))


if __name__ == "__main__":
    main()
