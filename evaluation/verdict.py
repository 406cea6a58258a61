"""From evidence to an answer: pure, and the one place where the thresholds of a claim are."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.interval import LOOKS, Spread, spread
from evaluation.scorecard import CONTROL_LEVEL, Outcome, Reason
from evaluation.scores import weighted

WORST_CELL = 0.03  # a size may lose this much, no more
WIDE_CONTROL = 0.03  # an A/A interval wider than this to either side controls nothing
SHIFT = 0.05  # a twin must differ by this much, and by SHIFT_ERRORS standard errors, before anybody is accused
SHIFT_ERRORS = 4.0
SHIFT_PROCESSES = LOOKS[2]  # of each kind: an accusation needs a third look
LEAST_ERROR = 0.003  # of a twin's comparison: a few processes can agree by chance


@dataclass(frozen=True, slots=True)
class Terms:
    """What a win must exceed, and below which effect we stop looking; both as shares of the baseline's time."""

    claim: float = 0.03
    worth: float = 0.05


@dataclass(frozen=True, slots=True)
class Twins:
    """ln(seconds per call) in each process: the same code beside the other side and on its own."""

    joint: tuple[float, ...]
    solo: tuple[float, ...]

    def shift(self, sign: int) -> "Shift":
        """How much slower (sign 1: joint, -1: solo) one is than the other, by medians, with a robust standard error."""
        if not self.joint or not self.solo or not all(map(math.isfinite, (*self.joint, *self.solo))):
            return UNKNOWN
        count = min(len(self.joint), len(self.solo))
        size = sign * (statistics.median(self.joint) - statistics.median(self.solo))
        error = max(LEAST_ERROR, math.hypot(_error(self.joint), _error(self.solo)))
        return Shift(size, error, count, math.hypot(_wide_error(self.joint), _wide_error(self.solo)))


@dataclass(frozen=True, slots=True)
class Shift:
    """A difference between twins that should be none."""

    size: float
    error: float
    processes: int = 0  # of each kind
    wide: float = 0.0  # the error with every outlier counted: who accuses, counts them

    @property
    def suspicious(self) -> bool:
        """Larger than noise makes it."""
        return self.size > max(SHIFT, SHIFT_ERRORS * max(self.error, self.wide))

    @property
    def unexplained(self) -> float:
        """The part that noise does not explain: the speed is stated without it.

        Noise gets the benefit of the doubt here, or else chance would lower every figure a little; a claim holds the rest
        against itself, too.
        """
        return max(0.0, self.size - SHIFT_ERRORS * max(self.error, self.wide))


