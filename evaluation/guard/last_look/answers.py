"""What the pristine code answers to inputs of a last look, and alike in another process: what it does not, nobody is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.compare import pairing
from evaluation.compare.comparison import disagreements
from evaluation.compare.observation import raised
from evaluation.compare.plain import Value
from evaluation.compare.walk import ORDER
from evaluation.correctness import equivalence
from evaluation.correctness.observer import Lost, Observer
from evaluation.guard.last_look.differences import allowed
from evaluation.inputs import Input, InputsFailed, Source
from evaluation.policy import Policy

SECONDS = 20.0  # for one input, where it was answered within one: a host may be busy
UNSTEADY = frozenset({ORDER, *pairing.CODES})  # in which pristine code may differ from process to process and still be asked


@dataclass(frozen=True, slots=True)
class Answer:
    """An input and what the pristine code makes of it."""

    input: Input
    told: Value

    @property
    def refused(self) -> bool:
        """Whether it raises something."""
        return raised(self.told) is not None


@dataclass(frozen=True, slots=True)
class Oracle:
    """Two processes of the pristine code, and what is known not to be steady in it."""

    oracle: Observer
    witness: Observer
    policy: Policy
    source: Source
    known: frozenset[str]

    def answers(self, inputs: Sequence[Input]) -> tuple[list[Answer], frozenset[str]]:
        """Those that it answers in time and alike in both, and in what their order of things differs. Raises Unloadable."""
        kept: list[Answer] = []
        aside = {*self.known}
        for each in inputs:
            told = self.oracle.observe(each.pickle, seconds=equivalence.HASTY_SECONDS)
            if isinstance(told, Lost) or raised(told) in equivalence.OWN_LIMITS or not self._accepted(each, told):
                continue
            again = self.witness.observe(each.pickle, seconds=SECONDS)
            lenient = allowed(self.policy, each)
            differing = disagreements(told, again, lenient) if isinstance(again, Value) else {""}
            if set(map(pairing.family, differing)) <= UNSTEADY | self.known:
                kept.append(Answer(each, told))
                aside |= differing
        return kept, frozenset(aside)

    def _accepted(self, each: Input, told: Value) -> bool:
        """Whether the project's own check, where it has one, bears this input with what the pristine code gives."""
        if self.policy.check is None or raised(told):
            return True
        try:
            return self.source.accepts(self.policy.check, each.pickle, told) is None
        except InputsFailed:
            return False
