"""The protocol of measuring: which processes run, in which order, until the evidence supports an answer.

A joint process holds baseline, control and candidate; a solo pair holds baseline and candidate in a process each, which take
turns. Precision comes from the joint ones, trust from the pairs: there, no side can reach the other.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.losses import LOST, failed
from evaluation.scorecard import Clock, Outcome, Reason
from evaluation.speed import clocks, threads, verdict
from evaluation.speed import race as racing
from evaluation.speed.checked import Outcomes
from evaluation.speed.match import SideLost, play
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import Launcher, ProbeFailed, SideFailed, WrongOutcome
from evaluation.speed.samples import ARMS, Arm, Kind, Left, Session
from evaluation.speed.verdict import Decision, Evidence, Terms
from evaluation.watch import Watch

QUICK_PROCESSES = 3
ATTEMPTS = 2  # a control that fails by chance gets one more try, on new processes
SOLO_SHARE = 1 / 2  # of a joint process's blocks: what differs from process to process is more than what differs within one
BESIDE = 0.05  # the share of its work that a candidate may do in other processes where the baseline does none; all is charged
ELSEWHERE_S = 0.1  # CPU outside the worker that a sandbox's own machinery never reaches

_NAMES: Mapping[Kind, str] = {"joint": "process", "solo": "pair of processes"}


class CandidateFailed(Exception):
    """The candidate broke while it was measured: a rejection with this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text)
        self.reason = reason


class BaselineFailed(Exception):
    """The pristine code itself can't be measured; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The two trees."""

    baseline: Path
    candidate: Path

    def trees(self) -> Mapping[Arm, Path]:
        """What each arm gets to see."""
        return {"baseline": self.baseline, "control": self.baseline, "candidate": self.candidate}


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a stage: the answer about speed, by which clock, from which processes."""

    decision: Decision
    clock: Clock | None
    sessions: tuple[Session, ...]

    @property
    def joint(self) -> tuple[Session, ...]:
        """The processes that held both sides."""
        return of_kind(self.sessions, "joint")

    @property
    def solo(self) -> tuple[Session, ...]:
        """The pairs of processes that held a side each."""
        return of_kind(self.sessions, "solo")


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate beside the pristine code: who starts their processes, what these are given, on which terms it is judged."""

    launcher: Launcher
    sides: Sides
    prepared: Prepared
    terms: Terms
    weights: Sequence[float]  # of the sizes
    watch: Watch

    def run(self, kind: Kind, random: Random) -> Session:
        """One process, or one pair. Raises CandidateFailed, BaselineFailed, ProbeFailed."""
        plans = self.prepared.plans if kind == "joint" else [plan.shorter(SOLO_SHARE) for plan in self.prepared.plans]
        outcomes = Outcomes(self.prepared.expected, random)
        trees, pools, patience = self.sides.trees(), self.prepared.pools, self.prepared.patience
        try:
            session = play(self.launcher, kind, trees, plans, pools, random, outcomes.check, patience)
            outcomes.settle()
            return session
        except SideFailed as error:
            raise _failure(kind, error.arm, failed(error.code), str(error)) from error
        except WrongOutcome as error:
            raise _failure(kind, error.arm, "equivalence.value", f"in a timed call: {error}") from error
        except SideLost as error:
            code, text = LOST[error.reason]
            raise _failure(kind, error.arm, code, f"{text}: {error}") from error

    def clock(self, sessions: Sequence[Session], enough: Callable[[], bool]) -> Clock | None:
        """The clock that these processes allow; the wall's only where the host is quiet `enough`."""
        return clocks.choose(sessions, enough, one_core=self.launcher.one_core)

    def evidence(self, sessions: Sequence[Session], clock: Clock) -> Evidence:
        """The pure numbers of these processes."""
        return evidence(sessions, clock, self.weights)


