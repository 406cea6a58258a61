"""One side's part of a last look, alone in its processes: the calls that both sides are asked for, and what is seen of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from evaluation.channel import Channel, Header
from evaluation.compare.plain import Value
from evaluation.correctness.observer import Lost, answered
from evaluation.correctness.patience import COMPILING_S
from evaluation.guard import leavings
from evaluation.guard.drifting import MOST_EDGES, Mixed, Told
from evaluation.guard.questions import SECONDS, Questions, Round
from evaluation.guard.scrutiny import Look
from evaluation.inputs import Sample as Input
from evaluation.inputs import Source
from evaluation.policy import Policy
from evaluation.speed import outcomes
from evaluation.speed.process import resident_kib
from evaluation.speed.referee import ANSWER_BYTES, Bench, Check, Frame, Referee, inspected
from evaluation.speed.samples import ARMS, Arm, Sample

PASSES = 4  # over the same inputs, once they are known
ENDING_S = 10.0  # until a process has written what it has to say
ARM: Arm = "candidate"


@dataclass(frozen=True, slots=True)
class Recorder:
    """Keeps what a process gives."""

    frames: dict[tuple[int, int], Frame] = field(default_factory=dict)

    def check(self, _arm: Arm, number: int, index: int, frame: Frame) -> None:
        """Nothing is wrong with what the pristine code gives."""
        self.frames.setdefault((number, index), frame)

    def expected(self, asked: Questions, policy: Policy, source: Source) -> outcomes.Expected:
        """What another process has to give on the same inputs."""
        pools = [each.pool for each in (asked.known, asked.here, asked.elsewhere, asked.timed)]
        frames = [
            [self.frames.get((number, index), ({}, [])) for index in range(len(pool.inputs))] for number, pool in enumerate(pools)
        ]
        accepts = None if policy.check is None else source.accepts
        return outcomes.expected(frames, policy, asked.aside, [pool.inputs for pool in pools], accepts)


def look(bench: Bench, tree: Path, asked: Questions, random: Random, patience: float, check: Check) -> tuple[Look, Told]:
    """The figures, and all that was shown. Raises ChannelLost, SideFailed, WrongOutcome."""
    imports = _imports(bench, tree)
    with bench.open({ARM: tree}) as line:
        referee = Referee(line, random, check, max(patience, MOST_EDGES * COMPILING_S))
        referee.load((ARM,))
        mark = f"\n{secrets.token_hex(16)}\n"
        ask(line, {"op": "mark", "text": mark})
        first = _cpu(_pass(referee, asked.known))
        mixed = [_tell(referee, sample) for sample in asked.mixed]
        observed = [_observe(line, edge) for edge in asked.edges]
        held, again = [resident_kib(referee.pid)], []
        for _ in range(PASSES):
            again.append(_cpu(_pass(referee, asked.known)))
            held.append(resident_kib(referee.pid))
        here, elsewhere = (_cpu(_pass(referee, some)) for some in (asked.here, asked.elsewhere))
        timed = _pass(referee, asked.timed)
        files = leavings.files(referee.pid)
        ask(line, {"op": "mark", "text": mark})
        refused: list[tuple[list[Frame], Header]] = [(_called(referee, sample), {}) for sample in asked.refused]
        told = Told([*mixed, *refused], observed, leavings.said(line.farewell(ENDING_S), mark))
        times = tuple(sample.ns(asked.clock) / count for sample, count in timed)
        around = tuple(sample.outside(asked.clock) / count for sample, count in timed)
        calls = len(asked.known.pool.inputs)
        return Look(imports, first, tuple(again), here, elsewhere, tuple(held), calls, files, times, around), told


def _imports(bench: Bench, tree: Path) -> tuple[float, ...]:
    """CPU seconds of importing the project's own modules; installed packages are there already, whoever asked for them."""
    with bench.open(dict.fromkeys(ARMS, tree)) as line:
        witness(line, ARMS)
        return tuple(join_s(line, arm) for arm in ARMS[1:])


def join_s(line: Channel, arm: Arm) -> float:
    """Import one more side; the CPU seconds that it takes."""
    start = line.clock_ns()[0]
    ask(line, {"op": "join", "side": arm})
    return (line.clock_ns()[0] - start) / 1e9


def witness(line: Channel, arms: Sequence[Arm], modules: Sequence[str] = ()) -> None:
    """Import the first of these sides, after some installed modules, and remember what all sides share."""
    ask(line, {"op": "fetch", "modules": list(modules)})
    ask(line, {"op": "witness", "sides": list(arms)})


def ask(line: Channel, question: Header) -> Header:
    """An answer about the side that is looked at. Raises SideFailed where there is none."""
    return inspected(line, question, ARM)


def _pass(referee: Referee, asked: Round) -> list[tuple[Sample, int]]:
    """Samples, each with the number of its calls."""
    return [(referee.sample(ARM, asked.number, some, asked.pool), len(some)) for some in asked.samples]


def _cpu(samples: Sequence[tuple[Sample, int]]) -> tuple[float, ...]:
    """CPU ns a call of each sample."""
    return tuple(sample.cpu / count for sample, count in samples)


def _tell(referee: Referee, sample: Mixed) -> tuple[list[Frame], Header]:
    referee.note(ARM, logs=True)
    return _called(referee, sample), referee.effects(ARM)


def _called(referee: Referee, sample: Mixed) -> list[Frame]:
    return referee.run(ARM, sample.pool, range(len(sample.pool.inputs)))[1]


def _observe(line: Channel, edge: Input) -> Value | Lost:
    answer, buffers = line.ask({"op": "observe", "side": ARM}, [edge.pickle], seconds=SECONDS, most=ANSWER_BYTES)
    return answered(answer, buffers)
