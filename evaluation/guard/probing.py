"""A last look at what would be accepted: fresh processes of each side, asked what the measurement did not ask.

They look like the measured ones until after the calls, on inputs of their own, so that behaving well here is behaving well.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.channel import Channel, ChannelLost
from evaluation.correctness.observer import Unloadable
from evaluation.guard import scrutiny
from evaluation.guard.drifting import Comparing, Difference, Told
from evaluation.guard.looking import ARM, Recorder, ask, join_s, sitting, witness
from evaluation.guard.questions import Found, Questions, questions
from evaluation.guard.scrutiny import Look
from evaluation.inputs import Source
from evaluation.policy import Policy
from evaluation.scorecard import Reason
from evaluation.speed.checked import Outcomes
from evaluation.speed.measurement import BaselineFailed
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Check, Launcher, Referee, SideFailed, WrongOutcome


def probe(launcher: Launcher, baseline: Path, candidate: Path, prepared: Prepared, source: Source, policy: Policy, random: Random,
          found: Found) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:  # fmt: skip
    """(reasons to reject, notes). Raises ChannelLost, SideFailed, WrongOutcome when the candidate does not bear it.

    Raises BaselineFailed where it is the pristine code that does not.
    """
    with _pristine():
        asked = questions(launcher, baseline, prepared, source, random, policy, found)
    comparing = Comparing(policy.setting_aside(asked.aside), source.accepts)

    def seen() -> Seen:
        return _sit(launcher, baseline, candidate, asked, random, prepared.patience, Recorder(asked, policy, source))

    first = seen()
    reasons = scrutiny.reasons(first.before, first.after, found.gain)
    differing = [each for each in _differences(comparing, asked, first.known, first.told) if each[0] not in asked.aside]
    if reasons or differing:  # an accusation needs a second look: pristine code may be unsteady, a host moody
        codes, again = {each.code for each in reasons}, seen()
        confirmed = scrutiny.reasons(again.before, again.after, found.gain, again=first.before)
        reasons = tuple(each for each in confirmed if each.code in codes)
        unsteady = {code for code, _ in _differences(comparing, asked, first.known, again.known)}
        differing = [each for each in differing if each[0] not in unsteady]
    replaced = _replaced(launcher, baseline, candidate, asked, random, prepared.patience)
    drifted = [Reason("guard.drift", f"after many calls {text}") for _, text in differing[:1]]
    return (*reasons, *replaced, *drifted), scrutiny.notes(first.before, first.after)


@dataclass(frozen=True, slots=True)
class Seen:
    """What both sides showed: figures, and what was given and said."""

    before: Look
    known: Told
    after: Look
    told: Told


def _sit(launcher: Launcher, baseline: Path, candidate: Path, asked: Questions, random: Random, patience: float,
         pristine: Recorder) -> Seen:  # fmt: skip
    """Put both sides beside each other, each in a process of its own. Raises what `probe` does.

    In each turn the pristine code goes first, since what it gives is what the other side has to give. The candidate's first
    turn comes without a rest after all its other calls, the later ones right after the pristine code's.
    """
    given = Outcomes(pristine.expected, random)
    with ExitStack() as stack:
        with _pristine():
            ours = stack.enter_context(sitting(launcher, baseline, asked, random, patience, pristine.check))
            ours.begin()
            ours.take_turn()
        try:
            theirs = stack.enter_context(sitting(launcher, candidate, asked, random, patience, given.check))
            theirs.begin()
            theirs.take_turn()
            for _ in asked.turns[1:]:
                with _pristine():
                    ours.take_turn()
                theirs.take_turn()
            after, told = theirs.end()
            given.settle()
        except (SideFailed, WrongOutcome, ChannelLost):  # an accusation: what if the pristine code does not bear it either?
            with _pristine():
                _alone(launcher, baseline, asked, random, patience, Outcomes(pristine.expected, random).check, ours.taken)
            raise
        with _pristine():
            before, known = ours.end()
    return Seen(before, known, after, told)


def _differences(comparing: Comparing, asked: Questions, ours: Told, theirs: Told) -> Iterator[Difference]:
    return comparing.differences([*asked.mixed, *asked.refused], asked.edges, ours, theirs)


def _alone(launcher: Launcher, tree: Path, asked: Questions, random: Random, patience: float, check: Check, turns: int) -> None:
    with sitting(launcher, tree, asked, random, patience, check) as side:
        side.begin()
        for _ in range(turns):
            side.take_turn()
        side.end()


@contextmanager
def _pristine() -> Iterator[None]:
    """What goes wrong in here is nobody's fault but the pristine code's."""
    try:
        yield
    except (SideFailed, WrongOutcome, ChannelLost, Unloadable) as error:
        raise BaselineFailed(f"after many calls in a process of its own it fails: {error}") from error


def _replaced(
    launcher: Launcher, baseline: Path, candidate: Path, asked: Questions, random: Random, patience: float
) -> tuple[Reason, ...]:
    """Reasons for what the candidate replaces in its process, and for modules it brings along.

    What an installed package does when it is first imported (numba asks to be called at exit) is not the candidate's doing.
    Which these are, the pristine code shows; what the candidate did beside them is looked for where they are there already.
    """
    changed, origins, own = _witnessed(launcher, baseline, candidate, asked, random, patience)
    strange = scrutiny.strangers(origins, f"{own}/")
    if not changed:
        return strange
    installed = [name for name, file in origins.items() if not file.startswith(("/sides/", *scrutiny.WRITABLE))]
    theirs = _imported(launcher, baseline, installed)
    if theirs & {*changed}:
        again, *_ = _witnessed(launcher, baseline, candidate, asked, random, patience, installed)
        changed = sorted({*changed} - theirs | {*again})
    with _pristine():
        anyway, *_ = _witnessed(launcher, baseline, baseline, asked, random, patience, installed)
    return (*scrutiny.replaced(changed, anyway), *strange)


def _imported(launcher: Launcher, baseline: Path, modules: Sequence[str]) -> frozenset[str]:
    """What is replaced when the pristine code's process imports these; nothing where it can't, which excuses nobody."""
    with launcher.open({"baseline": baseline}) as line:
        try:
            witness(line, ("baseline",))
            ask(line, {"op": "fetch", "modules": list(modules)})
            return frozenset(_changed(line)[0])
        except (SideFailed, ChannelLost):
            return frozenset()


def _witnessed(launcher: Launcher, baseline: Path, other: Path, asked: Questions, random: Random, patience: float,
               modules: Sequence[str] = ()) -> tuple[list[str], Mapping[str, str], str]:  # fmt: skip
    """What is replaced by importing a tree beside the pristine one and by calling it, where its modules come from and lie."""
    with launcher.open({"baseline": baseline, ARM: other}) as line:
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
