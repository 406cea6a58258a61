"""The stages that need a clock: how fast a candidate is, what a last look shows of it, and how much memory it needs."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from evaluation import figures, scoring
from evaluation.baseline import Baseline
from evaluation.channel import ChannelLost
from evaluation.guard import last_look
from evaluation.guard.last_look.answers import UNSTEADY
from evaluation.guard.last_look.questions import Found
from evaluation.inputs import GENERATOR, InputsFailed, Source
from evaluation.scorecard import Clock, Memory, Outcome, Reason, Scorecard
from evaluation.scoring import NoScore
from evaluation.settling import settled
from evaluation.site import Site
from evaluation.speed import measurement, memory, preparation, verdict
from evaluation.speed.affordable import Unfit
from evaluation.speed.checked import Outcomes
from evaluation.speed.match import SideLost
from evaluation.speed.measurement import BaselineFailed, CandidateFailed, Measured, Sides, Trial
from evaluation.speed.preparation import Prepared
from evaluation.speed.referee import NoClock, ProbeFailed, SideFailed, WrongOutcome
from evaluation.speed.samples import ARMS, Arm
from evaluation.speed.scores import named as named_size
from evaluation.speed.verdict import Terms
from evaluation.target import Target

TIMED = frozenset({"generator", "scaled"})  # workloads that can be timed
QUICK_EFFORT = 1 / 3  # of the blocks, for a first look
TRACED_PATIENCE = 30.0  # times slower may a call be whose allocations are traced


def timed(site: Site, card: Scorecard, candidate: Path, baseline: Baseline, source: Source, random: Random) -> Scorecard:
    """Speed, and where it is accepted, memory."""
    if baseline.workload not in TIMED or not baseline.sizes:
        note = baseline.note or "there is nothing that makes inputs of a given size"
        text = note if "name `" in note else f"{note}; {GENERATOR}"
        raise settled(card, Outcome.INCONCLUSIVE, [Reason("speed.no-workload", text)])
    sides = Sides(site.tree, candidate)
    try:
        prepared = prepare(site, card, source, baseline.sizes, random)
        measured = _measure(site, card, sides, prepared, baseline.sizes, random)
        card = _filled(site, card, measured, baseline.sizes, {})
        if measured.decision.outcome is not Outcome.ACCEPTED:
            return card
        card = looked_at(site, card, sides, prepared, source, random, measured.clock)
        site.watch.step("measuring memory")
        compiles = any(max(figures.first_call_s(measured.joint, arm)) for arm in ARMS)
        peaks = _peaks(site, sides, prepared, random, compiles=compiles)
        card = _filled(site, card, measured, baseline.sizes, peaks)
        card = _by_own_score(site, card, measured, random)
        return _weighed(site, _begun(card, measured)) if card.outcome is Outcome.ACCEPTED else card
    except CandidateFailed as error:
        raise settled(card, Outcome.REJECTED, [error.reason]) from error
    except ProbeFailed as error:
        raise settled(card, Outcome.INCONCLUSIVE, [error.reason]) from error


def raced(site: Site, candidates: Mapping[str, Path], baseline: Baseline, seed: int) -> list[str]:
    """Let candidates run against each other, each beside the baseline in processes of its own; fastest first."""
    random, launcher, sizes = Random(seed), site.launcher(), baseline.sizes
    site.watch.step("making inputs for a race")
    with site.source(baseline.captured) as source:
        prepared = preparation.prepare(
            launcher, site.tree, source, sizes, random.getrandbits(63), site.settings.equivalence.setting_aside(UNSTEADY),
            effort=QUICK_EFFORT,
        )  # fmt: skip
        lanes = {name: trial(site, Sides(site.tree, tree), prepared, sizes) for name, tree in candidates.items()}
        return measurement.race(lanes, random.getrandbits(63))


def trial(site: Site, sides: Sides, prepared: Prepared, sizes: Sequence[Mapping[str, int]]) -> Trial:
    """What a candidate is measured with."""
    weights = figures.weights(sizes, site.project.objective)
    return Trial(site.launcher(), sides, prepared, _terms(site, sizes), weights, site.watch)


def looked_at(
    site: Site, card: Scorecard, sides: Sides, prepared: Prepared, source: Source, random: Random, clock: Clock | None = None
) -> Scorecard:
    """A last look at what would be accepted: what importing costs, what calls leave behind, what is replaced, what drifts."""
    site.watch.step("last look, at what measuring does not ask")
    try:
        reasons, notes = last_look.take(
            site.launcher(),
            sides.baseline,
            sides.candidate,
            prepared,
            source,
            site.settings.equivalence,
            random,
            _found(site, card, clock),
        )
    except (SideFailed, WrongOutcome, ChannelLost) as error:
        reason = Reason("guard.drift", f"in a process of its own it behaves differently: {error}")
        raise settled(card, Outcome.REJECTED, [reason]) from error
    card = replace(card, guards=(*card.guards, *reasons, *notes))
    if reasons:
        raise settled(card, Outcome.REJECTED, reasons)
    return card


def _found(site: Site, card: Scorecard, clock: Clock | None) -> Found:
    """What a last look has to know of what was found before."""
    aside = frozenset(card.equivalence.set_aside)
    if clock is None or not card.cells:
        return Found(aside=aside)
    gains = [math.log(max(1.0, cell.speedup.low)) for cell in card.cells]
    return Found(clock, gains, figures.weights([cell.size for cell in card.cells], site.project.objective), aside)


def prepare(site: Site, card: Scorecard, source: Source, sizes: Sequence[Mapping[str, int]], random: Random) -> Prepared:
    """Inputs, plans and what the pristine code gives. Raises Settled where nothing can be timed, BaselineFailed."""
    site.watch.step("making inputs and calibrating")
    policy = site.settings.equivalence.setting_aside(card.equivalence.set_aside)
    try:
        return preparation.prepare(
            site.launcher(), site.tree, source, sizes, random.getrandbits(63), policy,
            effort=_effort(site, card), looks=_terms(site).looks,
        )  # fmt: skip
    except (SideFailed, WrongOutcome, ChannelLost) as error:
        raise BaselineFailed(str(error)) from error
    except (InputsFailed, Unfit) as error:
        raise settled(card, Outcome.INCONCLUSIVE, [Reason("speed.no-workload", str(error))]) from error
    except NoClock as error:
        text = "the kernel does not show the worker's clock here, so no claim about speed can be made"
        raise settled(card, Outcome.INCONCLUSIVE, [Reason("speed.clock", text)]) from error


def _effort(site: Site, card: Scorecard) -> float:
    return QUICK_EFFORT if card.depth == "quick" else _terms(site).effort


def _terms(site: Site, sizes: Sequence[Mapping[str, int]] = ()) -> Terms:
    objective = site.project.objective
    return Terms(objective.claim, objective.worth, tuple(map(named_size, sizes)))


def _measure(
    site: Site, found: Scorecard, sides: Sides, prepared: Prepared, sizes: Sequence[Mapping[str, int]], random: Random
) -> Measured:
    run = measurement.quick if found.depth == "quick" else measurement.confirm
    if prepared.tedious is not None:
        site.watch.step(prepared.tedious)
    measured = run(trial(site, sides, prepared, sizes), random.getrandbits(63))
    return _explained(measured, prepared.fleeting or prepared.curtailed)


def _explained(measured: Measured, why: str | None) -> Measured:
    """With a reason that lies in the function rather than in the host, where no answer came."""
    decision = measured.decision
    if (
        why is None
        or decision.outcome is not Outcome.INCONCLUSIVE
        or not decision.has("speed.control", "speed.samples", "speed.undecided", "speed.solo")
    ):
        return measured
    reasons = tuple(Reason(reason.code, f"{reason.text} ({why})") for reason in decision.reasons)
    return replace(measured, decision=replace(decision, reasons=reasons))


def _filled(
    site: Site, found: Scorecard, measured: Measured, sizes: Sequence[Mapping[str, int]], peaks: Mapping[int, Memory]
) -> Scorecard:
    decision = measured.decision
    rows = figures.cells(measured, sizes, peaks)
    return replace(
        found,
        outcome=decision.outcome,
        reasons=decision.reasons,
        guards=(*found.guards, *(reason for reason in decision.reasons if reason.code.startswith("guard."))),
        speedup=decision.score.ratio() if decision.score else None,
        cells=rows,
        scores=figures.scores(measured, sizes, site.project.objective),
        growth=figures.growths(rows),
        scaling=figures.scaling(measured, rows, site.project.objective),
        control=decision.control.ratio() if decision.control else None,
        clock=measured.clock,
        cpu_over_wall=figures.busy(measured),
        processes=len(measured.joint),
        samples=figures.samples(measured, figures.weights(sizes, site.project.objective)),
    )


def _begun(card: Scorecard, measured: Measured) -> Scorecard:
    """With what a first call costs more than before, where that is much: every process pays it, no sample shows it."""
    told = figures.first_call(figures.first_call_s(measured.joint, "baseline"), figures.first_call_s(measured.joint, "candidate"))
    return card if told is None else replace(card, reasons=(*card.reasons, told))


def _by_own_score(site: Site, card: Scorecard, measured: Measured, random: Random) -> Scorecard:
    """Where the project has a score of its own, nothing is accepted that does not get better by it."""
    objective = site.project.objective
    if not isinstance(objective.score, Target):
        return card
    site.watch.step("asking the project's own score")
    try:
        found = scoring.ask(site, objective.score, figures.scored(measured, card.cells, objective), random)
    except NoScore as error:
        reason = Reason("speed.score", f"no score: {error}")
        return replace(card, outcome=Outcome.INCONCLUSIVE, reasons=(reason,))
    card = replace(card, scores={**card.scores, "custom": found})
    objection, outcome = verdict.own_score(found)
    return card if objection is None or outcome is None else replace(card, outcome=outcome, reasons=(objection,))


def _peaks(site: Site, sides: Sides, prepared: Prepared, random: Random, *, compiles: bool) -> Mapping[int, Memory]:
    """Peak memory, the slowest size first, the others while it is cheap: each figure costs six processes."""
    trees: Mapping[Arm, Path] = {"baseline": sides.baseline, "candidate": sides.candidate}
    found: dict[int, Memory] = {}
    start = time.monotonic()
    for number, cell in enumerate(sorted(range(len(prepared.plans)), key=lambda at: -prepared.seconds[at])):
        spent = time.monotonic() - start
        if number and spent * (number + 1) / number > memory.SPAN_S:
            break
        traced = not number and "memray" in site.environment.versions
        peak = _peak(site, trees, prepared, cell, random, traced=traced, compiles=compiles)
        if peak is not None:
            found[cell] = peak
    return found


def _peak(
    site: Site, trees: Mapping[Arm, Path], prepared: Prepared, cell: int, random: Random, *, traced: bool, compiles: bool
) -> Memory | None:
    pool, outcomes, launcher = prepared.pools[cell], Outcomes(prepared.expected, random), site.launcher()
    try:
        found = memory.measure(launcher, trees, cell, pool, outcomes.check, random, prepared.patience, warm=compiles)
        outcomes.settle()
        if found is None or not traced:
            return found
        asked = memory.allocated(launcher, trees, cell, pool, outcomes.check, random, TRACED_PATIENCE * prepared.patience)
    except (SideFailed, WrongOutcome, SideLost) as error:
        if error.arm != "candidate":
            return None  # the pristine code itself does not bear it: a figure less, and nobody's fault
        reason = Reason("equivalence.value", f"in a process of its own it behaves differently: {error}")
        raise CandidateFailed(reason) from error
    return replace(found, baseline_allocated=asked.get("baseline"), candidate_allocated=asked.get("candidate"))


def _weighed(site: Site, card: Scorecard) -> Scorecard:
    """More memory is a trade that the report names; where the project has set a limit, it is a rejection."""
    limit = site.project.objective.memory
    worst = memory.heavier(card.cells, memory.MORE if limit is None else limit)
    if worst is None or worst.memory_mib is None:
        return card
    peak = worst.memory_mib
    text = f"{peak.candidate:.1f} instead of {peak.baseline:.1f} MiB at {named_size(worst.size)}"
    reason = Reason("memory.more", text)
    if limit is None:
        return replace(card, reasons=(*card.reasons, reason))
    return replace(card, outcome=Outcome.REJECTED, reasons=(Reason("memory.more", f"{text}; {limit:.0%} more is allowed"),))
