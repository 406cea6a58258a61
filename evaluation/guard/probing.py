"""A last look at what would be accepted: fresh processes of each side, asked what the measurement did not ask.

They look like the measured ones until after the calls, on inputs of their own, so that behaving well here is behaving well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from evaluation.channel import Channel, Header
from evaluation.compare.comparison import compare
from evaluation.compare.observation import raised
from evaluation.compare.plain import BadFrame, Value
from evaluation.correctness import equivalence
from evaluation.correctness.observer import Lost, Observer, answered
from evaluation.guard import scrutiny
from evaluation.guard.scrutiny import Look
from evaluation.inputs import InputsFailed, Source
from evaluation.inputs import Sample as Input
from evaluation.policy import Policy, Relaxation
from evaluation.scorecard import Reason
from evaluation.speed.calibration import VERY_SLOW_S
from evaluation.speed.process import resident_kib
from evaluation.speed.referee import ANSWER_BYTES, LOAD_SECONDS, Bench, Frame, Pool, Referee, SideFailed
from evaluation.speed.samples import ARMS, Arm
from evaluation.speed.stage import Stage

PASSES = 4  # over the same inputs, once they are known
PASS_S = 0.3  # of the baseline's time, for one pass over the inputs
EDGES = 24  # inputs at the edges, of ordinary and of the measured sizes each
FEWEST = (4, 2)  # inputs in a pass, however slow, and where calls are very slow
OFF, OFF_CALLS = (6, 2), 40  # samples at a size a little off, fewer where calls are very slow, and calls in each at most
SECONDS = 5.0  # for one input at the edges
FOLDERS = ("tmp", "dev/shm", "var/tmp")
UNSTEADY = frozenset({"equivalence.order"})  # in which pristine code may differ from process to process and still be asked
ARM: Arm = "candidate"

Told = tuple[Frame, Value | Lost]  # a call as the timed ones are made, and the same call observed


@dataclass(frozen=True, slots=True)
class Questions:
    """What both sides are asked: the same, in the same order."""

    pool: Pool
    calls: int  # per sample
    off: int  # the same, at the two sizes that are set beside each other
    here: Sequence[bytes]
    elsewhere: Sequence[bytes]
    edges: Sequence[Input]
    aside: frozenset[str]  # codes in which the pristine code does not agree with itself


def probe(bench: Bench, baseline: Path, candidate: Path, prepared: Stage, source: Source, policy: Policy,
          random: Random) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:  # fmt: skip
    """(reasons to reject, notes). Raises ChannelLost, SideFailed, WrongOutcome when the candidate does not bear it."""
    asked = _questions(bench, baseline, prepared, source, random, policy)
    before, known = _look(bench, baseline, asked, random, prepared.patience)
    after, told = _look(bench, candidate, asked, random, prepared.patience)
    found = list(scrutiny.reasons(before, after))
    if found:  # an accusation by numbers needs a second look: a neighbour may have woken up in between
        again = [_look(bench, tree, asked, random, prepared.patience)[0] for tree in (baseline, candidate)]
        found = [reason for reason in scrutiny.reasons(*again) if reason.code in {each.code for each in found}]
    found += [*_replaced(bench, baseline, candidate, asked, random, prepared.patience)]
    text = _drifted(asked, known, told, policy)
    if text is not None:
        found.append(Reason("guard.drift", text))
    return tuple(found), scrutiny.notes(before, after)


def _questions(bench: Bench, baseline: Path, prepared: Stage, source: Source, random: Random, policy: Policy) -> Questions:
    most = max(range(len(prepared.plans)), key=lambda at: prepared.plans[at].inputs)
    slowest = max(range(len(prepared.plans)), key=lambda at: prepared.seconds[at])
    plan, size = prepared.plans[most], prepared.plans[slowest].size
    slow = prepared.seconds[slowest] > VERY_SLOW_S
    count = max(FEWEST[slow], min(len(prepared.pools[most].inputs), int(PASS_S / prepared.seconds[most])))
    fresh = source.make(random.getrandbits(63), plan.size, count)
    off = min(OFF_CALLS, prepared.plans[slowest].calls)
    samples = OFF[slow] * off
    here = source.make(random.getrandbits(63), size, samples)
    edges, aside = _answered(bench, baseline, _edges(source, size, random), policy) if policy.check is None else ([], frozenset())
    return Questions(
        Pool(fresh, prepared.pools[most].arguments), plan.calls, off, here, _off(source, size, samples, random), edges, aside
    )


def _off(source: Source, size: Mapping[str, int], count: int, random: Random) -> list[bytes]:
    """Inputs at a size that nobody measures; none where sizes are too small to be a little off, or others can't be made."""
    if all(value < 16 for value in size.values()):
        return []
    other = {name: value - value // 8 - 1 if value >= 16 else value for name, value in size.items()}
    try:
        return source.make(random.getrandbits(63), other, count)
    except InputsFailed:
        return []


def _edges(source: Source, size: Mapping[str, int], random: Random) -> list[Input]:
    try:
        small = source.varied(random.getrandbits(31), EDGES)
        return small + source.varied(random.getrandbits(31), EDGES, size=size)
    except InputsFailed:
        return []


def _answered(bench: Bench, baseline: Path, edges: Sequence[Input], policy: Policy) -> tuple[list[Input], frozenset[str]]:
    """Those that the pristine code answers in time and alike in another process; its order of things may differ there."""
    kept: list[Input] = []
    aside: set[str] = set()
    with Observer(bench, baseline) as oracle, Observer(bench, baseline) as witness:
        for edge in edges:
            told = oracle.observe(edge.pickle, seconds=equivalence.HASTY_SECONDS)
            if isinstance(told, Lost) or raised(told) in equivalence.OWN_LIMITS:
                continue
            again = witness.observe(edge.pickle, seconds=SECONDS)
            differing = {each.code for each in compare(told, again, _allowed(policy, edge))} if isinstance(again, Value) else {""}
            if differing <= UNSTEADY:
                kept.append(edge)
                aside |= differing
    return kept, frozenset(aside)


def _look(bench: Bench, tree: Path, asked: Questions, random: Random, patience: float) -> tuple[Look, list[Told]]:
    imports = _imports(bench, tree)
    with bench.open({ARM: tree}) as line:
        referee = Referee(line, random, lambda *_: None, patience)
        referee.load((ARM,))
        first = _pass(referee, asked.pool, asked.calls)
        told = [_tell(line, referee, edge) for edge in asked.edges]
        held, again = [resident_kib(referee.pid)], []
        for _ in range(PASSES):
            again.append(_pass(referee, asked.pool, asked.calls))
            held.append(resident_kib(referee.pid))
        here, elsewhere = (_pass(referee, Pool(some), asked.off) for some in (asked.here, asked.elsewhere))
        calls = len(asked.pool.inputs)
        return Look(imports, first, tuple(again), here, elsewhere, tuple(held), calls, _files(referee.pid)), told


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


def _pass(referee: Referee, pool: Pool, calls: int) -> tuple[float, ...]:
    """CPU ns a call of each sample."""
    batches = [range(at, min(at + calls, len(pool.inputs))) for at in range(0, len(pool.inputs), calls)]
    samples = [(referee.run(ARM, pool, batch)[0], len(batch)) for batch in batches]
    return tuple(sample.cpu / count for sample, count in samples)


def _tell(line: Channel, referee: Referee, edge: Input) -> Told:
    _, frames, _ = referee.run(ARM, Pool([edge.pickle], arguments=True), [0])
    answer, buffers = line.ask({"op": "observe", "side": ARM}, [edge.pickle], seconds=SECONDS, most=ANSWER_BYTES)
    return (frames[0] if frames else ({}, [])), answered(answer, buffers)


def _drifted(asked: Questions, known: Sequence[Told], told: Sequence[Told], policy: Policy) -> str | None:
    """The first difference between the sides in what calls gave after many others."""
    for edge, expected, actual in zip(asked.edges, known, told, strict=True):
        pairs = [(_value(expected[0]), _value(actual[0])), (expected[1], actual[1])]
        if isinstance(expected[1], Value) and edge.origin == "edge" and raised(expected[1]):
            pairs = pairs[:0] if isinstance(actual[1], Value) and raised(actual[1]) else pairs[1:]
        for left, right in pairs:
            if isinstance(left, Lost):
                continue
            if isinstance(right, Lost):
                return f"after many calls it gave no answer ({right.text}) for {edge.description}"
            found = [each for each in compare(left, right, _allowed(policy, edge)) if each.code not in asked.aside]
            if found:
                return f"after many calls {found[0].text}, for {edge.description}"
    return None


def _allowed(policy: Policy, edge: Input) -> Policy:
    """Nobody asked for an input at the edges: how it is refused, and what numpy says of its numbers, is nobody's promise."""
    return replace(policy.relax(Relaxation.EXCEPTION_TEXT), made_up=True) if edge.origin == "edge" else policy


def _value(frame: Frame) -> Value | Lost:
    try:
        return Value.read(*frame)
    except BadFrame as error:
        return Lost("guard.result-channel", str(error))


def _replaced(
    bench: Bench, baseline: Path, candidate: Path, asked: Questions, random: Random, patience: float
) -> tuple[Reason, ...]:
    """Reasons for what the candidate replaces in its process, and for modules it brings along.

    What an installed package does when it is first imported (numba asks to be called at exit) is not the candidate's doing.
    Which these are, the pristine code shows; what the candidate did beside them is looked for where they are there already.
    """
    changed, origins = _witnessed(bench, baseline, candidate, asked, random, patience)
    strange = scrutiny.strangers(origins, "/sides/candidate/")
    if not changed:
        return strange
    installed = [name for name, file in origins.items() if not file.startswith(("/sides/", *scrutiny.WRITABLE))]
    theirs = _imported(bench, baseline, installed)
    if theirs & {*changed}:
        again, _ = _witnessed(bench, baseline, candidate, asked, random, patience, installed)
        changed = sorted({*changed} - theirs | {*again})
    anyway, _ = _witnessed(bench, baseline, baseline, asked, random, patience, installed)
    return (*scrutiny.replaced(changed, anyway), *strange)


def _imported(bench: Bench, baseline: Path, modules: Sequence[str]) -> frozenset[str]:
    """What is replaced when the pristine code's process imports these."""
    with bench.open({"baseline": baseline}) as line:
        _witness(line, ("baseline",))
        _ask(line, {"op": "fetch", "modules": list(modules)})
        return frozenset(_changed(line)[0])


def _witnessed(bench: Bench, baseline: Path, other: Path, asked: Questions, random: Random, patience: float,
               modules: Sequence[str] = ()) -> tuple[list[str], Mapping[str, str]]:  # fmt: skip
    """What is replaced by importing a tree beside the pristine one and by calling it, and where its modules come from."""
    with bench.open({"baseline": baseline, ARM: other}) as line:
        _witness(line, ("baseline", ARM), modules)
        _join_s(line, ARM)
        imported, origins = _changed(line)
        referee = Referee(line, random, lambda *_: None, patience)
        for arm in ("baseline", ARM):
            referee.run(arm, asked.pool, range(min(3, len(asked.pool.inputs))))
        called, more = _changed(line)
        called = [name for name in called if name != "gc.disable"]  # the worker holds it back itself
        return sorted({*imported, *called}), {**origins, **more}


def _changed(line: Channel) -> tuple[list[str], Mapping[str, str]]:
    answer = _ask(line, {"op": "changed"})
    changed, origins = answer.get("changed"), answer.get("origins")
    names = [str(name)[:200] for name in changed] if isinstance(changed, list) else []
    return names, {str(name): str(file) for name, file in origins.items()} if isinstance(origins, dict) else {}


def _files(pid: int) -> frozenset[str]:
    """What lies in the places where a sandbox may write; nothing where the kernel doesn't let us look."""
    try:
        return frozenset(f"/{folder}/{entry.name}" for folder in FOLDERS for entry in _entries(Path(f"/proc/{pid}/root", folder)))
    except OSError:
        return frozenset()


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())[:1000] if folder.is_dir() else []
