"""How many of the pairs of values that other comparators got wrong ours decides right: under numeric, strict, and relaxed.

The values are made and written down by an interpreter that has pandas and come here as plain data, as out of a sandbox.
"""

import argparse
import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.pairs import EQUAL, MEASUREMENT, PAIRS, PEERS, Pair
from evaluation.compare.comparison import compare
from evaluation.compare.plain import Value
from evaluation.policy import Level, Policy, Relaxation

SECONDS = 300
Codes = frozenset[str]


@dataclass(frozen=True)
class Decision:
    """What ours says about one pair."""

    pair: Pair
    numeric: Codes
    strict: Codes
    relaxed: Codes

    @property
    def right(self) -> bool:
        """Whether all three answers are the right ones."""
        plain = _right(self.pair.numeric, self.numeric) and _right(self.pair.strict, self.strict)
        return plain and (not self.pair.relaxed or not self.relaxed)


def _right(wanted: str, found: Codes) -> bool:
    return not found if wanted == EQUAL else wanted in found


def decisions(python: Path) -> list[Decision]:
    """Every pair, made by an interpreter that has pandas and decided here."""
    values = values_of(python)
    return [decide(pair, *values[pair.name]) for pair in PAIRS]


def decide(pair: Pair, expected: Value, actual: Value) -> Decision:
    """What ours says about two values that a pair stands for."""
    relaxed = Policy().relax(*map(Relaxation, pair.relaxed))
    policies = (Policy(), Policy(Level.STRICT), relaxed)
    return Decision(pair, *(_codes(expected, actual, policy) for policy in policies))


def _codes(expected: Value, actual: Value, policy: Policy) -> Codes:
    return frozenset(each.code.removeprefix("equivalence.") for each in compare(expected, actual, policy))


def values_of(python: Path) -> Mapping[str, tuple[Value, Value]]:
    """Both values of every pair, by its name."""
    program = Path(__file__).with_name("pairs.py")
    done = subprocess.run([str(python), "-B", str(program)], capture_output=True, text=True, check=True, timeout=SECONDS)
    return {name: (_read(*expected), _read(*actual)) for name, expected, actual in map(json.loads, done.stdout.splitlines())}


def _read(tree: Any, buffers: list[str]) -> Value:
    return Value.read(tree, [base64.b64decode(buffer) for buffer in buffers])


def table(found: list[Decision]) -> Iterator[str]:
    """The decisions as Markdown, the counts below."""
    yield "| pair | numeric | strict | relaxed | right |\n|---|---|---|---|---|"
    for each in found:
        relaxed = f"{_said(each.relaxed)} ({', '.join(each.pair.relaxed)})" if each.pair.relaxed else "–"
        right = "yes" if each.right else f"NO, {each.pair.numeric or 'equal'} / {each.pair.strict or 'equal'}"
        yield f"| {each.pair.name} | {_said(each.numeric)} | {_said(each.strict)} | {relaxed} | {right} |"
    yield ""
    for source in (MEASUREMENT, PEERS):
        of_it = [each for each in found if each.pair.source == source]
        yield f"{source}: {sum(each.right for each in of_it)} of {len(of_it)} decided right"


def _said(codes: Codes) -> str:
    return ", ".join(sorted(codes)) or "equal"


def environment(folder: Path) -> Path:
    """An interpreter with pandas in an environment of its own; ours has none."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=SECONDS)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "pandas"], check=True, timeout=SECONDS)
    return python


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, help="an interpreter with numpy and pandas; without it one is made")
    chosen = parser.parse_args().python
    with tempfile.TemporaryDirectory(prefix="comparator-") as folder:
        found = decisions(chosen or environment(Path(folder) / "env"))
    print("\n".join(table(found)))
    return 0 if all(each.right for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
