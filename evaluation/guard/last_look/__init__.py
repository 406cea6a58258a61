"""A last look at what would be accepted: fresh processes of each side, asked what the measurement did not ask.

They look like the measured ones until after the calls, on inputs of their own, so that behaving well here is behaving well.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.channel import ChannelLost
from evaluation.guard.last_look import figures, gains
from evaluation.guard.last_look.differences import Comparing, Difference, Told
from evaluation.guard.last_look.far import beyond
from evaluation.guard.last_look.figures import Look
from evaluation.guard.last_look.gains import Pairing
from evaluation.guard.last_look.questions import Found, Questions, questions
from evaluation.guard.last_look.replaced import Shared
from evaluation.guard.last_look.sitting import Recorder, Sitting, pristine, sitting
from evaluation.inputs import Source
from evaluation.policy import Policy
from evaluation.scorecard import Reason
from evaluation.speed.checked import Outcomes
from evaluation.speed.pinning import same_core
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Check, Launcher, SideFailed, WrongOutcome
from evaluation.speed.scores import named

LONGEST_S = 120.0  # of sittings, after which no more of them is asked whether a small gain is there

Reasons = tuple[Reason, ...]


def take(launcher: Launcher, baseline: Path, candidate: Path, prepared: Prepared, source: Source, policy: Policy, random: Random,
         found: Found) -> tuple[Reasons, Reasons]:  # fmt: skip
    """(reasons to reject, notes). Raises ChannelLost, SideFailed, WrongOutcome when the candidate does not bear it.

    Raises BaselineFailed where it is the pristine code that does not.
    """
    with pristine():
        asked = questions(launcher, baseline, prepared, source, random, policy, found)
    comparing = Comparing(policy.setting_aside(asked.aside), source.accepts)
    look = LastLook(launcher, baseline, candidate, asked, random, prepared.patience, comparing, source)
    reasons, notes = look.accused()
    differing, told = beyond(launcher, candidate, asked.far, comparing)
    replaced = Shared(launcher, baseline, candidate, asked.known.pool, random, prepared.patience).reasons()
    return (*reasons, *differing, *replaced), (*notes, *told)


@dataclass(frozen=True, slots=True)
class Seen:
    """What both sides showed: figures, and what was given and said."""

    before: Look
    known: Told
    after: Look
    told: Told


@dataclass(frozen=True, slots=True)
class LastLook:
    """Both sides, and what they are asked."""

    launcher: Launcher
    baseline: Path
    candidate: Path
    asked: Questions
    random: Random
    patience: float
    comparing: Comparing
    source: Source

    def accused(self) -> tuple[Reasons, Reasons]:
        """(reasons to reject, notes); raises what `take` does.

        An accusation needs a second look, since pristine code may be unsteady and a host moody; small gains need more of them.
        """
        until = time.monotonic() + LONGEST_S
        seen = [self.sit()]
        first = seen[0]
        reasons = figures.reasons(first.before, first.after)
        differing = list(self.differences(first.known, first.told))
        lost, unsure = self._gains(seen)
        if reasons or differing or unsure:
            codes, again = {each.code for each in reasons}, self.sit()
            seen.append(again)
            confirmed = figures.reasons(again.before, again.after, again=first.before)
            reasons = tuple(each for each in confirmed if each.code in codes)
            unsteady = {code for code, _ in self.differences(first.known, again.known)}
            differing = [each for each in differing if each[0] not in unsteady]
            lost, unsure = self._gains(seen)
            while unsure and not lost and time.monotonic() < until:
                seen.append(self.sit())
                lost, unsure = self._gains(seen)
        drifted = [Reason("guard.drift", f"after many calls {text}") for _, text in differing[:1]]
        accused = {each.code for each in lost}
        noted = [each for each in self._noted(seen) if each.code not in accused]
        return (*reasons, *lost, *drifted), (*figures.notes(first.before, first.after), *noted)

    def sit(self) -> Seen:
        """Put both sides beside each other, each in a process of its own.

        In each turn the pristine code goes first, since what it gives is what the other side has to give. The candidate's first
        turn and its last one come without a rest after other calls of its own, those between right after the pristine code's.
        """
        recorder = Recorder(self.asked, self.comparing.policy, self.source)
        given = Outcomes(recorder.expected, self.random)
        with ExitStack() as stack:
            with pristine():
                ours = stack.enter_context(self._seated(self.baseline, recorder.check))
                ours.begin()
                ours.take_turn()
            try:
                theirs = stack.enter_context(self._seated(self.candidate, given.check))
                with same_core([ours.pid, theirs.pid], self.random) if self.launcher.one_core else nullcontext():
                    theirs.begin()
                    theirs.take_turn()
                    for side in self._order(ours, theirs):
                        with pristine() if side is ours else nullcontext():
                            side.take_turn()
                after, told = theirs.end()
                given.settle()
            except (SideFailed, WrongOutcome, ChannelLost):  # an accusation: what if the pristine code does not bear it either?
                with pristine():
                    self._alone(Outcomes(recorder.expected, self.random).check, ours.taken)
                raise
            with pristine():
                before, known = ours.end()
        return Seen(before, known, after, told)

    def differences(self, ours: Told, theirs: Told) -> Iterator[Difference]:
        """All that differs between two looks. Raises InputsFailed where the project's check fails."""
        asked = self.asked
        return self.comparing.differences([*asked.mixed, *asked.refused], asked.edges, ours, theirs)

    def _order(self, ours: Sitting, theirs: Sitting) -> list[Sitting]:
        """Who takes the turns after the first: each in turn, and at the end two in a row each."""
        left = self.asked.turns - 1
        return [] if not left else [ours, theirs] * (left - 2) + [ours] * min(2, left) + [theirs] * min(2, left)

    def _seated(self, tree: Path, check: Check) -> AbstractContextManager[Sitting]:
        return sitting(self.launcher, tree, self.asked, self.random, self.patience, check)

    def _alone(self, check: Check, turns: int) -> None:
        """The pristine code once more, as far as it came before."""
        with self._seated(self.baseline, check) as side:
            side.begin()
            for _ in range(turns):
                side.take_turn()
            side.end()

    def _gains(self, seen: Sequence[Seen]) -> tuple[Reasons, bool]:
        """(what speaks against the gains, the first of each kind; whether another sitting is needed to tell)."""
        reasons: dict[str, Reason] = {}
        unsure = False
        for at, asked in enumerate(self.asked.sizes):
            found, more = gains.reasons(_paired(seen, at), asked.gain)
            unsure |= more
            for each in found:
                reasons.setdefault(each.code, self._placed(each, at))
        return tuple(reasons.values()), unsure

    def _noted(self, seen: Sequence[Seen]) -> Iterator[Reason]:
        for at, asked in enumerate(self.asked.sizes):
            for each in gains.notes(_paired(seen, at), asked.gain):
                yield self._placed(each, at)

    def _placed(self, reason: Reason, at: int) -> Reason:
        """With the size, where there are several."""
        sizes = self.asked.sizes
        return reason if len(sizes) == 1 else Reason(reason.code, f"at {named(sizes[at].size)}: {reason.text}")


def _paired(seen: Sequence[Seen], at: int) -> list[Pairing]:
    """One size in each sitting."""
    return [Pairing(each.before.turns[at], each.after.turns[at]) for each in seen]
