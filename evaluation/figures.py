"""From what was measured to the scorecard's cells, scores, growth and raw samples: pure."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from evaluation.project import Objective
from evaluation.scaling import Scaling
from evaluation.scorecard import Cell, Clock, Interval, Memory, Reason
from evaluation.scoring import Figures
from evaluation.speed import clocks, growth, trends
from evaluation.speed.interval import LogInterval, e_value, log_interval, slower
from evaluation.speed.measurement import Measured, evidence
from evaluation.speed.samples import Arm, Session
from evaluation.speed.scores import Size, area_weights, weighted
from evaluation.speed.verdict import scores as weighted_scores

FIRST_CALL_S = 0.5  # more than the pristine code's, from which on a slower first call is told


def weights(sizes: Sequence[Size], objective: Objective) -> tuple[float, ...]:
    """How much each cell counts for the project's objective; cells of weight 0 are shown and guarded, not counted."""
    if objective.score == "auc":
        return area_weights(sizes)
    found = [next((w.weight for w in objective.weights if w.size.items() <= size.items()), 1.0) for size in sizes]
    return tuple(found) if any(found) else (1.0,) * len(sizes)


def cells(measured: Measured, sizes: Sequence[Size], memory: Mapping[int, Memory]) -> tuple[Cell, ...]:
    """One row a size: seconds per call, medians over processes, and the interval of their ratio."""
    clock = measured.clock
    if clock is None or len(measured.decision.cells) != len(sizes):
        return ()
    losing = slower(measured.decision.cells)
    return tuple(
        Cell(
            dict(size),
            _seconds(measured.joint, at, "baseline", clock),
            _seconds(measured.joint, at, "candidate", clock),
            measured.decision.cells[at].ratio(),
            memory.get(at),
            losing[at],
        )
        for at, size in enumerate(sizes)
    )


def scores(measured: Measured, sizes: Sequence[Size], objective: Objective) -> dict[str, Interval | None]:
    """The documented scores, each recomputed in every process and stated with its own interval."""
    if measured.clock is None or not measured.decision.cells:
        return {}
    found = evidence(measured.sessions, measured.clock, weights(sizes, objective))
    off = found.shift().unexplained
    by_weight = weights(sizes, objective.model_copy(update={"score": "weighted"}))
    return {"weighted": _score(found.gains, by_weight, off), "auc": _score(found.gains, area_weights(sizes), off), "custom": None}


def scored(measured: Measured, rows: Sequence[Cell], objective: Objective) -> Figures:
    """What the project's own score gets to see of a measurement; what only sharing a process explains is taken off."""
    assert measured.clock is not None
    sizes = [row.size for row in rows]
    by = weights(sizes, objective)
    found = evidence(measured.sessions, measured.clock, by)
    off = found.shift().unexplained
    peaks = [(row.memory_mib.baseline, row.memory_mib.candidate) if row.memory_mib else (None, None) for row in rows]
    told = [
        {"params": dict(size), "weight": weight, "mem_base": before, "mem_cand": after}
        for size, weight, (before, after) in zip(sizes, by, peaks, strict=True)
    ]
    levels = [[math.log(cell.seconds("baseline", measured.clock)) for cell in one.cells] for one in measured.joint]
    return Figures(told, levels, [[gain - off for gain in row] for row in found.gains])


