"""A last look at what would be accepted: fresh processes of each side, asked what the measurement did not ask.

They look like the measured ones until after the calls, on inputs of their own, so that behaving well here is behaving well.
"""

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from evaluation.channel import Channel, Header
from evaluation.compare.comparison import compare
from evaluation.compare.observation import raised
from evaluation.compare.plain import Value
from evaluation.correctness import equivalence
from evaluation.correctness.observer import Lost, Observer, answered
from evaluation.guard import drifting, leavings, scrutiny
from evaluation.guard.drifting import Comparing, Mixed, Told
from evaluation.guard.scrutiny import Look
from evaluation.inputs import InputsFailed, Source
from evaluation.inputs import Sample as Input
from evaluation.policy import Policy
from evaluation.scorecard import Reason
from evaluation.speed import outcomes
from evaluation.speed.calibration import VERY_SLOW_S
from evaluation.speed.checked import Outcomes
from evaluation.speed.process import resident_kib
from evaluation.speed.referee import ANSWER_BYTES, LOAD_SECONDS, Bench, Check, Frame, Pool, Referee, SideFailed
from evaluation.speed.samples import ARMS, Arm, Clock, Sample
from evaluation.speed.stage import Stage, seeded

PASSES = 4  # over the same inputs, once they are known
PASS_S = 0.3  # of the baseline's time, for one pass over the inputs
EDGES = 24  # inputs at the edges, of ordinary and of the measured sizes each
FEWEST = (4, 2)  # inputs in a pass, however slow, and where calls are very slow
OFF, OFF_CALLS = (6, 2), 40  # samples at a size a little off, fewer where calls are very slow, and calls in each at most
OFF_BY, SMALL = (0.05, 0.2), 16  # how far off a size is, as a share of it; a smaller one stays what it is
SECONDS = 5.0  # for one input at the edges
ENDING_S = 10.0  # until a process has written what it has to say
UNSTEADY = frozenset({"equivalence.order"})  # in which pristine code may differ from process to process and still be asked
ARM: Arm = "candidate"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found before: the clock that decided, the gain it showed at the slowest size (ln), and what is not asked."""

    clock: Clock = "cpu"
    gain: float = math.nan
    aside: frozenset[str] = frozenset()  # codes in which the pristine code does not agree with itself


@dataclass(frozen=True, slots=True)
class Round:
    """Some of a pool's inputs, sample by sample; `number` tells the pools of a look apart."""

    number: int
    pool: Pool
    samples: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Questions:
    """What both sides are asked: the same, in the same order."""

    known: Round
    here: Round  # at the size where calls take longest
    elsewhere: Round  # at a size a little off
    timed: Round  # inputs of the measurement, in samples as it has them
    mixed: Sequence[Mixed]
    refused: Sequence[Mixed]  # with edges for which the pristine code raises: what it does before that is nobody's promise
    edges: Sequence[Input]
    clock: Clock
    aside: frozenset[str]


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


def probe(bench: Bench, baseline: Path, candidate: Path, prepared: Stage, source: Source, policy: Policy, random: Random,
          found: Found = Found()) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:  # fmt: skip
    """(reasons to reject, notes). Raises ChannelLost, SideFailed, WrongOutcome when the candidate does not bear it."""
    asked = _questions(bench, baseline, prepared, source, random, policy, found)
    pristine = Recorder()
    before, known = _look(bench, baseline, asked, random, prepared.patience, pristine.check)
    given = Outcomes(pristine.expected(asked, policy, source), random)
    after, told = _look(bench, candidate, asked, random, prepared.patience, given.check)
    given.settle()
    comparing = Comparing(policy, source.accepts)
    differing = [
        each
        for each in comparing.differences([*asked.mixed, *asked.refused], asked.edges, known, told)
        if each[0] not in asked.aside
    ]
    reasons = list(scrutiny.reasons(before, after, gain=found.gain))
    if reasons or differing:  # an accusation needs a second look: a neighbour may have woken up, pristine code may be unsteady
        again, repeated = _look(bench, baseline, asked, random, prepared.patience, _unchecked)
        unsteady = {code for code, _ in comparing.differences([*asked.mixed, *asked.refused], asked.edges, known, repeated)}
        differing = [each for each in differing if each[0] not in unsteady]
        once_more = _look(bench, candidate, asked, random, prepared.patience, _unchecked)[0] if reasons else after
        codes = {each.code for each in reasons}
        reasons = [each for each in scrutiny.reasons(again, once_more, gain=found.gain, again=before) if each.code in codes]
    reasons += [*_replaced(bench, baseline, candidate, asked, random, prepared.patience)]
    if differing:
        reasons.append(Reason("guard.drift", f"after many calls {differing[0][1]}"))
    return tuple(reasons), scrutiny.notes(before, after)


def _unchecked(*_: object) -> None:
    return None


