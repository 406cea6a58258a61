"""From evidence to an answer: pure, and the one place where the thresholds of a claim are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.scorecard import CONTROL_LEVEL, Interval, Outcome, Reason
from evaluation.speed.interval import FINE_LOOKS, LOOKS, LogInterval, log_interval, slower
from evaluation.speed.scores import weighted
from evaluation.speed.shift import Shift

CLAIM, WORTH = 0.03, 0.05  # unless the project says otherwise
WORST_CELL = 0.03  # a size may lose this much, no more
NAMED_SIZES = 3  # in a sentence
WIDE_CONTROL = 0.03  # an A/A interval wider than this to either side controls nothing
FINE, FINE_EFFORT = 0.03, 2.0  # who looks for less than this gets longer processes, and more of them
PAIRS, FINE_PAIRS = 12, 24  # solo ones at most: by then the noise of a comparison is well below what matters
SHIFT_PROCESSES = LOOKS[2]  # pairs: an accusation needs a third look


@dataclass(frozen=True, slots=True)
class Terms:
    """What a win must exceed, and below which effect we stop looking; both as shares of the baseline's time."""

    claim: float = CLAIM
    worth: float = WORTH
    sizes: tuple[str, ...] = ()  # what people call the cells, in order

    @property
    def effort(self) -> float:
        """How many times the usual blocks each process needs to tell effects this small apart."""
        return FINE_EFFORT if self._fine else 1.0

    @property
    def looks(self) -> Sequence[int]:
        """Processes after which to look."""
        return FINE_LOOKS if self._fine else LOOKS

    @property
    def pairs(self) -> int:
        """Separate ones at most."""
        return FINE_PAIRS if self._fine else PAIRS

    @property
    def _fine(self) -> bool:
        return self.worth < FINE


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the processes of one stage found, each process x size: ln(baseline/candidate) and ln(baseline/control) in shared
    processes, ln(baseline/candidate) in pairs of separate ones, and the blur of each gain there."""

    gains: tuple[tuple[float, ...], ...]
    controls: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    solo: tuple[tuple[float, ...], ...] = ()
    blurs: tuple[tuple[float, ...], ...] = ()

    @property
    def sound(self) -> bool:
        """Equal counts, no NaN, at least two processes: anything else supports nothing."""
        rows = (*self.gains, *self.controls, *self.solo, *self.blurs)
        return (
            len(self.gains) == len(self.controls) >= 2
            and all(len(row) == len(self.weights) for row in rows)
            and bool(self.weights)
            and all(math.isfinite(value) for row in rows for value in row)
        )

    def shift(self) -> Shift:
        """How much of the gain is gone in separate processes."""
        return Shift.between(*(scores(rows, self.weights) for rows in (self.gains, self.solo, self.blurs)))


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer about speed with its reasons; the spreads are what the report states."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    score: LogInterval | None = None
    control: LogInterval | None = None
    cells: tuple[LogInterval, ...] = ()
    shift: Shift = Shift()

    def has(self, *codes: str) -> bool:
        """Whether one of the reasons has one of these codes."""
        return any(reason.code in codes for reason in self.reasons)


def scores(rows: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    """Each process's log-ratios of all sizes in one number."""
    return [weighted(row, weights) for row in rows]


def decide(evidence: Evidence, terms: Terms, *, last: bool) -> Decision | None:
    """The answer that the evidence supports; None where more processes may still bring one."""
    if not evidence.sound:
        return _answer(Outcome.INCONCLUSIVE, "speed.samples", "the processes gave no comparable samples")
    stated = state(evidence)
    score, control = stated.score, stated.control
    if score is None or control is None:
        return _answer(Outcome.INCONCLUSIVE, "speed.samples", "too few processes for an interval")
    for reason, outcome in (
        _shifted(stated.shift),
        _control(control),
        _win(stated, score, terms),
        _loss(score, terms),
    ):
        if outcome is not None:
            return _with(stated, outcome, reason)
        if reason is not None:
            return _with(stated, Outcome.INCONCLUSIVE, reason) if last else None
    return _with(stated, Outcome.INCONCLUSIVE, _undecided(score)) if last else None


def promising(evidence: Evidence, terms: Terms) -> bool:
    """Whether it wins, or would if separate processes vouched for it."""
    decision = decide(evidence, terms, last=True)
    return decision is not None and (decision.outcome is Outcome.ACCEPTED or decision.has("speed.solo", "guard.baseline"))


def estimate(evidence: Evidence, terms: Terms) -> Decision:
    """What a search may know early: clearly not worth it, or a figure that still claims nothing."""
    if not evidence.sound:
        return _answer(Outcome.INCONCLUSIVE, "speed.samples", "the processes gave no comparable samples")
    stated = state(evidence)
    if stated.score is None:
        return _answer(Outcome.INCONCLUSIVE, "speed.samples", "too few processes for an interval")
    reason, outcome = _loss(stated.score, terms)
    if outcome is not None:
        return _with(stated, outcome, reason)
    text = f"about {math.exp(stated.score.mean):.3g}x as fast in a first look, not yet confirmed"
    return _with(stated, Outcome.INCONCLUSIVE, Reason("speed.unconfirmed", text))


