"""How often the judge is right: the same code with other names must not be accepted, a really 1.3x faster one must be.

Each run is one whole evaluation (guards, tests, equivalence, speed) of a millisecond-scale pure-Python function in real
sandboxes, with one busy neighbour process unless told otherwise. Proportions carry exact 95 % binomial intervals.
"""

import argparse
import itertools
import math
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import truth
from bench.neighbour import neighbour
from bench.project import BASE, FASTER, FILES, judge_for, written
from bench.proportion import proportion
from evaluation.judge import Baseline, Depth, Judge
from evaluation.machine import hardware
from evaluation.scorecard import Outcome, Scorecard
from sandbox.bubblewrap import Bubblewrap

TRUTH = 1.3
CANDIDATES = {  # what it is -> its text
    "same code, other names": BASE.replace("total", "state").replace("repeat", "turn"),
    f"really {TRUTH}x faster": FASTER,
}


@dataclass
class Stages:
    """How long each stage of one evaluation took, by the words it announces itself with."""

    began: list[tuple[float, str]] = field(default_factory=list)

    def step(self, text: str) -> None:
        """A stage begins."""
        self.began.append((time.monotonic(), re.sub(r"^confirming: | \d+ of \d+$", "", text)))

    def take(self) -> dict[str, float]:
        """Seconds by stage since last asked."""
        seconds: dict[str, float] = {}
        for (start, name), (end, _) in itertools.pairwise([*self.began, (time.monotonic(), "")]):
            seconds[name] = seconds.get(name, 0.0) + end - start
        self.began.clear()
        return seconds


@dataclass(frozen=True)
class Row:
    """All evaluations of one candidate."""

    name: str
    cards: list[Scorecard]

    def print(self) -> None:
        """One line of the table, and one of what it cost."""
        count = len(self.cards)
        accepted = sum(card.outcome is Outcome.ACCEPTED for card in self.cards)
        truth = TRUTH if "faster" in self.name else 1.0
        stated = [card.speedup for card in self.cards if card.speedup is not None]
        covered = sum(one.low <= truth <= one.high for one in stated)
        seconds = sorted(card.seconds for card in self.cards)
        looks = statistics.mean(card.processes for card in self.cards)
        clocks = "/".join(sorted({card.clock or "none" for card in self.cards}))
        print(f"{self.name:24} accepted {proportion(accepted, count)}   truth in interval {proportion(covered, len(stated))}")
        cost = f"{statistics.median(seconds):.1f} s median, {seconds[-1]:.1f} s longest"
        ratios = [math.log(one.ratio) for one in stated]
        halves = [math.log(one.high / one.low) / 2 for one in stated]
        print(f"{'':24} {cost}, {looks:.1f} processes, clock {clocks}")
        if len(stated) > 1:
            centre, apart, half = statistics.mean(ratios), statistics.stdev(ratios), statistics.median(halves)
            print(
                f"{'':24} ratios {math.exp(centre):.4f} on average, SD {apart:.2%}; median half-width of the intervals {half:.2%}"
            )


def told(card: Scorecard, stages: Mapping[str, float]) -> str:
    """One evaluation in a line: the answer, the interval, how far its processes are apart, and where the time went."""
    stated = card.speedup
    figures = f"{stated.ratio:.4f} [{stated.low:.4f}, {stated.high:.4f}]" if stated else "no figure"
    gains = [row[0] for row in card.samples.get(card.clock or "cpu", {}).get("gain", []) if row[0] is not None]
    apart = statistics.stdev(gains) if len(gains) > 1 else math.nan
    off = statistics.mean(gains) - math.log(stated.ratio) if stated and gains else math.nan
    spent = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items() if seconds >= 0.05)
    answer = f"{card.outcome} {[reason.code for reason in card.reasons]} {figures}"
    spread = f"SD {apart:.2%} over {card.processes} processes, {off:.2%} taken off by separate processes"
    return f"{answer}, {spread}, {card.seconds:.1f} s ({spent})"


def evaluations(judge: Judge, place: Path, runs: int) -> list[Row]:
    """Evaluate the candidates in turn, so that the host's moods hit both alike."""
    stages = Stages()
    judge = replace(judge, progress=stages.step)
    baseline: Baseline = judge.baseline()
    trees = {
        name: written(place / f"candidate-{at}", {**FILES, "m.py": text}) for at, (name, text) in enumerate(CANDIDATES.items())
    }
    rows = [Row(name, []) for name in CANDIDATES]
    for number in range(runs):
        for row in rows:
            stages.take()
            card = judge.evaluate(trees[row.name], {"m.py": CANDIDATES[row.name].encode()}, baseline, depth=Depth.CONFIRM)
            row.cards.append(card)
            print(f"  {number + 1}/{runs} {row.name}: {told(card, stages.take())}", file=sys.stderr, flush=True)
    return rows


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=10, help="evaluations of each candidate")
    options.add_argument("--quiet", action="store_true", help="without the busy neighbour")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, neighbour(not asked.quiet):
        place = Path(folder)
        place.chmod(0o755)
        rows = evaluations(judge_for(place, Bubblewrap()), place, asked.runs)
        ratio, error = truth.measured(BASE, FASTER)
    print(f"judge: {hardware.fingerprint().line()} · load {os.getloadavg()[0]:.1f} · neighbour {'no' if asked.quiet else 'yes'}")
    print(f"the faster candidate under a long run of its own: {ratio:.4f}x ± {error:.2%} (work {TRUTH}x)")
    for row in rows:
        row.print()


if __name__ == "__main__":
    main()
