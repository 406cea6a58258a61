"""What the agent `recipes` alone gains on the exercises of `tests/exercises`: search and confirmation by the whole judge, live.

    python -m bench.exercises [--record FILE] [--minutes N] [NAME ...]

Goes on until each exercise has a line in the record, or for so many minutes, then prints the table of those that have one.

An exercise without a proven gain counts as 1.00x, since nothing would be merged. Ratios carry the judge's 98.8 % intervals, a
weighted mean over the sizes of the project; the interval of the geometric mean takes the exercises as independent. A line of the
record counts as long as neither the exercise, nor a recipe, nor the search, nor the judge has changed.
"""

import argparse
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.store import CandidateRow, Store
from evaluation.machine import hardware
from tests.exercises.exercises import FOLDER, Exercise, all_of_them

RECORD = Path(".bench") / "exercises.jsonl"
WRONG = ("tests.", "equivalence.", "guard.")  # codes of a change that does not do the same
ROOT = Path(__file__).parents[1]
DECIDES = ("bot/agents/recipes", "bot/editor", "bot/selection", "bot/search.py", "bot/proposals.py", "evaluation", "sandbox")
LONGEST_S = 900.0


@dataclass(frozen=True)
class Row:
    """One line of the record."""

    name: str
    version: str  # of everything that decides about it
    outcome: str
    ratio: float
    low: float
    high: float
    ingredients: list[str]
    tried: int
    broken: list[str]
    clock: str
    processes: int
    seconds: float
    load: float

    def text(self) -> str:
        """A line of the table."""
        figure = f"{self.ratio:6.2f}x [{self.low:.2f}, {self.high:.2f}]"
        how = f"{self.clock} clock, {self.processes} processes, " if self.processes else ""
        made = "+".join(self.ingredients) or "nothing proven"
        cost = f"{how}{self.tried} tried, {self.seconds:.0f} s, load {self.load:.1f}"
        broken = f"  BROKEN: {'; '.join(self.broken)}" if self.broken else ""
        return f"exercises: {self.name:12} {figure:26} {made:24} {cost}{broken}"


class Unjudged(Exception):
    """The judge gave no answer, which says something of the host and nothing of the exercise."""


def searched(exercise: Exercise, data: Path) -> Row:
    """One exercise through `hasten optimize`, in a checkout of its own."""
    with tempfile.TemporaryDirectory() as folder:
        checkout, out, began = planted(exercise, Path(folder)), Path(folder) / "card.json", time.monotonic()
        command = [sys.executable, "-m", "bot", "optimize", str(checkout), "--target", str(exercise.target), "--agent", "recipes"]
        done = subprocess.run(
            [*command, "--json", str(out)],
            capture_output=True, text=True, check=False, timeout=LONGEST_S, env={**os.environ, "HASTEN_DATA": str(data)},
        )  # fmt: skip
        if done.returncode not in (0, 1):
            raise Unjudged(f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1]}")
        card = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
        return row(exercise, card, candidates(data, checkout), time.monotonic() - began)


def planted(exercise: Exercise, folder: Path) -> Path:
    """The exercise as a git checkout of one commit."""
    place = folder / exercise.name
    shutil.copytree(exercise.folder, place, ignore=shutil.ignore_patterns("__pycache__"))
    git = ("git", "-C", str(place), "-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false")
    for command in (("init", "-q", "--template="), ("add", "-A"), ("commit", "-q", "-m", f"Add {exercise.name}")):
        subprocess.run([*git, *command], check=True)
    return place


def candidates(data: Path, checkout: Path) -> list[CandidateRow]:
    """Everything that was judged in a checkout."""
    store = Store.open(data)
    try:
        return [row for run in store.runs_of_project(str(checkout)) for row in store.candidates(run.id) if row.outcome]
    finally:
        store.close()


