"""A last look at what would be accepted: fresh processes of each side, asked what the measurement did not ask.

They look like the measured ones until after the calls, on inputs of their own, so that behaving well here is behaving well.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from evaluation.channel import Channel, ChannelLost
from evaluation.correctness.observer import Unloadable
from evaluation.guard import scrutiny
from evaluation.guard.drifting import Comparing
from evaluation.guard.looking import ARM, Recorder, ask, join_s, look, witness
from evaluation.guard.questions import Found, Questions, questions
from evaluation.inputs import Source
from evaluation.policy import Policy
from evaluation.scorecard import Reason
from evaluation.speed.checked import Outcomes
from evaluation.speed.measurement import BaselineFailed
from evaluation.speed.referee import Bench, Referee, SideFailed, WrongOutcome
from evaluation.speed.stage import Stage


def probe(bench: Bench, baseline: Path, candidate: Path, prepared: Stage, source: Source, policy: Policy, random: Random,
          found: Found) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:  # fmt: skip
    """(reasons to reject, notes). Raises ChannelLost, SideFailed, WrongOutcome when the candidate does not bear it.

    Raises BaselineFailed where it is the pristine code that does not.
    """
    with _pristine():
        asked = questions(bench, baseline, prepared, source, random, policy, found)
        pristine = Recorder()
        before, known = look(bench, baseline, asked, random, prepared.patience, pristine.check)
    given = Outcomes(pristine.expected(asked, policy, source), random)
    try:
        after, told = look(bench, candidate, asked, random, prepared.patience, given.check)
        given.settle()
    except (SideFailed, WrongOutcome, ChannelLost):  # an accusation: what if the pristine code does not bear it either?
        with _pristine():
            look(
                bench,
                baseline,
                asked,
                random,
                prepared.patience,
                Outcomes(pristine.expected(asked, policy, source), random).check,
            )
        raise
    comparing = Comparing(policy, source.accepts)
    differing = [
        each
        for each in comparing.differences([*asked.mixed, *asked.refused], asked.edges, known, told)
        if each[0] not in asked.aside
    ]
    reasons, doubtful = list(scrutiny.reasons(before, after)), scrutiny.doubtful(before, after, found.gain)
    # an accusation needs a second look: a neighbour may have woken up, pristine code may be unsteady
    if reasons or differing or doubtful:
        with _pristine():
            again, repeated = look(bench, baseline, asked, random, prepared.patience, _unchecked)
        unsteady = {code for code, _ in comparing.differences([*asked.mixed, *asked.refused], asked.edges, known, repeated)}
        differing = [each for each in differing if each[0] not in unsteady]
        asked_again = reasons or doubtful
        once_more = look(bench, candidate, asked, random, prepared.patience, _unchecked)[0] if asked_again else after
        codes = {each.code for each in reasons}
        reasons = [each for each in scrutiny.reasons(again, once_more, again=before) if each.code in codes]
        reasons += scrutiny.lacking((before, again), (after, once_more), found.gain) if doubtful else ()
    reasons += [*_replaced(bench, baseline, candidate, asked, random, prepared.patience)]
    if differing:
        reasons.append(Reason("guard.drift", f"after many calls {differing[0][1]}"))
    return tuple(reasons), scrutiny.notes(before, after)


@contextmanager
def _pristine() -> Iterator[None]:
    """What goes wrong in here is nobody's fault but the pristine code's."""
    try:
        yield
    except (SideFailed, WrongOutcome, ChannelLost, Unloadable) as error:
        raise BaselineFailed(f"after many calls in a process of its own it fails: {error}") from error


def _unchecked(*_: object) -> None:
    return None


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
    with _pristine():
        anyway, *_ = _witnessed(bench, baseline, baseline, asked, random, patience, installed)
    return (*scrutiny.replaced(changed, anyway), *strange)


def _imported(bench: Bench, baseline: Path, modules: Sequence[str]) -> frozenset[str]:
    """What is replaced when the pristine code's process imports these; nothing where it can't, which excuses nobody."""
    with bench.open({"baseline": baseline}) as line:
        try:
            witness(line, ("baseline",))
            ask(line, {"op": "fetch", "modules": list(modules)})
            return frozenset(_changed(line)[0])
        except (SideFailed, ChannelLost):
            return frozenset()


def _witnessed(bench: Bench, baseline: Path, other: Path, asked: Questions, random: Random, patience: float,
               modules: Sequence[str] = ()) -> tuple[list[str], Mapping[str, str], str]:  # fmt: skip
    """What is replaced by importing a tree beside the pristine one and by calling it, where its modules come from and lie."""
    with bench.open({"baseline": baseline, ARM: other}) as line:
        witness(line, ("baseline", ARM), modules)
        join_s(line, ARM)
        imported, origins = _changed(line)
        referee = Referee(line, random, lambda *_: None, patience)
        for arm in ("baseline", ARM):
            referee.run(arm, asked.known.pool, range(min(3, len(asked.known.pool.inputs))))
        called, more = _changed(line)
        called = [name for name in called if name != "gc.disable"]  # the worker holds it back itself
        return sorted({*imported, *called}), {**origins, **more}, line.folders[ARM]


def _changed(line: Channel) -> tuple[list[str], Mapping[str, str]]:
    answer = ask(line, {"op": "changed"})
    changed, origins = answer.get("changed"), answer.get("origins")
    names = [str(name)[:200] for name in changed] if isinstance(changed, list) else []
    return names, {str(name): str(file) for name, file in origins.items()} if isinstance(origins, dict) else {}