def quick(trial: Trial, seed: int) -> Measured:
    """A first look for a search: few joint processes, no claim."""
    random = Random(seed)
    sessions = []
    for number in range(QUICK_PROCESSES):
        trial.watch.step(f"first look: process {number + 1} of {QUICK_PROCESSES}")
        sessions.append(trial.run("joint", random))
    clock = trial.clock(sessions, clocks.quiet)
    decision = _moved(sessions) or (
        _no_clock(sessions) if clock is None else verdict.estimate(trial.evidence(sessions, clock), trial.terms)
    )
    return Measured(decision, clock, tuple(sessions))


def confirm(trial: Trial, seed: int) -> Measured:
    """Fresh processes until their looks bring an answer; what doesn't win and leaves nothing behind needs no pairs."""
    random = Random(seed)
    for attempt in range(ATTEMPTS):
        measured = _attempt(trial, random)
        if not measured.decision.has("speed.control") or attempt + 1 == ATTEMPTS or len(trial.prepared.looks) == 1:
            break
        trial.watch.step("identical code came out different: measuring once more on new processes")
    return measured


def race(lanes: Mapping[str, Trial], seed: int) -> list[str]:
    """The lanes in order of speed, as far as it pays to know; each candidate runs in processes of its own. No claim."""
    random = Random(seed)
    runs: dict[str, list[Session]] = {lane: [] for lane in lanes}
    left = list(lanes)
    for number, count in enumerate(racing.ROUNDS, 1):
        for lane in random.sample(left * count, len(left) * count):
            lanes[lane].watch.step(f"race, round {number}: {len(left)} of {len(lanes)} still in it")
            _lap(lanes[lane], random, runs[lane])
        left = racing.alive({lane: _gains(lanes[lane], runs[lane]) for lane in left}) or left
        if len(left) == 1:
            break
    rest = {lane: _gains(lanes[lane], runs[lane]) for lane in lanes if lane not in left}
    return [*left, *racing.standing(rest)]


def _lap(trial: Trial, random: Random, runs: list[Session]) -> None:
    try:
        runs.append(trial.run("joint", random))
    except (CandidateFailed, ProbeFailed):
        runs.clear()  # out of the race; its confirmation, if it comes to that, says why


def _gains(trial: Trial, sessions: Sequence[Session]) -> list[float]:
    clock = trial.clock(sessions, clocks.free) if sessions else None
    return verdict.scores(trial.evidence(sessions, clock).gains, trial.weights) if clock else []


def evidence(sessions: Sequence[Session], clock: Clock, weights: Sequence[float]) -> Evidence:
    """The pure numbers of a stage's processes."""
    joint, solo = of_kind(sessions, "joint"), of_kind(sessions, "solo")
    return Evidence(
        tuple(tuple(cell.gain(clock) for cell in one.cells) for one in joint),
        tuple(tuple(cell.log_ratio("baseline", "control", clock) for cell in one.cells) for one in joint),
        tuple(weights),
        tuple(tuple(cell.log_ratio("baseline", "candidate", clock) for cell in one.cells) for one in solo),
        tuple(tuple(cell.blur(clock) for cell in one.cells) for one in solo),
    )


def of_kind(sessions: Sequence[Session], kind: Kind) -> tuple[Session, ...]:
    """The processes of one kind."""
    return tuple(one for one in sessions if one.kind == kind)


def _attempt(trial: Trial, random: Random) -> Measured:
    sessions: list[Session] = []
    for look in trial.prepared.looks:
        _add(trial, sessions, "joint", look, random)
        clock = trial.clock(sessions, clocks.quiet)
        last = look == trial.prepared.looks[-1]
        decision = _moved(sessions)
        if decision is not None:
            break
        if clock is None or _restless(sessions) or verdict.promising(trial.evidence(sessions, clock), trial.terms):
            _add(trial, sessions, "solo", min(look, trial.terms.pairs), random)
            clock = trial.clock(sessions, clocks.quiet)
            decision = _look(trial, sessions, clock, random, last=last)
        else:
            decision = verdict.decide(trial.evidence(sessions, clock), trial.terms, last=last)
        if decision is not None:
            break
    assert decision is not None  # the last look always decides
    return Measured(decision, clock, tuple(sessions))


