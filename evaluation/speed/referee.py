"""One worker process under the clock: says prepare, go, encode, and writes down what the kernel says about each.

The referee runs outside the sandbox on our own Python. It believes the worker nothing: times come from the kernel, and the
outcome of every timed call is compared with what the pristine code gave for that input.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from evaluation import channel
from evaluation.channel import Buffers, Channel, Header
from evaluation.probe.serving import UNEXPECTED
from evaluation.scorecard import Reason
from evaluation.speed import process
from evaluation.speed.meter import Meter
from evaluation.speed.samples import ARMS, Arm, Left, Sample
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Limits
from sandbox.tier import Sandbox

ANSWER_BYTES = 1 << 30
LOAD_SECONDS = 60.0
SETTLING_S = 0.2  # after the last call, until what is still there counts as left behind

Frame = tuple[Header, list[bytearray]]
Check = Callable[[Arm, int, int, Frame], str | None]  # (arm, cell, input, outcome) -> what is wrong with it


class SideFailed(Exception):
    """One side's code could not be loaded or called; `arm` says which, `code` and the text how."""

    def __init__(self, arm: Arm, code: str, text: str) -> None:
        super().__init__(text)
        self.arm = arm
        self.code = code


class ProbeFailed(Exception):
    """Our own probe failed inside the process: nobody is blamed for it, and nothing is claimed."""

    def __init__(self, arm: Arm, text: str) -> None:
        super().__init__(text)
        self.reason = Reason("speed.probe", f"our own probe failed while the {arm} was measured, which is our fault: {text}")


class WrongOutcome(Exception):
    """A timed call gave something else than the pristine code did."""

    def __init__(self, arm: Arm, text: str) -> None:
        super().__init__(text)
        self.arm = arm


class NoClock(Exception):
    """The kernel can't tell us the worker's pid: nothing can be said about speed here."""


@dataclass(frozen=True, slots=True)
class Launcher:
    """Where workers are started and with what: the same for every process of an evaluation."""

    sandbox: Sandbox
    environment: Environment
    target: Target
    scratch: Path
    owner: str
    limits: Limits
    one_core: bool = True  # whether the target is to run on a single core
    copies: Mapping[Path, Sequence[Path]] = field(default_factory=dict)  # of a tree, for sides that would show the same one

    def open(self, trees: Mapping[str, Path], over: Mapping[str, Path] | None = None) -> Channel:
        """Start a worker that sees these trees; on the sides in `over`, that file stands in for the target's."""
        return channel.open(
            self.sandbox,
            environment=self.environment,
            trees=self._apart(trees),
            target=self.target,
            scratch=self.scratch,
            owner=self.owner,
            limits=self.limits,
            over=over,
        )

    def _apart(self, trees: Mapping[str, Path]) -> Mapping[str, Path]:
        """Sides of one process each with files of their own: a compiled module is loaded once a file, wherever it is mounted."""
        kept = {tree: iter(copies) for tree, copies in self.copies.items()}
        return {side: next(kept.get(tree, iter(())), tree) for side, tree in trees.items()}


@dataclass(frozen=True, slots=True)
class Pool:
    """The inputs of one size, as opaque pickles, and what else their calls are asked."""

    inputs: Sequence[bytes]
    arguments: bool = False  # whether outcomes must show the arguments after the call, since nothing else shows anything
    shown: frozenset[int] = frozenset()  # inputs of which they show them in any case
    seeds: Sequence[int] | None = None  # the state of the random streams before each call, where it draws from them

    def prepared(self, arm: Arm, inputs: Sequence[int]) -> Header:
        """The request to make some of the inputs ready."""
        seeds = {} if self.seeds is None else {"seeds": [self.seeds[index] for index in inputs]}
        return {"op": "prepare", "side": arm, **seeds}

    def encoded(self, inputs: Sequence[int]) -> Header:
        """The request for the outcomes of these."""
        return {"op": "encode", "arguments": [at for at, index in enumerate(inputs) if self.arguments or index in self.shown]}


