"""Whether the museum's hostile exhibits end in time: the stage that meets each, how long it may take, and how long it took.

    python -m bench.hostile [--runs N] [NAME ...]

The time runs from the beginning of the stage, so what the stage did before it met the exhibit counts as well. A process that
queues for a core gets that time back, up to three times its limit: on a crowded host a limit is a limit of time on a core.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation import stages
from evaluation.channel import PATIENT
from evaluation.correctness import patience
from evaluation.judge import Depth
from evaluation.machine import hardware
from evaluation.scorecard import Outcome, Scorecard
from evaluation.speed import preparation
from sandbox.bubblewrap import Bubblewrap
from tests.museum import exhibits, projects
from tests.museum.exhibits import Exhibit
from tests.museum.projects import Site

SLACK_S = 5.0
LIMITS = {  # by how a stage announces itself: seconds until a process that does not answer is ended, and on a crowded host
    "tests with the candidate": (stages.LEAST_TESTS_S, stages.LEAST_TESTS_S),
    "comparing results": (patience.COMPILING_S, PATIENT * patience.COMPILING_S),
    "confirming": (preparation.LEAST_PATIENCE_S, PATIENT * preparation.LEAST_PATIENCE_S),
}


@dataclass
class Steps:
    """The stage that an evaluation is in, and since when."""

    name: str = ""
    since: float = field(default_factory=time.monotonic)

    def step(self, text: str) -> None:
        """A stage begins, or goes on with its next process."""
        self.name, self.since = text.partition(":")[0], time.monotonic()


@dataclass(frozen=True)
class End:
    """How one evaluation of an exhibit ended."""

    stage: str
    seconds: float
    card: Scorecard

    def late(self, crowded: bool) -> bool:
        """Whether it took longer than its stage gives a process, and a little."""
        return self.seconds > _limits(self.stage)[crowded] + SLACK_S


def _limits(stage: str) -> tuple[float, float]:
    """Other stages start nothing of the candidate's, so whatever ends there has ended at once."""
    return LIMITS.get(stage, (0.0, 0.0))


def ended(exhibit: Exhibit, site: Site) -> End:
    """One evaluation."""
    steps = Steps()
    judge = replace(site.judge, progress=steps.step)
    tree = site.tree(exhibit.name, exhibit.changed)
    changed = {path: text.encode() for path, text in exhibit.changed.items()}
    card = judge.evaluate(tree, changed, site.baseline, depth=Depth.CONFIRM)
    return End(steps.name, time.monotonic() - steps.since, card)


def told(exhibit: Exhibit, ends: Sequence[End]) -> str:
    """A line of the table."""
    took, (limit, most) = sorted(end.seconds for end in ends), _limits(ends[0].stage)
    late, very = (sum(end.late(crowded) for end in ends) for crowded in (False, True))
    codes = ",".join(sorted({reason.code for end in ends for reason in end.card.reasons}))
    named = sum(end.card.outcome is Outcome.REJECTED for end in ends)
    bound = f"limit {limit:.0f} s (crowded: {most:.0f} s)"
    times = f"{bound}, took {statistics.median(took):4.1f} s (median), {took[-1]:4.1f} s (longest)"
    lateness = f"{SLACK_S:.0f} s beyond it {late} of {len(ends)} (crowded: {very})"
    return f"{exhibit.name:38} {ends[0].stage:25} {times}, {lateness}, rejected {named} of {len(ends)}: {codes}"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--runs", type=int, default=3)
    asked = options.parse_args()
    shown = [one for one in exhibits.all_of() if one.hostile and (not asked.names or one.name in asked.names)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        sandbox = Bubblewrap()
        sites = {name: projects.opened(name, place / name, sandbox) for name in {one.project for one in shown}}
        for one in shown:
            print(told(one, [ended(one, sites[one.project]) for _ in range(asked.runs)]), flush=True)
    print(f"hostile: {hardware.fingerprint().line()} · load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
