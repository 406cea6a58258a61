"""How a stage of judging ends the matter: an exception that carries the card."""

from collections.abc import Sequence
from dataclasses import replace

from evaluation.scorecard import Outcome, Reason, Scorecard


class Settled(Exception):
    """The answer is there; what was found so far is in the card."""

    def __init__(self, card: Scorecard) -> None:
        super().__init__(card.outcome)
        self.card = card


def settled(card: Scorecard, outcome: Outcome, reasons: Sequence[Reason]) -> Settled:
    """The end of the matter."""
    return Settled(replace(card, outcome=outcome, reasons=tuple(reasons)))