def state(evidence: Evidence) -> Decision:
    """The spreads of sound evidence, without the part of the gain that only sharing a process explains."""
    shift = evidence.shift()
    score = log_interval(scores(evidence.gains, evidence.weights))
    control = log_interval(scores(evidence.controls, evidence.weights), CONTROL_LEVEL)
    cells = [log_interval(column) for column in zip(*evidence.gains, strict=True)]
    return Decision(
        Outcome.INCONCLUSIVE,
        (),
        score.shifted(shift.unexplained) if score else None,
        control,
        tuple(cell.shifted(shift.unexplained) for cell in cells if cell is not None),
        shift,
    )


Finding = tuple[Reason | None, Outcome | None]  # (reason, None): not decided yet, and this is what it hangs on
NOTHING: Finding = (None, None)


def _shifted(shift: Shift) -> Finding:
    """Accuse only after a third look; until then, look again."""
    if not shift.suspicious:
        return NOTHING
    text = f"{-math.expm1(-shift.size):.1%} of the speed beside the baseline is gone when each side has a process of its own"
    return Reason("guard.baseline", text), Outcome.REJECTED if shift.pairs >= SHIFT_PROCESSES else None


def _control(control: LogInterval) -> Finding:
    """Identical code must come out as no difference, and narrowly so."""
    if control.low > 0 or control.high < 0:
        text = f"identical code came out {abs(math.expm1(control.mean)):.1%} apart, so nothing is claimed"
        return Reason("speed.control", text), Outcome.INCONCLUSIVE
    if control.high - control.mean > math.log1p(WIDE_CONTROL):
        text = f"identical code is told apart only to ±{math.expm1(control.high - control.mean):.1%}: the host is too noisy"
        return Reason("speed.control", text), None
    return NOTHING


def _win(stated: Decision, score: LogInterval, terms: Terms) -> Finding:
    """Accepted: the lower bound exceeds the claim, separate processes say so too, and no size loses."""
    if score.low <= math.log1p(terms.claim):
        return NOTHING
    if stated.shift.gain <= math.log1p(terms.claim):
        text = f"side by side it gains enough, but {math.expm1(stated.shift.gain):.1%} with a process for each side"
        return Reason("speed.solo", text), None
    worst = min(range(len(stated.cells)), key=lambda at: stated.cells[at].low)
    if stated.cells[worst].low < math.log1p(-WORST_CELL):
        return _worst(stated.cells, worst, terms)
    return Reason("speed.faster", f"at least {math.exp(score.low):.3g}x as fast"), Outcome.ACCEPTED


def _worst(cells: Sequence[LogInterval], worst: int, terms: Terms) -> Finding:
    """A size that loses rejects; one that merely may, asks for more processes, however many sizes were asked."""
    lost = [at for at, is_slower in enumerate(slower(cells)) if is_slower and cells[at].low < math.log1p(-WORST_CELL)]
    if not lost:
        text = f"at {_place(terms, worst)} it may be {-math.expm1(cells[worst].low):.1%} slower"
        return Reason("speed.worst-cell", text), None
    told = [f"{-math.expm1(cells[at].mean):.1%} slower at {_place(terms, at)}" for at in lost]
    more = f" and at {len(told) - NAMED_SIZES} more" if len(told) > NAMED_SIZES else ""
    return Reason("speed.worst-cell", "; ".join(told[:NAMED_SIZES]) + more), Outcome.REJECTED


def _place(terms: Terms, at: int) -> str:
    return terms.sizes[at] if at < len(terms.sizes) else "one size"


def own_score(found: Interval) -> Finding:
    """What the project's own score leaves of a win: nothing is accepted that does not get better by it, too."""
    if found.low > 1:
        return NOTHING
    text = f"by the project's own score it is {found.ratio:.3g} times as good, between {found.low:.3g} and {found.high:.3g}"
    return Reason("speed.score", text), Outcome.REJECTED if found.high < 1 else Outcome.INCONCLUSIVE


def _loss(score: LogInterval, terms: Terms) -> Finding:
    """Rejected: even the upper bound is below what is worth looking for."""
    if score.high >= math.log1p(terms.worth):
        return NOTHING
    text = f"at most {math.exp(score.high):.3g}x as fast"
    if score.low > 0:
        text = f"faster, but only {math.exp(score.low):.4g}x to {math.exp(score.high):.4g}x"
    return Reason("speed.not-worth", text), Outcome.REJECTED


def _undecided(score: LogInterval) -> Reason:
    text = f"between {math.exp(score.low):.3g}x and {math.exp(score.high):.3g}x as fast: neither proven nor excluded"
    return Reason("speed.undecided", text)


def _answer(outcome: Outcome, code: str, text: str) -> Decision:
    return Decision(outcome, (Reason(code, text),))


def _with(stated: Decision, outcome: Outcome, reason: Reason | None) -> Decision:
    reasons = (reason,) if reason else ()
    return Decision(outcome, reasons, stated.score, stated.control, stated.cells, stated.shift)
