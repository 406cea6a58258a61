"""The outcomes of one process, held against the pristine code's; of what only the project's own check can judge, a few are drawn.

Which ones is drawn out here, by the evaluation's random, and the check is asked when the process has ended: its candidate
can't know them, and measuring is not disturbed.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from evaluation.speed.outcomes import Expected, Frame
from evaluation.speed.referee import WrongOutcome
from evaluation.speed.samples import Arm

DRAWN = 8  # outcomes of each size and process
ASKING_S = 10.0  # in all for a process, after which a slow check is asked only once a size
JUDGED: Arm = "candidate"


@dataclass(slots=True)
class Outcomes:
    """What one process gives."""

    expected: Expected
    random: Random
    _met: Counter[int] = field(default_factory=Counter)
    _drawn: dict[int, list[tuple[int, Frame]]] = field(default_factory=dict)

    def check(self, arm: Arm, cell: int, index: int, frame: Frame) -> str | None:
        """What is wrong with an outcome, as far as that is seen at once."""
        if self.expected.same(cell, index, frame):
            return None
        wrong = self.expected.differs(cell, index, frame)
        if wrong is None and arm == JUDGED and self.expected.accepts is not None:
            self._draw(cell, (index, frame))
        return wrong

    def settle(self) -> None:
        """Ask the project's check about the outcomes drawn. Raises WrongOutcome, and InputsFailed where there is none to ask."""
        until = time.monotonic() + ASKING_S
        for number, (cell, index, frame) in enumerate(self._asked()):
            if number >= len(self._drawn) and time.monotonic() > until:
                return
            objection = self.expected.objection(cell, index, frame)
            if objection is not None:
                raise WrongOutcome(JUDGED, objection)

    def _draw(self, cell: int, outcome: tuple[int, Frame]) -> None:
        """Keep a sample in which each outcome so far is as likely as any other."""
        self._met[cell] += 1
        kept = self._drawn.setdefault(cell, [])
        if len(kept) < DRAWN:
            kept.append(outcome)
        elif (place := self.random.randrange(self._met[cell])) < DRAWN:
            kept[place] = outcome

    def _asked(self) -> Iterator[tuple[int, int, Frame]]:
        """One of each size first."""
        for turn in range(DRAWN):
            for cell, kept in self._drawn.items():
                if turn < len(kept):
                    yield cell, *kept[turn]