def _add(trial: Trial, sessions: list[Session], kind: Kind, upto: int, random: Random) -> None:
    for number in range(len(of_kind(sessions, kind)), upto):
        trial.watch.step(f"confirming: {_NAMES[kind]} {number + 1} of {upto}")
        sessions.append(trial.run(kind, random))


def _moved(sessions: Sequence[Session]) -> Decision | None:
    """A rejection where the candidate lets other processes work and the baseline does not; each is charged what they used."""
    shares = {arm: statistics.median(one.beside(arm) for one in of_kind(sessions, "joint")) for arm in ARMS}
    if shares["candidate"] <= BESIDE or max(shares["baseline"], shares["control"]) > BESIDE:
        return None
    text = f"{shares['candidate']:.0%} of its work is done in other processes, where the pristine code uses none"
    return Decision(Outcome.REJECTED, (Reason("guard.process", text),))


def _restless(sessions: Sequence[Session]) -> bool:
    """Whether something was left running, so that only a process of the baseline's own can say whose it is."""
    return any(left.threads or left.children for one in sessions for left in one.left.values())


def _look(trial: Trial, sessions: Sequence[Session], clock: Clock | None, random: Random, *, last: bool) -> Decision | None:
    def excused() -> bool:
        sides, prepared = trial.sides, trial.prepared
        return threads.kept_by_packages(
            trial.launcher, sides.baseline, sides.candidate, prepared.pools, random, prepared.patience
        )

    left = left_behind(sessions, excused)
    if left is not None:
        return Decision(left[0], (left[1],))
    if clock is None:
        return _no_clock(sessions)
    return verdict.decide(trial.evidence(sessions, clock), trial.terms, last=last)


def left_behind(sessions: Sequence[Session], excused: Callable[[], bool] = lambda: False) -> tuple[Outcome, Reason] | None:
    """Threads, processes or CPU time beside the worker's that the pristine code alone does not have.

    `excused`: whether threads are a package's rather than the candidate's; asked only where that matters.
    """
    solo = of_kind(sessions, "solo")
    alone = [one.left["baseline"] for one in solo]
    beside = [one.left["candidate"] for one in sessions]
    if max(one.threads for one in beside) > max(one.threads for one in alone) and not excused():
        return Outcome.REJECTED, Reason(
            "guard.thread", "the candidate leaves threads of its own running: they must end before a call returns"
        )
    if max(one.children for one in beside) > max(one.children for one in alone):
        return Outcome.REJECTED, Reason("guard.process", "the candidate leaves processes running after its calls")
    used = [_elsewhere(group) for group in (alone, beside)]
    delegates = statistics.median(one.beside("baseline") for one in solo) > BESIDE  # then all of it is part of the samples
    if used[1] > used[0] + ELSEWHERE_S and not delegates:
        return Outcome.REJECTED, Reason("guard.process", f"{used[1]:.1f} s of its work were done in other processes")
    if any(one.elsewhere_s is None and one.spawned for one in (*alone, *beside)):
        return Outcome.INCONCLUSIVE, Reason("speed.clock", "it starts processes, whose time nobody accounts for here")
    return None


def _elsewhere(group: Sequence[Left]) -> float:
    return statistics.median(one.elsewhere_s or 0.0 for one in group)


def _failure(kind: Kind, arm: Arm, code: str, text: str) -> Exception:
    """Whose fault it is: alone the baseline's own, beside the candidate the candidate's."""
    if kind == "solo" and arm == "baseline":
        return BaselineFailed(text)
    if arm != "candidate":
        return CandidateFailed(Reason("guard.baseline", f"beside the candidate the baseline itself behaves differently: {text}"))
    return CandidateFailed(Reason(code, text))


def _no_clock(sessions: Sequence[Session]) -> Decision:
    return Decision(Outcome.INCONCLUSIVE, (Reason("speed.clock", clocks.without(sessions)),))