class Referee:
    """The state of one process under the clock: when it was last read, and what lived in the sandbox at the start."""

    def __init__(self, line: Channel, random: Random, check: Check, patience: float) -> None:
        if line.pid is None:
            raise NoClock
        self.pid = line.pid
        self._line = line
        self._patience = patience
        self._random = random
        self._check = check
        self._processes = len(line.running.pids() or ())
        self._meter = Meter(line)
        self._spawned = False  # whether other processes were seen, where that matters
        self._last = self._meter.after()
        self.raised: str | None = None  # by the first call of the last sample, if all of them raised something

    def load(self, arms: Sequence[Arm] = ARMS) -> None:
        """Import the target on every side, in random order."""
        order = self._random.sample(arms, len(arms))
        answer, _ = self._line.ask({"op": "load", "sides": order}, seconds=LOAD_SECONDS, most=1 << 16)
        for arm in arms:
            failure = _mapping(answer.get("loaded")).get(arm)
            if failure is not None:
                raise SideFailed(arm, str(_mapping(failure).get("code")), str(_mapping(failure).get("text")))

    def sample(self, arm: Arm, cell: int, inputs: Sequence[int], pool: Pool) -> Sample:
        """One sample, its outcomes checked."""
        sample, frames, _ = self.run(arm, pool, inputs)
        self._verify(arm, cell, inputs, frames)
        return sample

    def peak(self, arm: Arm, cell: int, pool: Pool, index: int) -> float:
        """By how many MiB one call raises the process's high-water mark, reset just before; NaN where the kernel is silent."""
        self._ask(arm, pool.prepared(arm, [index]), [pool.inputs[index]])
        self._ask(arm, {"op": "peak"})
        before = process.high_water_kib(self.pid)
        self._ask(arm, {"op": "go"})
        after = process.high_water_kib(self.pid)
        self._verify(arm, cell, [index], unpack(*self._ask(arm, pool.encoded([index]))))
        return (after - before) / 1024

    def allocated(self, arm: Arm, cell: int, pool: Pool, index: int) -> float | None:
        """MiB that one call asks for at its peak, as the process itself says: informative, never evidence."""
        self._ask(arm, pool.prepared(arm, [index]), [pool.inputs[index]])
        told = self._ask(arm, {"op": "allocated"})[0].get("bytes")
        self._verify(arm, cell, [index], unpack(*self._ask(arm, pool.encoded([index]))))
        return told / (1 << 20) if type(told) is int and told >= 0 else None

    def _verify(self, arm: Arm, cell: int, inputs: Sequence[int], frames: Sequence[Frame]) -> None:
        if len(frames) != len(inputs):
            raise WrongOutcome(arm, f"{len(inputs)} calls gave {len(frames)} outcomes")
        for index, frame in zip(inputs, frames, strict=True):
            wrong = self._check(arm, cell, index, frame)
            if wrong is not None:
                raise WrongOutcome(arm, wrong)

    def run(self, arm: Arm, pool: Pool, inputs: Sequence[int]) -> tuple[Sample, list[Frame], bool]:
        """Prepare, go, encode: (the sample, the outcomes, whether no call returned anything)."""
        start = self._last
        began, queued_before = time.monotonic_ns(), process.scheduled_ns(self.pid)[1]
        self._ask(arm, pool.prepared(arm, inputs), [pool.inputs[index] for index in inputs])
        prepared, (ran, queued) = time.monotonic_ns(), process.scheduled_ns(self.pid)
        ready = self._meter.before()
        self._ask(arm, {"op": "go"})
        done = self._meter.after()
        ran_then, queued_then = process.scheduled_ns(self.pid)
        self._count_children()
        encoding = time.monotonic_ns()
        answer, buffers = self._ask(arm, pool.encoded(inputs))
        encoded, queued_after = time.monotonic_ns(), process.scheduled_ns(self.pid)[1]
        self._last = end = self._meter.after()
        raised = answer.get("raised")
        self.raised = raised if isinstance(raised, str) else None
        around = (ready.cpu - start.cpu) + (end.cpu - done.cpu)
        away = (prepared - began) - (queued - queued_before) + (encoded - encoding) - (queued_after - queued_then)
        cpu = done.cpu - ready.cpu
        sample = Sample(
            cpu, done.wall - ready.wall, queued_then - queued, around, end.beside - start.beside,
            max(0, cpu - (ran_then - ran)), max(0, away),
        )  # fmt: skip
        return sample, unpack(answer, buffers), answer.get("void") is True

    def note(self, arm: Arm, *, logs: bool = False) -> None:
        """Let the process remember what calls may leave changed beside their arguments, and with `logs` hear what they log."""
        self._ask(arm, {"op": "note", "side": arm, "logs": logs})

    def effects(self, arm: Arm = "baseline") -> Header:
        """What calls have left changed since: names of the module, random streams, settings; and what they logged."""
        return self._ask(arm, {"op": "effects"})[0]

    def rest(self) -> int:
        """Let garbage be collected where no clock runs for anybody; CPU ns used since the last sample, collecting included."""
        start = self._last
        self._ask("baseline", {"op": "rest"})
        self._last = self._meter.after()
        return self._last.cpu - start.cpu

    def collect(self, *, on: bool) -> None:
        """Let garbage be collected during the calls that follow, as it never is while we measure; or hold it back again."""
        self._ask("baseline", {"op": "collect", "on": on})

    def left(self) -> Left:
        """Threads and processes left beside the worker's own, whether it had children, and the CPU used elsewhere."""
        self._count_children()
        threads, children = self._others()
        until = time.monotonic() + SETTLING_S
        while (threads or children) and time.monotonic() < until:  # who was joined takes the kernel a moment to bury
            time.sleep(SETTLING_S / 20)
            threads, children = self._others()
        spawned = self._spawned or children > 0 or process.reaped_ticks(self.pid) > 0
        return Left(threads, children, spawned, self._meter.after().beside / 1e9 if self._meter.whole else None)

    def _count_children(self) -> None:
        """Where nobody accounts for other processes, one that was ever seen is remembered: it may end before we look again."""
        if not self._meter.whole and not self._spawned:
            self._spawned = self._others()[1] > 0

    def _others(self) -> tuple[int, int]:
        return process.threads(self.pid) - 1, max(0, len(self._line.running.pids() or ()) - self._processes)

    def _ask(self, arm: Arm, header: Header, buffers: Buffers = ()) -> Frame:
        answer, payload = self._line.ask(header, buffers, seconds=self._patience, most=ANSWER_BYTES)
        if answer.get("failed") == UNEXPECTED:
            raise ProbeFailed(arm, str(answer.get("text"))[:400])
        if "failed" in answer:
            raise SideFailed(arm, str(answer["failed"]), str(answer.get("text")))
        return answer, payload


def inspected(line: Channel, question: Header, blamed: Arm) -> Header:
    """An answer of a process that looks at things a side may have made. Raises SideFailed where it could not give one."""
    answer, _ = line.ask(question, seconds=LOAD_SECONDS, most=1 << 22)
    if "failed" in answer:
        raise SideFailed(blamed, str(answer["failed"])[:50], f"when it is looked at: {str(answer.get('text', ''))[:300]}")
    return answer


def unpack(answer: Header, buffers: list[bytearray]) -> list[Frame]:
    """The outcomes of an `encode` answer, one frame each; empty where the answer is nonsense."""
    frames, start = [], 0
    told = answer.get("outcomes")
    for item in told if isinstance(told, list) else ():
        match item:
            case [dict() as tree, int() as count] if 0 <= count <= len(buffers) - start:
                frames.append((tree, buffers[start : start + count]))
                start += count
            case _:
                return []
    return frames


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
