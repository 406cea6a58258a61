"""How long either side may take while results are compared, and when enough was compared.

Only the reference's time ends comparing early: a candidate that is slow must not choose on how little it is looked at.
"""

from collections import Counter
from dataclasses import dataclass, field

from evaluation.inputs import Origin

CALL_SECONDS = 5.0  # for the reference, on one input
WARY_SECONDS = 1.0  # the same, once an input was lost
FIRST_SECONDS = 60.0  # for its very first answer, which tells how long others may take
ENOUGH_S = 120.0  # of the reference's answers, after which a slow function is not asked again
ORDINARY_S = 60.0  # of these for ordinary inputs, so that changed ones have their turn
LEAST_COMPARED = 3  # inputs, however slow
LEAST_SHARE = 0.25  # of the inputs asked for, where the reference is not slow
LOSSES = 8  # inputs of one origin on which the reference gives no answer, after which the rest of these is left alone
TIMES = 10.0  # the reference's time, for the candidate's answer to one input
COMPILING_S = 20.0  # for that in any case: it may compile itself for each new type, on a crowded machine
TIMES_IN_ALL = 3.0  # the reference's time, for all of the candidate's answers, beside what compiling takes in all
COMPILING_IN_ALL_S = 120.0


@dataclass(slots=True)
class Patience:
    """What both sides took until now, in seconds, all told."""

    usual: float = 0.0  # the reference's first answer
    reference_s: float = 0.0
    candidate_s: float = 0.0
    compared: int = 0
    lost: Counter[Origin] = field(default_factory=Counter)  # inputs on which the reference gave no answer

    def answered(self, seconds: float) -> None:
        """The reference took so long for an input that is going to be compared."""
        self.usual = self.usual or seconds
        self.reference_s += seconds
        self.compared += 1

    def for_reference(self) -> float:
        """Seconds for its next answer."""
        if not self.compared and not self.lost:
            return FIRST_SECONDS
        return max(WARY_SECONDS if self.lost else CALL_SECONDS, TIMES * self.usual)

    def for_candidate(self, seconds: float) -> float:
        """Seconds for its answer, where the reference took so many."""
        return max(COMPILING_S, TIMES * seconds)

    def complaint(self) -> str | None:
        """Why nobody waits for the candidate any longer, after all its answers until now."""
        if self.candidate_s <= COMPILING_IN_ALL_S + TIMES_IN_ALL * self.reference_s:
            return None
        return f"{self.compared} small inputs took {self.candidate_s:.0f} s, and {self.reference_s:.0f} s before the change"

    def enough(self, origin: Origin) -> bool:
        """Whether the reference is too slow for another input of this origin, or does not answer such ones."""
        spent = self.reference_s > (ENOUGH_S if origin == "edge" else ORDINARY_S)
        return self.lost[origin] >= LOSSES or (self.compared >= LEAST_COMPARED and spent)

    def thin(self, asked: int) -> str | None:
        """Why too little was compared to say anything, where the reference is not just slow."""
        if self.compared >= LEAST_SHARE * asked or self.reference_s > ORDINARY_S:
            return None
        return f"the reference gave an answer on {self.compared} of {asked} inputs only"
