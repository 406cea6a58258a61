"""The stages of judging one candidate, cheap rejections first: static guards, tests, equivalence, then all that needs a clock.

Each adds what it found to the scorecard so far and settles the matter by raising `Settled` where it can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from evaluation import causes
from evaluation.baseline import Baseline
from evaluation.building import BuildFailed, built
from evaluation.correctness import equivalence, strength, suite
from evaluation.correctness.observer import Unloadable
from evaluation.guard import definitions, guards, shadows
from evaluation.inputs import GENERATOR, Source
from evaluation.machine import hardware, needs, speeds, wanted
from evaluation.scorecard import Outcome, Reason, Scorecard, Tests
from evaluation.settling import Settled, settled
from evaluation.site import Site
from evaluation.speed.measurement import BaselineFailed
from evaluation.timing import timed

COMPARED = {"quick": 40, "confirm": 200}  # inputs for equivalence
LEAST_TESTS_S, TESTS_PATIENCE = 30.0, 5.0  # the candidate's tests may take this much longer than before: it may compile itself
NAMED = 5  # tests named in a sentence


def judge(site: Site, card: Scorecard, candidate: Path, baseline: Baseline) -> Scorecard:
    """Take one candidate through all stages."""
    random = Random(card.seed)
    try:
        card = guarded(site, card, candidate)
        with built(site, candidate) as (site, (candidate,)):
            card = tested(site, card, candidate, baseline)
            card = placed(site, card)
            with site.source(baseline.captured) as source:
                card = equal(site, card, candidate, baseline, source, random)
                return convincing(timed(site, card, candidate, baseline, source, random))
    except BuildFailed as error:
        return settled(card, Outcome.REJECTED, [Reason("build.failed", str(error))]).card
    except Settled as end:
        return end.card


def guarded(site: Site, card: Scorecard, candidate: Path) -> Scorecard:
    """What the change alone shows; notes stay in the card, reasons end it."""
    site.watch.step("reading the change")
    changed = guards.changes(site.tree, candidate)
    importing = shadows.importing(site.tree, site.target, site.environment, site.tools)
    found, written = guards.scan(changed, site.project, importing), definitions.compared(changed, site.target)
    reasons = found.reasons or written.reasons
    card = replace(card, guards=(*reasons, *found.notes, *written.notes))
    if reasons:
        raise settled(card, Outcome.REJECTED, reasons)
    return card


def tested(site: Site, card: Scorecard, candidate: Path, baseline: Baseline) -> Scorecard:
    """The project's own tests: what passed before must pass now, and nothing may be missing."""
    asked = site.project.tests.needs
    aside = needs.set_aside(asked, hardware.fingerprint().flags) if asked else ()
    card = replace(card, tests=Tests(set_aside=aside))
    if not baseline.tested:
        return card
    site.watch.step("tests with the candidate")
    result = site.suite(candidate, site.tree, seconds=_patience(baseline))
    tests = suite.against(baseline.first, baseline.second, result)
    if (tests.failed or tests.missing) and result.problem not in (suite.OUT_OF_TIME, suite.OUT_OF_MEMORY):
        tests = _once_more(site, card, candidate, baseline, tests)
    card = replace(card, tests=replace(tests, set_aside=aside))
    reasons = []
    if tests.failed:
        because = causes.why(result.broken, tests.failed)
        reasons.append(Reason("tests.failed", f"{named(tests.failed)} with the change{because}"))
    if tests.missing:
        reasons.append(Reason("tests.missing", result.problem or f"no result from {listed(tests.missing)}"))
    if reasons:
        raise settled(card, Outcome.REJECTED, reasons)
    return card


def _once_more(site: Site, card: Scorecard, candidate: Path, baseline: Baseline, tests: Tests) -> Tests:
    """What ends badly twice, and passes a third time without the change: nobody is turned away for one unlucky run."""
    site.watch.step("tests at the base commit, once more")
    base = site.suite(site.tree)
    if base.problem is not None:
        raise settled(card, Outcome.INCONCLUSIVE, [Reason("tests.baseline", f"once more without the change, {base.problem}")])
    site.watch.step("tests with the candidate: once more")
    again = site.suite(candidate, site.tree, seconds=_patience(baseline))
    return suite.doubted(tests, suite.against(baseline.first, baseline.second, again), base, baseline.first.passed)