UNKNOWN = Shift(0.0, math.inf)  # without twins nothing is accused, and nothing accepted


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the processes of one stage found: ln(baseline/candidate) and ln(baseline/control), each process x size."""

    gains: tuple[tuple[float, ...], ...]
    controls: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    baseline: Twins | None = None
    candidate: Twins | None = None

    @property
    def sound(self) -> bool:
        """Equal counts, no NaN, at least two processes: anything else supports nothing."""
        rows = (*self.gains, *self.controls)
        return (
            len(self.gains) == len(self.controls) >= 2
            and all(len(row) == len(self.weights) for row in rows)
            and bool(self.weights)
            and all(math.isfinite(value) for row in rows for value in row)
        )

    def shifts(self) -> tuple[Shift, Shift]:
        """How much slower the baseline is beside the candidate, and the candidate without the baseline."""
        return (
            self.baseline.shift(1) if self.baseline else UNKNOWN,
            self.candidate.shift(-1) if self.candidate else UNKNOWN,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer about speed with its reasons; the spreads are what the report states."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    score: Spread | None = None
    control: Spread | None = None
    cells: tuple[Spread, ...] = ()
    shifts: Mapping[str, Shift] = field(default_factory=dict)

    def has(self, *codes: str) -> bool:
        """Whether one of the reasons has one of these codes."""
        return any(reason.code in codes for reason in self.reasons)


def decide(evidence: Evidence, terms: Terms, *, last: bool) -> Decision | None:
    """The answer that the evidence supports; None where more processes may still bring one."""
    if not evidence.sound:
        return _answer(Outcome.INCONCLUSIVE, "speed.samples", "the processes gave no comparable samples")
    stated = state(evidence)
    score, control = stated.score, stated.control
    if score is None or control is None:
        return _answer(Outcome.INCONCLUSIVE, "speed.samples", "too few processes for an interval")
    for reason, outcome in (
        _twins(stated),
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
    """Whether it wins, or would if its twins vouched for it."""
    decision = decide(evidence, terms, last=True)
    return decision is not None and (decision.outcome is Outcome.ACCEPTED or decision.has("speed.twin", "guard.baseline"))


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
    """The spreads of sound evidence, without the part that only a slowed-down baseline explains."""
    slower, helped = evidence.shifts()
    off = slower.unexplained + helped.unexplained
    score = spread([weighted(row, evidence.weights) for row in evidence.gains])
    control = spread([weighted(row, evidence.weights) for row in evidence.controls], CONTROL_LEVEL)
    cells = [spread(column) for column in zip(*evidence.gains, strict=True)]
    return Decision(
        Outcome.INCONCLUSIVE,
        (),
        score.shifted(off) if score else None,
        control,
        tuple(cell.shifted(off) for cell in cells if cell is not None),
        {"baseline": slower, "candidate": helped},
    )


Finding = tuple[Reason | None, Outcome | None]  # (reason, None): not decided yet, and this is what it hangs on
NOTHING: Finding = (None, None)


def _twins(stated: Decision) -> Finding:
    """Accuse only after a second look; until then, look again."""
    texts = {
        "baseline": "the baseline is {:.1%} slower beside the candidate than on its own",
        "candidate": "the candidate is {:.1%} slower on its own than beside the baseline",
    }
    for name, shift in stated.shifts.items():
        if shift.suspicious:
            reason = Reason("guard.baseline", texts[name].format(math.expm1(shift.size)))
            return reason, Outcome.REJECTED if shift.processes >= SHIFT_PROCESSES else None
    return NOTHING


def _control(control: Spread) -> Finding:
    """Identical code must come out as no difference, and narrowly so."""
    if control.low > 0 or control.high < 0:
        text = f"identical code came out {abs(math.expm1(control.mean)):.1%} apart, so nothing is claimed"
        return Reason("speed.control", text), Outcome.INCONCLUSIVE
    if control.high - control.mean > math.log1p(WIDE_CONTROL):
        text = f"identical code is told apart only to ±{math.expm1(control.high - control.mean):.1%}: the host is too noisy"
        return Reason("speed.control", text), None
    return NOTHING


def _win(stated: Decision, score: Spread, terms: Terms) -> Finding:
    """Accepted: the lower bound exceeds the claim, also if the twins' noise is all held against it, and no size loses."""
    if score.low <= math.log1p(terms.claim):
        return NOTHING
    if score.low - _doubt(stated) <= math.log1p(terms.claim):
        return Reason("speed.twin", "alone and side by side don't agree well enough to claim it"), None
    worst = min(stated.cells, key=lambda cell: cell.low)
    if worst.low < math.log1p(-WORST_CELL):
        text = f"at one size it may be {-math.expm1(worst.low):.1%} slower"
        return Reason("speed.worst-cell", text), Outcome.REJECTED if worst.high < 0 else None
    return Reason("speed.faster", f"at least {math.exp(score.low):.3g}x as fast"), Outcome.ACCEPTED


def _loss(score: Spread, terms: Terms) -> Finding:
    """Rejected: even the upper bound is below what is worth looking for."""
    if score.high < math.log1p(terms.worth):
        return Reason("speed.not-worth", f"at most {math.exp(score.high):.3g}x as fast"), Outcome.REJECTED
    return NOTHING


def _doubt(stated: Decision) -> float:
    """What the twins leave open beyond what was already taken off the score."""
    shifts = stated.shifts.values()
    open_part = sum(shift.size - shift.unexplained for shift in shifts) + math.hypot(*(shift.error for shift in shifts))
    return max(0.0, open_part)


def _undecided(score: Spread) -> Reason:
    text = f"between {math.exp(score.low):.3g}x and {math.exp(score.high):.3g}x as fast: neither proven nor excluded"
    return Reason("speed.undecided", text)


def _error(values: Sequence[float]) -> float:
    """Standard error of a median, from the median absolute deviation."""
    if len(values) < 2:
        return math.inf
    middle = statistics.median(values)
    return 1.858 * statistics.median(abs(value - middle) for value in values) / math.sqrt(len(values))


def _wide_error(values: Sequence[float]) -> float:
    """Standard error of a mean; outliers widen it."""
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


def _answer(outcome: Outcome, code: str, text: str) -> Decision:
    return Decision(outcome, (Reason(code, text),))


def _with(stated: Decision, outcome: Outcome, reason: Reason | None) -> Decision:
    reasons = (reason,) if reason else ()
    return Decision(outcome, reasons, stated.score, stated.control, stated.cells, stated.shifts)
