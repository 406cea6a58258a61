"""One side's part of a last look, alone in its process: the calls that both sides are asked for, and what is seen of them."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from evaluation.channel import Channel, ChannelLost, Header
from evaluation.compare.plain import Value
from evaluation.correctness.observer import Lost, Unloadable, answered
from evaluation.correctness.patience import COMPILING_S
from evaluation.guard.last_look import leavings
from evaluation.guard.last_look.answers import SECONDS
from evaluation.guard.last_look.dealer import Round, Rounds
from evaluation.guard.last_look.differences import MOST_EDGES, Mixed, Told
from evaluation.guard.last_look.figures import Held, Look
from evaluation.guard.last_look.gains import Turn
from evaluation.guard.last_look.questions import Questions
from evaluation.inputs import Input, Source
from evaluation.policy import Policy
from evaluation.speed.measurement import BaselineFailed
from evaluation.speed.outcomes import Expected, digest
from evaluation.speed.process import resident_kib
from evaluation.speed.referee import ANSWER_BYTES, Check, Frame, Launcher, Referee, SideFailed, WrongOutcome, inspected
from evaluation.speed.samples import ARMS, Arm, Sample

PASSES = 4  # over the same inputs, once they are known
EMPTY = 3  # samples of no calls in a turn
ENDING_S = 10.0  # until a process has written what it has to say
ARM: Arm = "candidate"


class Recorder:
    """Keeps what the pristine code gives, as what the other side has to give on the same inputs."""

    def __init__(self, asked: Questions, policy: Policy, source: Source) -> None:
        inputs = [each.pool.inputs for each in asked.rounds]
        nothing: Frame = ({}, [])
        self._frames = [[nothing] * len(some) for some in inputs]
        self._digests = [[b""] * len(some) for some in inputs]
        accepts = None if policy.check is None else source.accepts
        self.expected = Expected(self._frames, self._digests, policy, inputs, accepts)

    def check(self, _arm: Arm, number: int, index: int, frame: Frame) -> None:
        """Nothing is wrong with what the pristine code gives; of what it gives repeatedly, the first counts."""
        if not self._digests[number][index]:
            self._frames[number][index], self._digests[number][index] = frame, digest(frame)


class Sitting:
    """A process that one side has to itself, asked and looked at; beside the other side's, the two take turns."""

    def __init__(self, line: Channel, referee: Referee, asked: Questions, imports: tuple[float, ...]) -> None:
        self._line = line
        self._referee = referee
        self._asked = asked
        self._imports = imports
        self._mark = f"\n{secrets.token_hex(16)}\n"
        self._first: tuple[float, ...] = ()
        self._again: list[tuple[float, ...]] = []
        self._held: list[float] = []
        self._mixed: list[tuple[list[Frame], Header]] = []
        self._observed: list[Value | Lost] = []
        self._turns: list[list[Turn]] = [[] for _ in asked.sizes]
        self._new: list[float] = []
        self._made = 0
        self.taken = 0  # turns so far

    @property
    def pid(self) -> int:
        """The process that makes the calls."""
        return self._referee.pid

    def begin(self) -> None:
        """New inputs as they are timed, edges among others and alone, and the new inputs again and again."""
        ask(self._line, {"op": "mark", "text": self._mark})
        self._first = _cpu(self._pass(self._asked.known))
        self._mixed = [self._tell(sample) for sample in self._asked.mixed]
        self._observed = [self._observe(edge) for edge in self._asked.edges]
        self._held.append(resident_kib(self._referee.pid))
        for _ in range(PASSES):
            self._again.append(_cpu(self._pass(self._asked.known)))
            self._held.append(resident_kib(self._referee.pid))

    def take_turn(self) -> None:
        """Time some samples of every size, on inputs that are new."""
        if not self._new:
            self._new.append(resident_kib(self.pid))
        for asked, turns in zip(self._asked.sizes, self._turns, strict=True):
            if self.taken < len(asked.turns):
                turns.append(self._turn(asked.turns[self.taken]))
        self._new.append(resident_kib(self.pid))
        self.taken += 1

    def _turn(self, asked: Rounds) -> Turn:
        clock = self._asked.clock
        passes = [self._pass(some) for some in (asked.here, asked.elsewhere, asked.timed)]
        samples = [each for some in passes for each in some]
        around = sum(sample.outside(clock) for sample, _ in samples) / max(1, sum(count for _, count in samples))
        empty = min(self._referee.run(ARM, asked.timed.pool, [])[0].ns(clock) for _ in range(EMPTY))
        here, elsewhere, timed = (self._each(some) for some in passes)
        self._referee.collect(on=True)
        collected = self._pass(asked.collected)
        self._referee.collect(on=False)
        self._made += sum(count for _, count in [*samples, *collected])
        longest = max((count for _, count in passes[-1]), default=1)
        return Turn(here, elsewhere, timed, self._each(collected), around, empty / longest)

    def _each(self, samples: Sequence[tuple[Sample, int]]) -> tuple[float, ...]:
        """ns a call of each sample."""
        return tuple(sample.ns(self._asked.clock) / count for sample, count in samples)

    def end(self) -> tuple[Look, Told]:
        """What is left, what calls do that the pristine code refuses, and what was printed in all; the process is over then."""
        files = leavings.files(self._referee.pid)
        ask(self._line, {"op": "mark", "text": self._mark})
        refused: list[tuple[list[Frame], Header]] = [(self._called(sample), {}) for sample in self._asked.refused]
        said = leavings.said(self._line.farewell(ENDING_S), self._mark)
        again = Held(tuple(self._held), len(self._asked.known.pool.inputs))
        new = Held(tuple(self._new), self._made // max(1, self.taken))
        turns = tuple(map(tuple, self._turns))
        figures = Look(self._imports, self._first, tuple(self._again), turns, again, new, files)
        return figures, Told([*self._mixed, *refused], self._observed, said)

    def _pass(self, asked: Round) -> list[tuple[Sample, int]]:
        """Samples, each with the number of its calls."""
        return [(self._referee.sample(ARM, asked.number, some, asked.pool), len(some)) for some in asked.samples]

    def _tell(self, sample: Mixed) -> tuple[list[Frame], Header]:
        self._referee.note(ARM, logs=True)
        return self._called(sample), self._referee.effects(ARM)

    def _called(self, sample: Mixed) -> list[Frame]:
        return self._referee.run(ARM, sample.pool, range(len(sample.pool.inputs)))[1]

    def _observe(self, edge: Input) -> Value | Lost:
        answer, buffers = self._line.ask({"op": "observe", "side": ARM}, [edge.pickle], seconds=SECONDS, most=ANSWER_BYTES)
        return answered(answer, buffers)


@contextmanager
def sitting(launcher: Launcher, tree: Path, asked: Questions, random: Random, patience: float, check: Check) -> Iterator[Sitting]:
    """Start a side's process. It and what is done there raise ChannelLost, SideFailed, WrongOutcome."""
    imports = _imports(launcher, tree)
    with launcher.open({ARM: tree}) as line:
        referee = Referee(line, random, check, max(patience, MOST_EDGES * COMPILING_S))
        referee.load((ARM,))
        yield Sitting(line, referee, asked, imports)


@contextmanager
def pristine() -> Iterator[None]:
    """What goes wrong in here is nobody's fault but the pristine code's. Raises BaselineFailed."""
    try:
        yield
    except (SideFailed, WrongOutcome, ChannelLost, Unloadable) as error:
        raise BaselineFailed(f"after many calls in a process of its own it fails: {error}") from error


def _imports(launcher: Launcher, tree: Path) -> tuple[float, ...]:
    """CPU seconds of importing the project's own modules; installed packages are there already, whoever asked for them."""
    with launcher.open(dict.fromkeys(ARMS, tree)) as line:
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


def _cpu(samples: Sequence[tuple[Sample, int]]) -> tuple[float, ...]:
    """CPU ns a call of each sample."""
    return tuple(sample.cpu / count for sample, count in samples)
