"""How often the judge of speed is right: decisions on code of known truth, one busy neighbour beside them unless told otherwise.

    python -m bench.decisions run same 20 five 10     so many more decisions on identical code, and on a real 5 %
    python -m bench.decisions fill same 500 six 300   decisions until the record holds so many, the cases in turn
    python -m bench.decisions table                   what the record says, with exact 95 % binomial intervals

Every decision is live: `measurement.confirm` on fresh processes and fresh inputs (guards, tests and the comparison of results,
which say nothing about speed, are left out). The record is a file of lines that later calls add to, so a long bench can be
stopped and resumed. What is resampled from it says so.
"""

import argparse
import itertools
import json
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from bench.neighbour import neighbour
from bench.project import judge_for, written
from bench.proportion import proportion
from bench.workloads import NAMES, Pair, pair
from evaluation import figures
from evaluation.machine import hardware
from evaluation.policy import Policy
from evaluation.scorecard import Outcome
from evaluation.site import Site
from evaluation.speed import measurement, preparation, verdict
from evaluation.speed.interval import LOOKS
from evaluation.speed.measurement import Measured, Sides, Trial
from evaluation.speed.referee import Launcher
from evaluation.speed.verdict import Evidence, Terms
from evaluation.timing import QUICK_EFFORT
from evaluation.watch import Watch
from sandbox.bubblewrap import Bubblewrap

RECORD = Path(".bench") / "decisions.jsonl"
SIZE = [{"n": 1}]
CANDIDATES = 6  # of a best-of-six trial
TRIALS = 20_000


@dataclass(frozen=True)
class Case:
    """A truth and the terms on which it is judged."""

    title: str
    rounds: int
    fewer: int
    terms: Terms = Terms()
    first_looks: int = 0  # candidates that get a first look, of which the best goes on; 0: one goes on without


CASES: Mapping[str, Case] = {
    "same": Case("same code, other names", 20, 20),
    "six": Case("same code, best of six", 20, 20, first_looks=CANDIDATES),
    "five": Case("really 5 % faster, claim 3 %", 21, 20),
    "two": Case("really 2 % faster, claim 1 %, worth 2 %", 51, 50, Terms(claim=0.01, worth=0.02)),
    "third": Case("really 30 % faster, claim 3 %", 13, 10),
}


@dataclass(frozen=True)
class Decision:
    """One line of the record."""

    case: str
    workload: str
    truth: float
    outcome: str
    codes: list[str]
    ratio: float
    low: float
    high: float
    clock: str | None
    joint: int  # processes that held both sides
    processes: int
    seconds: float
    load: float
    gains: list[float]
    controls: list[float]
    solo: list[float]  # gains in pairs of separate processes
    neighbour: bool