def row(exercise: Exercise, card: Mapping[str, Any], tried: Sequence[CandidateRow], seconds: float) -> Row:
    """The record of a search; without a proven gain nothing changes, which is a ratio of one."""
    proven = card.get("outcome") == "accepted"
    speed = card["speedup"] if proven else {"ratio": 1.0, "low": 1.0, "high": 1.0}
    winner = next((one for one in tried if one.outcome == "accepted"), None)
    wrong = [f"{'+'.join(one.ingredients)}: {reason['code']}" for one in tried for reason in one.reasons
             if reason["code"].startswith(WRONG)]  # fmt: skip
    return Row(
        exercise.name, version(exercise), "accepted" if proven else "nothing proven",
        speed["ratio"], speed["low"], speed["high"], list(winner.ingredients) if winner else [], len(tried), wrong,
        card.get("clock") or "", card.get("processes") or 0, round(seconds, 1), round(os.getloadavg()[0], 1),
    )  # fmt: skip


def version(exercise: Exercise) -> str:
    """Changes whenever the exercise, a recipe, the search or the judge does: what lies there, and under which names."""
    places = (exercise.folder, *(ROOT / each for each in DECIDES))
    told = [found for place in places for found in contents(place)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def contents(place: Path) -> list[tuple[str, str]]:
    """Each file of a folder (or the one that it is) by its name within, with its digest, less what running it leaves behind."""
    found = [place] if place.is_file() else [each for each in place.rglob("*") if each.is_file()]
    kept = [each for each in found if "__pycache__" not in each.parts]
    return sorted((str(each.relative_to(place.parent)), hashlib.sha256(each.read_bytes()).hexdigest()) for each in kept)


def read(record: Path) -> dict[str, Row]:
    """What the record says of each exercise, the last line counting."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return {one.name: one for one in (Row(**json.loads(line)) for line in lines)}


def geometric(rows: Iterable[Row]) -> tuple[float, float, float]:
    """The geometric mean of the ratios with its interval."""
    seen = list(rows)
    middle = sum(math.log(one.ratio) for one in seen) / len(seen)
    half = math.hypot(*(math.log(one.high / one.low) / 2 for one in seen)) / len(seen)
    return math.exp(middle), math.exp(middle - half), math.exp(middle + half)


def table(rows: Sequence[Row]) -> None:
    """Print what is known."""
    print(f"exercises: {hardware.fingerprint().line()}")
    for one in rows:
        print(one.text())
    if rows:
        mean, low, high = geometric(rows)
        broken = sum(bool(one.broken) for one in rows)
        proven = sum(one.outcome == "accepted" for one in rows)
        told = f"{len(rows)} exercises, {proven} with a proven gain, {broken} with a broken proposal"
        print(f"exercises: {told}; geometric mean {mean:.2f}x [{low:.2f}, {high:.2f}]")


def main() -> None:
    """Fill the record and print it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", help=f"exercises below {FOLDER.name}; none: all")
    options.add_argument("--record", type=Path, default=RECORD)
    options.add_argument("--minutes", type=float, default=math.inf, help="start no search after so long; 0: only print the table")
    asked = options.parse_args()
    wanted = [one for one in all_of_them() if not asked.names or one.name in asked.names]
    asked.record.parent.mkdir(parents=True, exist_ok=True)
    fill(wanted, asked.record, time.monotonic() + 60 * asked.minutes)
    held = valid(wanted, asked.record)
    table([held[one.name] for one in wanted if one.name in held])
    if missing := [one.name for one in wanted if one.name not in held]:
        print(f"exercises: not searched yet: {', '.join(missing)}; call again to go on")


def valid(wanted: Sequence[Exercise], record: Path) -> dict[str, Row]:
    """The lines of the record that still hold."""
    now = {one.name: version(one) for one in wanted}
    return {name: one for name, one in read(record).items() if one.version == now.get(name)}


def fill(wanted: Sequence[Exercise], record: Path, until: float) -> None:
    """Search every exercise that the record has no valid line of."""
    held = valid(wanted, record)
    for exercise in wanted:
        if exercise.name in held or time.monotonic() >= until:
            continue
        try:
            found = searched(exercise, (record.parent / "exercises").resolve())
        except Unjudged as error:
            print(f"  exercises: {exercise.name:12} not judged: {error}", file=sys.stderr, flush=True)
            continue
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(found)) + "\n")
        print(f"  {found.text()}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