def _questions(bench: Bench, baseline: Path, prepared: Stage, source: Source, random: Random, policy: Policy,
               found: Found) -> Questions:  # fmt: skip
    most = max(range(len(prepared.plans)), key=lambda at: prepared.plans[at].inputs)
    slowest = max(range(len(prepared.plans)), key=lambda at: prepared.seconds[at])
    plan, size, timed = prepared.plans[most], prepared.plans[slowest].size, prepared.pools[slowest]
    slow = prepared.seconds[slowest] > VERY_SLOW_S
    count = max(FEWEST[slow], min(len(prepared.pools[most].inputs), int(PASS_S / prepared.seconds[most])))
    fresh = source.make(random.getrandbits(63), plan.size, count)
    calls = prepared.plans[slowest].calls
    off = min(OFF_CALLS, calls)
    here = source.make(random.getrandbits(63), size, OFF[slow] * off)
    edges, aside = _answered(bench, baseline, _edges(source, size, random), policy, found.aside, source)

    def pool(inputs: Sequence[bytes]) -> Pool:
        made = Pool(inputs, timed.arguments)
        return made if timed.seeds is None else seeded(made, random)

    def dealt(some: Sequence[Input]) -> list[Mixed]:
        found = drifting.mixed(some, fresh, plan.calls, random)
        return found if timed.seeds is None else [Mixed(seeded(each.pool, random), each.edges) for each in found]

    chosen = random.sample(range(len(timed.inputs)), min(OFF[slow] * calls, len(timed.inputs)))
    return Questions(
        Round(0, pool(fresh), _batches(range(count), plan.calls)),
        Round(1, pool(here), _batches(range(len(here)), off)),
        _round(2, pool(_off(source, size, OFF[slow] * off, random)), off),
        Round(3, timed, _batches(chosen, calls)),
        dealt([edge for edge, how in edges if how is None]), dealt([edge for edge, how in edges if how is not None]),
        [edge for edge, _ in edges], found.clock, aside,
    )  # fmt: skip


def _round(number: int, pool: Pool, calls: int) -> Round:
    return Round(number, pool, _batches(range(len(pool.inputs)), calls))


def _batches(inputs: Sequence[int], calls: int) -> list[Sequence[int]]:
    return [inputs[at : at + calls] for at in range(0, len(inputs), calls)]


def _off(source: Source, size: Mapping[str, int], count: int, random: Random) -> list[bytes]:
    """Inputs at a size that nobody measures; none where sizes are too small to be a little off, or others can't be made."""
    if all(value < SMALL for value in size.values()):
        return []
    by = random.uniform(*OFF_BY) * random.choice((1, -1))
    for share in (1 + by, 1 - by):
        other = {name: round(value * share) if value >= SMALL else value for name, value in size.items()}
        try:
            return source.make(random.getrandbits(63), other, count)
        except InputsFailed:
            continue
    return []


def _edges(source: Source, size: Mapping[str, int], random: Random) -> list[Input]:
    try:
        small = source.varied(random.getrandbits(31), EDGES)
        return small + source.varied(random.getrandbits(31), EDGES, size=size)
    except InputsFailed:
        return []


def _answered(bench: Bench, baseline: Path, edges: Sequence[Input], policy: Policy, known: frozenset[str],
              source: Source) -> tuple[list[tuple[Input, str | None]], frozenset[str]]:  # fmt: skip
    """Those that the pristine code answers in time and alike in another process, each with what it raises.

    Its order of things may differ there.
    """
    kept: list[tuple[Input, str | None]] = []
    aside = {*known}
    with Observer(bench, baseline) as oracle, Observer(bench, baseline) as witness:
        for edge in edges:
            told = oracle.observe(edge.pickle, seconds=equivalence.HASTY_SECONDS)
            if isinstance(told, Lost) or raised(told) in equivalence.OWN_LIMITS or not _accepted(source, policy, edge, told):
                continue
            again = witness.observe(edge.pickle, seconds=SECONDS)
            lenient = drifting.allowed(policy, edge)
            differing = {each.code for each in compare(told, again, lenient)} if isinstance(again, Value) else {""}
            if differing <= UNSTEADY | known:
                kept.append((edge, raised(told)))
                aside |= differing
    return kept, frozenset(aside)


def _accepted(source: Source, policy: Policy, edge: Input, told: Value) -> bool:
    """Whether the project's own check, where it has one, bears this input with what the pristine code gives."""
    if policy.check is None or raised(told):
        return True
    try:
        return source.accepts(policy.check, edge.pickle, told) is None
    except InputsFailed:
        return False


def _look(bench: Bench, tree: Path, asked: Questions, random: Random, patience: float, check: Check) -> tuple[Look, Told]:
    imports = _imports(bench, tree)
    with bench.open({ARM: tree}) as line:
        referee = Referee(line, random, check, patience)
        referee.load((ARM,))
        mark = f"\n{secrets.token_hex(16)}\n"
        _ask(line, {"op": "mark", "text": mark})
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
        _ask(line, {"op": "mark", "text": mark})
        refused: list[tuple[list[Frame], Header]] = [(_called(referee, sample), {}) for sample in asked.refused]
        told = Told([*mixed, *refused], observed, leavings.said(line.farewell(ENDING_S), mark))
        times = tuple(sample.ns(asked.clock) / count for sample, count in timed)
        around = tuple(sample.outside(asked.clock) / count for sample, count in timed)
        calls = len(asked.known.pool.inputs)
        return Look(imports, first, tuple(again), here, elsewhere, tuple(held), calls, files, times, around), told


