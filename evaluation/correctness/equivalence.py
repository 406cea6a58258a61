"""Whether a candidate behaves like the reference: the same inputs to both, each solo in its process, compared out here."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from evaluation.compare import pairing
from evaluation.compare.comparison import compare, disagreements
from evaluation.compare.observation import raised
from evaluation.compare.plain import Value
from evaluation.correctness import beyond, signature
from evaluation.correctness.observer import Lost, Observer, Unloadable
from evaluation.correctness.patience import CALL_SECONDS, TIMES, Patience
from evaluation.correctness.shrinking import shrunk
from evaluation.correctness.signature import Signature
from evaluation.inputs import Input, InputsFailed, Told
from evaluation.policy import Policy, Relaxation
from evaluation.scorecard import Equivalence, Mismatch
from evaluation.speed.referee import Launcher

ENOUGH = 3  # inputs with a difference, after which we stop looking
WITNESSES = 2  # fresh processes asked whether the reference agrees with itself
PANEL = 6  # further inputs they are asked about, large ones: a set of two comes in one order half the time, a large one never
PANEL_SECONDS = 3.0  # in all, for the reference's own answers to those
HASTY_SECONDS = 1.0  # for an answer that is only asked for on the side
SHRINKING_SECONDS = 4.0  # in all, for making the inputs smaller that show a difference
UNCLEAR = "equivalence.unclear"
OPEN = frozenset({UNCLEAR, *pairing.CODES})  # that it is wrong is not shown by these, nor that it is right
ESSENTIAL = frozenset({"equivalence.value", "equivalence.type", "equivalence.exception"})  # without these, nothing is known
DOUBTFUL = frozenset({"captured", "edge"})  # inputs that nobody made for being repeated: tests may set up something around them
OWN_LIMITS = frozenset({"RecursionError", "MemoryError"})  # raised by the machine rather than by the code


class Inputs(Protocol):
    """Whoever makes inputs for comparing results."""

    def varied(self, seed: int, count: int, *, tentative: bool = False) -> list[Input]:
        """About `count` inputs, ordinary ones first; with `tentative`, some are among them that may be refused."""

    def beyond(self, seed: int) -> list[Input]:
        """A few inputs with columns of kinds that the project's inputs never show."""

    def accepts(self, function: str, pickle: bytes, observed: Value) -> str | None:
        """What the project's own check has against a result; None when it accepts it."""

    def smaller(self, pickle: bytes) -> list[bytes]:
        """Inputs that are smaller than this one by a step, boldest steps first."""

    def told(self, pickle: bytes) -> Told:
        """An input for people."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What comparing showed. `unclear` says why nothing can be concluded from it, where that is so."""

    equivalence: Equivalence
    unclear: str | None = None
    narrowed: str | None = None  # a way of calling the function that is gone: then nothing was compared


def check(
    launcher: Launcher, *, base: Path, candidate: Path, reference: Launcher, inputs: Inputs, policy: Policy, seed: int,
    count: int = 100, remarks: bool = False,
) -> Finding:  # fmt: skip
    """Compare on about `count` inputs. `reference` starts the oracle's function, `launcher` the target.

    With `remarks`, what agrees is tried on kinds of columns, too, that the project's inputs never show.

    Raises Unloadable when either side can't be imported, InputsFailed when there are no inputs.
    """
    samples = by_size(inputs.varied(seed, count, tentative=True))
    with Observer(reference, base) as oracle, Observer(launcher, candidate) as subject:
        narrowed = _narrowed(oracle, subject, base)
        if narrowed is not None:
            return Finding(Equivalence(str(policy)), narrowed=narrowed)
        finding = _Comparing(oracle, subject, inputs, policy).run(samples)
        if not remarks or finding.unclear or finding.equivalence.mismatches:
            return finding
        try:
            aside = policy.setting_aside(finding.equivalence.set_aside)
            told = beyond.differences(oracle, subject, inputs.beyond(seed), aside)
        except InputsFailed:  # a remark less; what counts has agreed
            return finding
        return replace(finding, equivalence=replace(finding.equivalence, beyond=told))


def _narrowed(oracle: Observer, subject: Observer, base: Path) -> str | None:
    """What can no longer be asked of the candidate, held against the target before the change rather than its reference.

    An accusation needs a second look: a default may be another one in each process, like a time or a folder.
    """
    own = oracle.launcher.target == subject.launcher.target
    before = oracle.signature() if own else _pristine(subject, base)
    after = subject.signature() if before is not None else None
    if signature.narrowed(before, after) is None:
        return None
    varying = signature.varying(before, _pristine(subject, base))
    return signature.narrowed(*(signature.without(each, varying) for each in (before, after)))


def _pristine(subject: Observer, base: Path) -> Signature | None:
    with Observer(subject.launcher, base) as pristine:
        return pristine.signature()


def by_size(samples: Sequence[Input]) -> list[Input]:
    """Small inputs first, so that the first difference found is one that a person can read; ordinary before changed ones."""
    return sorted(samples, key=lambda sample: (sample.origin == "edge", len(sample.pickle)))