@contextmanager
def bench_of(versions: Pair) -> Iterator[tuple[Site, Launcher, Sides]]:
    """A judge's bench over a fresh project with these two versions."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        judge = judge_for(place, Bubblewrap())
        site = judge.site
        sides = Sides(written(judge.tree, {"m.py": versions.before}), written(place / "after", {"m.py": versions.after}))
        yield site, site.launcher(), sides


def decide(name: str, workload: str, *, beside: bool) -> Decision:
    """One live decision."""
    case, random = CASES[name], Random(os.urandom(8))
    versions = pair(workload, case.rounds, case.fewer)
    with bench_of(versions) as (site, launcher, sides):
        start = time.monotonic()
        for _ in range(case.first_looks):  # the candidates are alike, so the best of them is whichever looked best: any
            _measure(site, launcher, sides, case.terms, random, first=True)
        measured = _measure(site, launcher, sides, case.terms, random)
        seconds = time.monotonic() - start
    return _line(name, workload, versions.truth, measured, seconds, beside=beside)


def _measure(site: Site, launcher: Launcher, sides: Sides, terms: Terms, random: Random, *, first: bool = False) -> Measured:
    run = measurement.quick if first else measurement.confirm
    with site.source() as source:
        prepared = preparation.prepare(
            launcher, site.tree, source, SIZE, random.getrandbits(53), Policy(),
            effort=QUICK_EFFORT if first else terms.effort, looks=terms.looks,
        )  # fmt: skip
    return run(Trial(launcher, sides, prepared, terms, (1.0,), Watch()), random.getrandbits(53))


def _line(name: str, workload: str, truth: float, measured: Measured, seconds: float, *, beside: bool) -> Decision:
    clock, decision = measured.clock, measured.decision
    score = decision.score.ratio() if decision.score else None
    raw = figures.samples(measured)
    return Decision(
        name, workload, truth, str(decision.outcome), [reason.code for reason in decision.reasons],
        *((score.ratio, score.low, score.high) if score else (math.nan,) * 3),
        clock, len(measured.joint), len(measured.sessions), round(seconds, 3), round(os.getloadavg()[0], 2),
        [row[0] for row in raw[clock or "cpu"]["gain"]], [row[0] for row in raw[clock or "cpu"]["control"]],
        [row[0] for row in raw[clock or "cpu"]["solo"]], beside,
    )  # fmt: skip


def run(wanted: Mapping[str, int], record: Path, *, beside: bool) -> None:
    """Add decisions until the record holds what is wanted of each case: the cases in turn, and their workloads."""
    record.parent.mkdir(parents=True, exist_ok=True)
    held = {name: sum(line.case == name for line in read(record)) for name in wanted}
    with neighbour(beside), record.open("a") as file:
        while open_ := [name for name in wanted if held[name] < wanted[name]]:
            name = min(open_, key=lambda each: held[each] / wanted[each])
            found = decide(name, NAMES[held[name] % len(NAMES)], beside=beside)
            held[name] += 1
            file.write(json.dumps(asdict(found)) + "\n")
            file.flush()
            told = f"{found.outcome} {found.codes} {found.ratio:.4f} [{found.low:.4f}, {found.high:.4f}]"
            count = f"{name}/{found.workload} {held[name]} of {wanted[name]}"
            print(f"  {count}: {told}, {found.processes} processes, {found.seconds:.1f} s", file=sys.stderr, flush=True)


def read(record: Path) -> list[Decision]:
    """All lines of the record."""
    if not record.exists():
        return []
    return [Decision(**json.loads(line)) for line in record.read_text().splitlines()]


def table(lines: Sequence[Decision]) -> None:
    """Print what the record says."""
    neighbours = sorted({"yes" if line.neighbour else "no" for line in lines})
    loads = sorted(line.load for line in lines)
    print(
        f"decisions: {hardware.fingerprint().line()} · neighbour {'/'.join(neighbours)} · "
        f"load {loads[len(loads) // 10]:.1f} to {loads[-len(loads) // 10]:.1f} (nine of ten)"
    )
    for name, case in CASES.items():
        own = [line for line in lines if line.case == name]
        if own:
            _row(case.title, own)
    _resampled([line for line in lines if line.case in ("same", "six")])


def _row(title: str, lines: Sequence[Decision]) -> None:
    accepted = sum(line.outcome == "accepted" for line in lines)
    stated = [line for line in lines if math.isfinite(line.ratio)]
    covered = sum(line.low <= line.truth <= line.high for line in stated)
    seconds = sorted(line.seconds for line in lines)
    errors = [math.log(line.ratio / line.truth) for line in stated]
    print(f"{title:42} live: accepted {proportion(accepted, len(lines))}; truth in interval {proportion(covered, len(stated))}")
    joint, pairs = (statistics.mean(counts) for counts in ([x.joint for x in lines], [len(x.solo) for x in lines]))
    middle, longest = statistics.median(seconds), seconds[-1]
    print(f"{'':42} {middle:.1f} s median, {longest:.1f} s longest; {joint:.1f} processes, {pairs:.1f} pairs")
    print(f"{'':42} {_agreement(lines)}")
    if errors:
        print(f"{'':42} ratio off by {statistics.mean(errors):+.2%} ± {statistics.pstdev(errors):.2%}; {_answers(lines)}")


def _agreement(lines: Sequence[Decision]) -> str:
    """Of the same candidate judged twice, one after the other: the same answer, and ratios within their joint interval."""
    pairs = [
        both for name in NAMES for own in [[line for line in lines if line.workload == name]] for both in itertools.pairwise(own)
    ]
    alike = sum(one.outcome == other.outcome for one, other in pairs)
    stated = [both for both in pairs if all(math.isfinite(each.ratio) for each in both)]
    close = sum(abs(math.log(one.ratio / other.ratio)) <= math.hypot(_half(one), _half(other)) for one, other in stated)
    return f"judged twice: same answer {proportion(alike, len(pairs))}, ratios agree {proportion(close, len(stated))}"


def _half(line: Decision) -> float:
    return math.log(line.high / line.low) / 2


def _answers(lines: Iterable[Decision]) -> str:
    counts: dict[str, int] = {}
    for line in lines:
        key = ",".join(line.codes)
        counts[key] = counts.get(key, 0) + 1
    return ", ".join(f"{count} {key}" for key, count in sorted(counts.items(), key=lambda item: -item[1]))


def _resampled(lines: Sequence[Decision]) -> None:
    """Best of six on identical code, from the processes of the record: six first looks of three, the best confirmed on others."""
    by_workload = {
        name: [values for line in lines if line.workload == name for values in zip(line.gains, line.controls, strict=True)]
        for name in NAMES
    }
    pools = {name: pool for name, pool in by_workload.items() if len(pool) >= 3 * CANDIDATES + LOOKS[-1]}
    if not pools:
        return
    random = Random(1)
    claims = sum(_trial(pools[random.choice(sorted(pools))], random) for _ in range(TRIALS))
    processes = sum(map(len, pools.values()))
    told = f"resampled from {processes} processes (so the interval says less than it seems): false claims"
    print(f"{'same code, best of six':42} {told} {proportion(claims, TRIALS)}")


def _trial(pool: Sequence[tuple[float, float]], random: Random) -> bool:
    """Whether the best of six would be claimed, were separate processes to say whatever the shared ones say."""
    drawn = [tuple(random.choice((1, -1)) * value for value in each) for each in random.sample(pool, 3 * CANDIDATES + LOOKS[-1])]
    confirming = drawn[3 * CANDIDATES :]
    for look in LOOKS:
        seen = confirming[:look]
        gains = tuple((gain - control / 2,) for gain, control in seen)
        evidence = Evidence(gains, tuple((control,) for _, control in seen), (1.0,), gains)
        answer = verdict.decide(evidence, Terms(), last=look == LOOKS[-1])
        if answer is not None:
            return answer.outcome is Outcome.ACCEPTED
    return False


def main() -> None:
    """Run or print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = options.add_subparsers(dest="verb", required=True)
    more = verbs.add_parser("run", help="add decisions to the record")
    full = verbs.add_parser("fill", help="add decisions until the record holds so many")
    shown = verbs.add_parser("table", help="print what the record says")
    for each in (more, full):
        each.add_argument("wanted", nargs="+", help="a case and a number, one after the other")
        each.add_argument("--quiet", action="store_true", help="without the busy neighbour")
    for each in (more, full, shown):
        each.add_argument("--record", type=Path, default=RECORD)
    asked = options.parse_args()
    if asked.verb != "table":
        run(_wanted(options, asked), asked.record, beside=not asked.quiet)
    table(read(asked.record))


def _wanted(options: argparse.ArgumentParser, asked: argparse.Namespace) -> dict[str, int]:
    names, counts = asked.wanted[::2], asked.wanted[1::2]
    if len(names) != len(counts) or not set(names) <= set(CASES) or not all(map(str.isdigit, counts)):
        options.error(f"write cases and numbers, e.g. `same 20 five 10`; the cases are {', '.join(CASES)}")
    held = [line.case for line in read(asked.record)] if asked.verb == "run" else []
    return {name: int(count) + held.count(name) for name, count in zip(names, counts, strict=True)}


if __name__ == "__main__":
    main()
