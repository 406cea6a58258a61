"""A last look at what would be accepted: fresh processes of each side, asked what the measurement did not ask.

They look like the measured ones until after the calls, on inputs of their own, so that behaving well here is behaving well.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.channel import ChannelLost
from evaluation.guard.last_look import figures
from evaluation.guard.last_look.differences import Comparing, Difference, Told
from evaluation.guard.last_look.figures import Look
from evaluation.guard.last_look.questions import Found, Questions, questions
from evaluation.guard.last_look.replaced import Shared
from evaluation.guard.last_look.sitting import Recorder, pristine, sitting
from evaluation.inputs import Source
from evaluation.policy import Policy
from evaluation.scorecard import Reason
from evaluation.speed.checked import Outcomes
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Check, Launcher, SideFailed, WrongOutcome


def take(launcher: Launcher, baseline: Path, candidate: Path, prepared: Prepared, source: Source, policy: Policy, random: Random,
         found: Found) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:  # fmt: skip
    """(reasons to reject, notes). Raises ChannelLost, SideFailed, WrongOutcome when the candidate does not bear it.

    Raises BaselineFailed where it is the pristine code that does not.
    """
    with pristine():
        asked = questions(launcher, baseline, prepared, source, random, policy, found)
    look = LastLook(launcher, baseline, candidate, asked, random, prepared.patience, Comparing(policy, source.accepts), source)
    first = look.sit()
    reasons = figures.reasons(first.before, first.after, found.gain)
    differing = [each for each in look.differences(first.known, first.told) if each[0] not in asked.aside]
    if reasons or differing:  # an accusation needs a second look: pristine code may be unsteady, a host moody
        codes, again = {each.code for each in reasons}, look.sit()
        confirmed = figures.reasons(again.before, again.after, found.gain, again=first.before)
        reasons = tuple(each for each in confirmed if each.code in codes)
        unsteady = {code for code, _ in look.differences(first.known, again.known)}
        differing = [each for each in differing if each[0] not in unsteady]
    replaced = Shared(launcher, baseline, candidate, asked.known.pool, random, prepared.patience).reasons()
    drifted = [Reason("guard.drift", f"after many calls {text}") for _, text in differing[:1]]
    return (*reasons, *replaced, *drifted), figures.notes(first.before, first.after)


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

    def sit(self) -> Seen:
        """Put both sides beside each other, each in a process of its own. Raises what `take` does.

        In each turn the pristine code goes first, since what it gives is what the other side has to give. The candidate's first
        turn comes without a rest after all its other calls, the later ones right after the pristine code's.
        """
        recorder = Recorder(self.asked, self.comparing.policy, self.source)
        given = Outcomes(recorder.expected, self.random)
        with ExitStack() as stack:
            with pristine():
                ours = stack.enter_context(sitting(self.launcher, self.baseline, self.asked, self.random, self.patience,
                                                   recorder.check))  # fmt: skip
                ours.begin()
                ours.take_turn()
            try:
                theirs = stack.enter_context(sitting(self.launcher, self.candidate, self.asked, self.random, self.patience,
                                                     given.check))  # fmt: skip
                theirs.begin()
                theirs.take_turn()
                for _ in self.asked.turns[1:]:
                    with pristine():
                        ours.take_turn()
                    theirs.take_turn()
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

    def _alone(self, check: Check, turns: int) -> None:
        """The pristine code once more, as far as it came before."""
        with sitting(self.launcher, self.baseline, self.asked, self.random, self.patience, check) as side:
            side.begin()
            for _ in range(turns):
                side.take_turn()
            side.end()