@dataclass(slots=True)
class _Comparing:
    oracle: Observer
    subject: Observer
    inputs: Inputs
    policy: Policy
    found: list[Mismatch] = field(default_factory=list)
    set_aside: set[str] = field(default_factory=set)
    spare: float = SHRINKING_SECONDS  # left for making inputs smaller
    patience: Patience = field(default_factory=Patience)
    stable: set[str] = field(default_factory=set)  # codes in which the reference was seen to agree with itself
    silence: str = ""  # why the reference gave no answer, the first time
    unsteady: int = 0  # doubtful inputs which the reference does not answer alike
    panel: Sequence[Input] = ()  # what witnesses are asked about besides the input in question

    def run(self, samples: Sequence[Input]) -> Finding:
        ordinary = [each for each in samples if each.origin != "edge"]
        self.panel = ([each for each in ordinary if each.origin != "captured"] or ordinary)[: -PANEL - 1 : -1]
        patience, skipped, refused, bad = self.patience, 0, 0, 0
        for sample in samples:
            if patience.enough(sample.origin):
                continue
            expected = self.oracle.observe(sample.pickle, seconds=patience.for_reference())
            patience.lost[sample.origin] += isinstance(expected, Lost)
            self.silence = self.silence or (expected.text if isinstance(expected, Lost) else "")
            if isinstance(expected, Lost) or raised(expected) in OWN_LIMITS:
                skipped += 1
            elif sample.tentative and raised(expected):
                refused += 1
            else:
                patience.answered(self.oracle.seconds)
                differences = self._differences(sample, expected, patience.for_candidate(self.oracle.seconds))
                bad += bool(differences)
                self.found.extend(differences)
            if bad >= ENOUGH or any(_ended(each) for each in self.found):
                break
        asked = len(samples) - refused
        equivalence = Equivalence(
            str(self.policy), asked, patience.compared - self.unsteady, tuple(self.found), differing=bad,
            set_aside=tuple(sorted(self.set_aside)), skipped=skipped + self.unsteady,
        )  # fmt: skip
        return Finding(equivalence, self._unclear(asked))

    def _differences(self, sample: Input, expected: Value, seconds: float) -> list[Mismatch]:
        """What differs on one input, as far as it is the candidate's doing."""
        actual = self.subject.observe(sample.pickle, seconds=seconds)
        self.patience.candidate_s += self.subject.seconds
        if isinstance(actual, Lost):
            return [Mismatch(actual.code, actual.text, sample.description)]
        complaint = self.patience.complaint()
        if complaint is not None:
            return [Mismatch("sandbox.timeout", complaint, sample.description)]
        if sample.tentative and raised(actual):
            return []  # that the reference takes it was nobody's intention: it may not even have looked
        differences = self._compared(sample, expected, actual)
        if differences and sample.origin in DOUBTFUL and not self._steady(sample, expected):
            self.unsteady += 1
            return []
        while self._ask_witnesses(sample, expected, {each.code for each in differences}):
            differences = self._compared(sample, expected, actual)
        differences += self._objections(sample, expected, actual)
        shown = self._shown(sample, expected, [each for each in differences if each.code not in self.set_aside])
        return [replace(each, code=pairing.family(each.code)) for each in shown]

    def _compared(self, sample: Input, expected: Value, actual: Value) -> list[Mismatch]:
        """What differs, as far as the reference was not seen to differ from itself in it."""
        return _compared(sample, expected, actual, self.policy.setting_aside(self.set_aside))

    def _shown(self, sample: Input, expected: Value, differences: list[Mismatch]) -> list[Mismatch]:
        """The differences with their input, which is made as small as time allows and told as code where it can be."""
        codes = {each.code for each in differences} - {UNCLEAR}
        if not codes:
            return [replace(each, input=sample.description) for each in differences]
        first = next(each for each in differences if each.code in codes)
        outcome, began = raised(expected), time.monotonic()

        def shows(pickle: bytes) -> bool:
            return any(self._alike(first, each) for each in self._again(replace(sample, pickle=pickle), outcome))

        try:
            small = shrunk(sample.pickle, smaller=self.inputs.smaller, shows=shows, seconds=self.spare)
            told = self.inputs.told(small)
        except (InputsFailed, Unloadable):  # a process ended over it: the input stays as large as it is
            return [replace(each, input=sample.description) for each in differences]
        self.spare -= time.monotonic() - began
        if small != sample.pickle:
            again = self._again(replace(sample, pickle=small), outcome)
            differences = [each for each in again if each.code in codes] or differences
        text = told.code or (told.description if small != sample.pickle else sample.description)
        return [replace(each, input=text, runnable=told.code is not None) for each in differences]

    def _alike(self, first: Mismatch, other: Mismatch) -> bool:
        """Whether it is the same difference; a check that errs on a smaller input has something else against it."""
        said = self.policy.check is not None and first.code == "equivalence.value"
        return first.code == other.code and (first.text == other.text or not said)

    def _again(self, sample: Input, outcome: str | None) -> list[Mismatch]:
        """What differs on a smaller input on which the reference still ends alike."""
        expected = self.oracle.observe(sample.pickle, seconds=HASTY_SECONDS)
        if isinstance(expected, Lost) or raised(expected) != outcome:
            return []
        actual = self.subject.observe(sample.pickle, seconds=HASTY_SECONDS)
        if isinstance(actual, Lost):
            return []
        differences = self._compared(sample, expected, actual)
        return [each for each in [*differences, *self._checked(sample, actual)] if each.code not in self.set_aside]

    def _objections(self, sample: Input, expected: Value, actual: Value) -> list[Mismatch]:
        """What the project's own check has against the candidate's result, unless the reference's is refused as well."""
        found = [*self._checked(sample, actual)]
        before_any_change = self.subject.tree == self.oracle.tree  # when the check itself is in question
        if found and not before_any_change and [*self._checked(sample, expected)]:
            self.unsteady += 1
            return []
        return found

    def _checked(self, sample: Input, actual: Value) -> Iterator[Mismatch]:
        """What the project's own check says, where it decides."""
        if self.policy.check is not None and not raised(actual) and not sample.tentative:
            objection = self.inputs.accepts(self.policy.check, sample.pickle, actual)
            if objection is not None:
                yield Mismatch("equivalence.value", objection, sample.description)

    def _steady(self, sample: Input, expected: Value) -> bool:
        """Whether the reference answers such an input alike in another process."""
        with Observer(self.oracle.launcher, self.oracle.tree) as witness:
            again = witness.observe(sample.pickle, seconds=max(CALL_SECONDS, TIMES * self.patience.usual))
        policy = _policy_for(self.policy, sample, expected)
        return isinstance(again, Value) and not ESSENTIAL & disagreements(expected, again, policy)

    def _ask_witnesses(self, sample: Input, expected: Value, codes: set[str]) -> bool:
        """Let fresh processes of the reference answer again: where they differ among themselves, nobody can be blamed.

        Whether there was a need to ask.
        """
        if codes <= self.stable | self.set_aside | {UNCLEAR}:
            return False
        answers = [(sample, expected), *self._answers()]
        for _ in range(WITNESSES):
            with Observer(self.oracle.launcher, self.oracle.tree) as witness:
                for each, before in answers:
                    again = witness.observe(each.pickle, seconds=max(CALL_SECONDS, TIMES * self.patience.usual))
                    if isinstance(again, Value):
                        self.set_aside |= disagreements(before, again, _policy_for(self.policy, each, before)) - {UNCLEAR}
        self.stable |= codes - self.set_aside
        return True

    def _answers(self) -> Iterator[tuple[Input, Value]]:
        """What the reference says to the panel's inputs, as far as time allows."""
        until = time.monotonic() + PANEL_SECONDS
        for sample in self.panel:
            if time.monotonic() > until:
                return
            answer = self.oracle.observe(sample.pickle, seconds=HASTY_SECONDS)
            if isinstance(answer, Value) and raised(answer) not in OWN_LIMITS:
                yield sample, answer

    def _unclear(self, asked: int) -> str | None:
        if self.patience.compared <= self.unsteady:
            return "the reference gave no answer on any input" + (f": {self.silence[:300]}" if self.silence else "")
        if ESSENTIAL & self.set_aside:
            return "the reference gives different results for the same input"
        unclear = next((each.text for each in self.found if each.code in OPEN), None)
        if not all(each.code in OPEN for each in self.found):
            return None
        return unclear or self.patience.thin(asked)