def growths(rows: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
    """The growth classes of both sides along the longest line of sizes; empty with too few sizes."""
    found = growth.lines([cell.size for cell in rows])
    return _classes(rows, *found[0]) if found else {}


def _classes(rows: Sequence[Cell], name: str, places: Sequence[int]) -> dict[str, tuple[str, ...]]:
    sizes = [float(rows[at].size[name]) for at in places]
    return {
        "baseline": growth.classes(sizes, [rows[at].baseline_s for at in places]),
        "candidate": growth.classes(sizes, [rows[at].candidate_s for at in places]),
    }


def scaling(measured: Measured, rows: Sequence[Cell], objective: Objective) -> tuple[Scaling, ...]:
    """What sizes along each parameter that takes enough values tell as a whole; nothing where nothing was measured."""
    if measured.clock is None:
        return ()
    gains = evidence(measured.sessions, measured.clock, [1.0] * len(rows)).gains
    lines = growth.lines([cell.size for cell in rows], trends.LEAST_SIZES)
    return tuple(_scaling(measured, gains, rows, line, objective.capacity_s) for line in lines)


def _scaling(
    measured: Measured,
    gains: Sequence[Sequence[float]],
    rows: Sequence[Cell],
    line: tuple[str, Sequence[int]],
    limit: float | None,
) -> Scaling:
    name, places = line
    sizes = [rows[at].size[name] for at in places]
    before, after = [rows[at].baseline_s for at in places], [rows[at].candidate_s for at in places]
    return Scaling(
        name,
        {other: number for other, number in rows[places[0]].size.items() if other != name},
        min(sizes),
        max(sizes),
        trends.trend(sizes, [[row[at] for at in places] for row in gains]),
        trends.crossover(sizes, [measured.decision.cells[at] for at in places]),
        trends.capacity(sizes, before, after, limit),
        _classes(rows, name, places) if len(places) >= growth.LEAST_SIZES else {},
    )


def samples(measured: Measured, by: Sequence[float] = (1.0,)) -> dict[str, Any]:
    """Raw per-process values for publication: log-ratios by all clocks, in shared and separate processes; the e-value.

    `gain` is over one copy of the baseline: only then is its sign a fair coin for the e-value, which is of the score that
    decides, sizes weighted with `by`. What is stated is over both copies, `gain - control / 2`.
    """
    raw: dict[str, Any] = {}
    for clock in get_args(Clock):
        rows = [[_finite(cell.log_ratio("baseline", "candidate", clock)) for cell in one.cells] for one in measured.joint]
        controls = [[_finite(cell.log_ratio("baseline", "control", clock)) for cell in one.cells] for one in measured.joint]
        solo = [[_finite(cell.log_ratio("baseline", "candidate", clock)) for cell in one.cells] for one in measured.solo]
        raw[clock] = {"gain": rows, "control": controls, "solo": solo}
    first = {arm: max(first_call_s(measured.joint, arm)) for arm in ("baseline", "candidate")} if measured.joint else {}
    if any(first.values()):
        raw["first_call_s"] = first  # compiling or importing: done before anything is measured
    if measured.clock is not None:
        whole = [row for row in raw[measured.clock]["gain"] if None not in row]
        raw["e_value"] = e_value(weighted_scores(whole, by)) if whole else None
    return raw


def first_call_s(sessions: Sequence[Session], arm: Arm) -> list[float]:
    """What the first call of each process cost beyond later ones, at its worst size; 0 where that is next to nothing."""
    return [max(cell.first.get(arm, 0) for cell in one.cells) / 1e9 for one in sessions]


def first_call(before: Sequence[float], after: Sequence[float]) -> Reason | None:
    """What a short-lived process pays before the gain begins, from both sides' first calls; None where it pays little more."""
    if not before or not after or statistics.median(after) - statistics.median(before) < FIRST_CALL_S:
        return None
    ours, theirs = statistics.median(before), statistics.median(after)
    return Reason("speed.first-call", f"{theirs:.1f} s beyond later calls in each process, before {ours:.1f} s")


def busy(measured: Measured) -> float | None:
    """CPU over wall of the baseline, queueing for a core not held against it."""
    share = clocks.busy(measured.joint, "baseline")
    return round(share, 3) if share == share else None


def _score(gains: Sequence[Sequence[float]], by: Sequence[float], off: float) -> Interval | None:
    found: LogInterval | None = log_interval([weighted(row, by) for row in gains])
    return found.shifted(off).ratio() if found else None


def _seconds(sessions: Sequence[Session], cell: int, arm: Arm, clock: Clock) -> float:
    return statistics.median(one.cells[cell].seconds(arm, clock) for one in sessions)


def _finite(value: float) -> float | None:
    return value if value == value else None