def placed(site: Site, card: Scorecard) -> Scorecard:
    """Whether this machine is the one that the project asked for."""
    asked = site.project.hardware
    rates: Mapping[str, float] | None = None
    if asked.probe and card.depth == "confirm":
        site.watch.step("measuring how fast this machine is")
        rates = speeds.measured(site.sandbox, site.environment, site.owner)
    found = wanted.satisfies(hardware.fingerprint(), asked, site.environment.versions, rates)
    card = replace(card, hardware=found)
    if found.verdict == "mismatch" and asked.on_mismatch == "refuse":
        raise settled(card, Outcome.INCONCLUSIVE, [Reason("hardware.mismatch", "; ".join(found.reasons))])
    return card


def equal(site: Site, card: Scorecard, candidate: Path, baseline: Baseline, source: Source, random: Random) -> Scorecard:
    """Both sides on the same varied inputs, each in a process of its own."""
    if source.available.kind == "none":
        return _unsupported(card, baseline, source.available.text)
    site.watch.step("comparing results")
    reference = site.launcher(site.settings.reference)
    try:
        finding = equivalence.check(
            site.launcher(), base=site.tree, candidate=candidate, reference=reference, inputs=source,
            policy=site.settings.equivalence, seed=random.getrandbits(63), count=COMPARED[card.depth],
            remarks=card.depth == "confirm",
        )  # fmt: skip
    except Unloadable as error:
        if error.tree == site.tree:
            raise BaselineFailed(f"it or its reference can't be imported: {error}") from error
        raise settled(card, Outcome.REJECTED, [Reason("equivalence.exception", f"it can't be imported: {error}")]) from error
    card = replace(card, equivalence=replace(finding.equivalence, mutants=baseline.mutants))
    if finding.narrowed is not None:
        raise settled(card, Outcome.REJECTED, [Reason("equivalence.signature", finding.narrowed)])
    if finding.unclear is not None:
        raise settled(card, Outcome.INCONCLUSIVE, [Reason("equivalence.unclear", finding.unclear)])
    if finding.equivalence.mismatches:
        texts = {mismatch.code: mismatch.text for mismatch in reversed(finding.equivalence.mismatches)}
        raise settled(card, Outcome.REJECTED, [Reason(code, text) for code, text in reversed(texts.items())])
    return card


def convincing(card: Scorecard) -> Scorecard:
    """A gain counts only if the checks it passed would have noticed a mistake."""
    weak = strength.objection(card.equivalence.mutants)
    if card.outcome is Outcome.ACCEPTED and weak is not None:
        return replace(card, outcome=Outcome.INCONCLUSIVE, reasons=(weak,))
    return card


def named(tests: Sequence[str]) -> str:
    """`a` fails; `a` and 3 others fail."""
    return f"{listed(tests)} fail{'s' if len(tests) == 1 else ''}"


def listed(tests: Sequence[str]) -> str:
    """The first few names, and how many more."""
    more = f" and {len(tests) - NAMED} more" if len(tests) > NAMED else ""
    return ", ".join(f"`{test}`" for test in tests[:NAMED]) + more


def _patience(baseline: Baseline) -> float:
    """Seconds after which a candidate's tests count as hung."""
    return max(LEAST_TESTS_S, TESTS_PATIENCE * max(baseline.first.seconds, baseline.second.seconds))


def _unsupported(card: Scorecard, baseline: Baseline, text: str) -> Scorecard:
    """Without inputs nothing was compared; without tests, too, nothing at all is known."""
    known = "" if baseline.tested else " and no test passes before the change"
    text = f"{text or 'nothing says which inputs the function takes'}{known}, so nothing can be accepted; {GENERATOR}"
    raise settled(card, Outcome.INCONCLUSIVE, [Reason("speed.no-workload", text)])