def _compared(sample: Input, expected: Value, actual: Value, policy: Policy) -> list[Mismatch]:
    differences = compare(expected, actual, _policy_for(policy, sample, expected))
    if sample.origin == "edge" and raised(expected):
        return [each for each in differences if each.code == "equivalence.exception"]
    return differences


def differing(inputs: Inputs, policy: Policy, sample: Input, expected: Value, actual: Value | Lost) -> list[Mismatch]:
    """What differs on one input, whoever's doing it is. Raises InputsFailed where there is no check to ask."""
    if isinstance(actual, Lost):
        return [Mismatch(actual.code, actual.text, sample.description)]
    if raised(expected) in OWN_LIMITS:
        return []
    found = _compared(sample, expected, actual, policy)
    if policy.check is not None and not raised(actual):
        objection = inputs.accepts(policy.check, sample.pickle, actual)
        found += [Mismatch("equivalence.value", objection, sample.description)] if objection else []
    return found


def _ended(mismatch: Mismatch) -> bool:
    """Whether the candidate's process was lost: one time is enough, and each costs patience."""
    return not mismatch.code.startswith("equivalence.")


def _policy_for(policy: Policy, sample: Input, expected: Value) -> Policy:
    """On changed inputs that the reference refuses, the kind of refusal counts, not its words."""
    if sample.origin != "edge":
        return policy
    policy = replace(policy, made_up=True)
    return policy.relax(Relaxation.EXCEPTION_TEXT) if raised(expected) else policy
