"""The project's own score: what it says about the figures, with an interval found by resampling the processes.

The hook sees numbers only and runs in a sandboxed process of its own, from the base commit. Its answer for the change is stated
relative to its answer for no change, so that 1 means "no better" whatever the score counts.
"""

import math
import statistics
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from evaluation import channel
from evaluation.channel import ChannelLost
from evaluation.scorecard import LEVEL, Interval
from evaluation.site import LIMITS, Site
from evaluation.speed import student
from evaluation.target import Target

REPLICATES = 400
SECONDS = 1.0  # for all of them together, once the function is imported
IMPORT_SECONDS = 60.0
BYTES = 1 << 20


class NoScore(Exception):
    """The project's score says nothing; `str(error)` is why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the score is computed from: the cells, and each process's log-seconds of the baseline and log-ratios."""

    cells: Sequence[Mapping[str, Any]]  # params, weight, mem_base, mem_cand
    levels: Sequence[Sequence[float]]  # process x cell
    gains: Sequence[Sequence[float]]


Row = tuple[Sequence[float], Sequence[float]]  # seconds of the baseline and of the candidate, cell by cell


def rows(figures: Figures, random: Random) -> list[Row]:
    """Seconds a cell: first of all processes, then of each replicate of as many processes drawn anew."""
    everyone = range(len(figures.gains))
    draws = [list(everyone)] + [random.choices(everyone, k=len(everyone)) for _ in range(REPLICATES)]
    return [_row(figures, drawn) for drawn in draws]


def interval(scores: Sequence[tuple[float, float]], processes: int) -> Interval:
    """The score and its interval: t with the processes' degrees of freedom, on the logarithm. Raises NoScore.

    Replicates of few processes are too much alike; `n / (n - 1)` undoes that, and makes a mean's interval its own.
    """
    if len(scores) < 2 or processes < 2:
        raise NoScore("too few processes for an interval of the project's score")
    if any(not math.isfinite(value) or value <= 0 for pair in scores for value in pair):
        raise NoScore("the project's score must be above 0, for the change as for unchanged code")
    logs = [math.log(changed / unchanged) for changed, unchanged in scores]
    error = statistics.pstdev(logs[1:]) * math.sqrt(processes / (processes - 1))
    half = student.half_width(LEVEL, processes - 1) * error
    return Interval(math.exp(logs[0]), math.exp(logs[0] - half), math.exp(logs[0] + half), LEVEL)


def ask(site: Site, function: Target, figures: Figures, random: Random) -> Interval:
    """Start the hook's process, ask it about all replicates, and put its answers together. Raises NoScore, SandboxError."""
    asked = rows(figures, random)
    buffers = [array("d", [value for row in asked for value in row[side]]).tobytes() for side in (0, 1)]
    try:
        with channel.open(
            site.sandbox,
            environment=site.limited,
            trees={"baseline": site.tree},
            target=function,
            scratch=site.scratch,
            owner=site.owner,
            limits=LIMITS,
            program="scoring.py",
        ) as line:
            _checked(line.ask({"op": "load"}, seconds=IMPORT_SECONDS, most=BYTES)[0])
            answer, _ = line.ask({"op": "score", "cells": list(figures.cells)}, buffers, seconds=SECONDS, most=BYTES)
    except ChannelLost as error:
        late = f"`{function}` took longer than {SECONDS:.0f} s for {len(asked)} replicates"
        raise NoScore(late if error.reason == "timed_out" else f"`{function}` ended its process ({error})") from error
    return interval(_pairs(_checked(answer), len(asked)), len(figures.gains))


def _row(figures: Figures, drawn: Sequence[int]) -> Row:
    def mean(table: Sequence[Sequence[float]], cell: int) -> float:
        return math.fsum(table[process][cell] for process in drawn) / len(drawn)

    levels = [mean(figures.levels, cell) for cell in range(len(figures.cells))]
    after = [level - mean(figures.gains, cell) for cell, level in enumerate(levels)]
    return [math.exp(level) for level in levels], [math.exp(level) for level in after]


def _checked(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    if "failed" in answer:
        raise NoScore(str(answer.get("text", ""))[:500])
    return answer


def _pairs(answer: Mapping[str, Any], count: int) -> list[tuple[float, float]]:
    found = answer.get("scores")
    if not isinstance(found, list) or len(found) != count or not all(_pair(each) for each in found):
        raise NoScore("the process of the project's score answered something else than scores")
    return [(each[0], each[1]) for each in found]


def _pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(each) in (int, float) for each in value)