def _imports(bench: Bench, tree: Path) -> tuple[float, ...]:
    """CPU seconds of importing the project's own modules; installed packages are there already, whoever asked for them."""
    with bench.open(dict.fromkeys(ARMS, tree)) as line:
        _witness(line, ARMS)
        return tuple(_join_s(line, arm) for arm in ARMS[1:])


def _join_s(line: Channel, arm: Arm) -> float:
    start = line.clock_ns()[0]
    _ask(line, {"op": "join", "side": arm})
    return (line.clock_ns()[0] - start) / 1e9


def _witness(line: Channel, arms: Sequence[Arm], modules: Sequence[str] = ()) -> None:
    _ask(line, {"op": "fetch", "modules": list(modules)})
    _ask(line, {"op": "witness", "sides": list(arms)})


def _ask(line: Channel, question: Header) -> Header:
    """An answer. Raises SideFailed where the process could not give one: it looks at things that the candidate may have made."""
    answer, _ = line.ask(question, seconds=LOAD_SECONDS, most=1 << 22)
    if "failed" in answer:
        raise SideFailed(ARM, str(answer["failed"])[:50], f"when it is looked at: {str(answer.get('text', ''))[:300]}")
    return answer


def _pass(referee: Referee, asked: Round) -> list[tuple[Sample, int]]:
    """Samples, each with the number of its calls."""
    return [(referee.sample(ARM, asked.number, some, asked.pool), len(some)) for some in asked.samples]


def _cpu(samples: Sequence[tuple[Sample, int]]) -> tuple[float, ...]:
    """CPU ns a call of each sample."""
    return tuple(sample.cpu / count for sample, count in samples)


def _tell(referee: Referee, sample: Mixed) -> tuple[list[Frame], Header]:
    referee.note(ARM)
    return _called(referee, sample), referee.effects(ARM)


def _called(referee: Referee, sample: Mixed) -> list[Frame]:
    return referee.run(ARM, sample.pool, range(len(sample.pool.inputs)))[1]


def _observe(line: Channel, edge: Input) -> Value | Lost:
    answer, buffers = line.ask({"op": "observe", "side": ARM}, [edge.pickle], seconds=SECONDS, most=ANSWER_BYTES)
    return answered(answer, buffers)


def _replaced(
    bench: Bench, baseline: Path, candidate: Path, asked: Questions, random: Random, patience: float
) -> tuple[Reason, ...]:
    """Reasons for what the candidate replaces in its process, and for modules it brings along.

    What an installed package does when it is first imported (numba asks to be called at exit) is not the candidate's doing.
    Which these are, the pristine code shows; what the candidate did beside them is looked for where they are there already.
    """
    changed, origins, own = _witnessed(bench, baseline, candidate, asked, random, patience)
    strange = scrutiny.strangers(origins, f"{own}/")
    if not changed:
        return strange
    installed = [name for name, file in origins.items() if not file.startswith(("/sides/", *scrutiny.WRITABLE))]
    theirs = _imported(bench, baseline, installed)
    if theirs & {*changed}:
        again, *_ = _witnessed(bench, baseline, candidate, asked, random, patience, installed)
        changed = sorted({*changed} - theirs | {*again})
    anyway, *_ = _witnessed(bench, baseline, baseline, asked, random, patience, installed)
    return (*scrutiny.replaced(changed, anyway), *strange)


def _imported(bench: Bench, baseline: Path, modules: Sequence[str]) -> frozenset[str]:
    """What is replaced when the pristine code's process imports these."""
    with bench.open({"baseline": baseline}) as line:
        _witness(line, ("baseline",))
        _ask(line, {"op": "fetch", "modules": list(modules)})
        return frozenset(_changed(line)[0])


def _witnessed(bench: Bench, baseline: Path, other: Path, asked: Questions, random: Random, patience: float,
               modules: Sequence[str] = ()) -> tuple[list[str], Mapping[str, str], str]:  # fmt: skip
    """What is replaced by importing a tree beside the pristine one and by calling it, where its modules come from and lie."""
    with bench.open({"baseline": baseline, ARM: other}) as line:
        _witness(line, ("baseline", ARM), modules)
        _join_s(line, ARM)
        imported, origins = _changed(line)
        referee = Referee(line, random, lambda *_: None, patience)
        for arm in ("baseline", ARM):
            referee.run(arm, asked.known.pool, range(min(3, len(asked.known.pool.inputs))))
        called, more = _changed(line)
        called = [name for name in called if name != "gc.disable"]  # the worker holds it back itself
        return sorted({*imported, *called}), {**origins, **more}, line.folders[ARM]


def _changed(line: Channel) -> tuple[list[str], Mapping[str, str]]:
    answer = _ask(line, {"op": "changed"})
    changed, origins = answer.get("changed"), answer.get("origins")
    names = [str(name)[:200] for name in changed] if isinstance(changed, list) else []
    return names, {str(name): str(file) for name, file in origins.items()} if isinstance(origins, dict) else {}
