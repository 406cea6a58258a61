"""The answer in a review thread: what the remark led to, before and after, and plainly where it led to nothing."""

from collections.abc import Sequence

from bot.report import evidence, quote, tables, units
from bot.report.facts import Iteration
from evaluation.scorecard import Cell, Interval, Outcome, Scorecard


def reply(before: Iteration, after: Iteration) -> str:
    """A new version is on the branch."""
    cautions = evidence.cautions(after.scorecard) if after.scorecard else ""
    parts = [_headline(before, after), cautions, _table(before, after), _change(after), _tried(after)]
    return "\n\n".join(part for part in parts if part)


def nothing(before: Iteration, after: Iteration) -> str:
    """No version that follows the remark held up; the branch is as it was."""
    sought = f"version that follows {_rule(after)} and is" if _rule(after) else "other version that is"
    kept = _speedup(before)
    still = f", still {units.gain(kept)} faster than the base" if kept else ""
    told = f"I found no {sought} proven to be faster, so I changed nothing: the branch stays as it was{_at(before)}{still}."
    return "\n\n".join(part for part in (told, _tried(after)) if part)


def unchanged(now: Iteration) -> str:
    """The version that is on the branch already won again."""
    rule = f" under {quote.code(now.rule)}" if now.rule else ""
    gain = f" ({units.gain(now.scorecard.speedup)} faster than the base)" if now.scorecard and now.scorecard.speedup else ""
    told = f"I searched and measured again{rule}: the version on the branch{_at(now)} is still the best that is proven{gain}."
    return "\n\n".join(part for part in (told, _tried(now)) if part)


def upon(sha: str, card: Scorecard | None) -> str:
    """It started from a person's commit; what that commit did by itself is said where it did harm."""
    told = f"I started from {quote.code(sha[:8])}, which was pushed here meanwhile, and keep what is in it."
    if card is None or card.outcome is Outcome.ACCEPTED:
        return told
    why = "; ".join(quote.inline(reason.text, 300) for reason in card.reasons[:3])
    if card.outcome is Outcome.INCONCLUSIVE:
        return f"{told} I could not tell whether it is still faster by itself: {why}."
    harm = "is not proven to be faster" if _slow(card) else "does not do the same as before"
    return f"{told} By itself it {harm} any more: {why}."


def _headline(before: Iteration, after: Iteration) -> str:
    now = _speedup(after)
    followed = f"Done: {_rule(after)}." if _rule(after) else "Done."
    if now is None:
        return f"{followed} The new version is on the branch{_at(after)}."
    result = f"The new version{_at(after)} is **{units.gain(now)} faster** than the base"
    return f"{followed} {result}, {_against(before, now)}. {_same(after)}"


def _against(before: Iteration, now: Interval) -> str:
    """Both intervals are against the same base, so whether they overlap says whether they differ."""
    then = _speedup(before)
    if then is None:
        return "where the version before was not measured"
    if now.low > then.high:
        return f"and faster than the version before ({units.gain(then)})"
    if now.high < then.low:
        return f"and slower than the version before ({units.gain(then)})"
    return f"about as fast as the version before ({units.gain(then)})"


def _same(after: Iteration) -> str:
    return evidence.same(after.scorecard) if after.scorecard else ""


def _table(before: Iteration, after: Iteration) -> str:
    if after.scorecard is None:
        return ""
    then = {_key(cell): cell for cell in before.scorecard.cells} if before.scorecard else {}
    rows = [(tables.size(cell), *_pair(then.get(_key(cell)), cell)) for cell in after.scorecard.cells]
    rows.append(("**all sizes**", "", _shown(before.scorecard), "", _shown(after.scorecard)))
    old, new = before.number + 1, after.number + 1
    header = ["size", f"time, version {old}", "speed-up", f"time, version {new}", "speed-up"]
    return tables.table(header, rows, right=(1, 2, 3, 4))


def _pair(then: Cell | None, now: Cell) -> Sequence[str]:
    earlier = (units.seconds(then.candidate_s), units.interval(then.speedup)) if then else ("–", "–")
    return [tables.unbroken(each) for each in (*earlier, units.seconds(now.candidate_s), units.interval(now.speedup))]


def _shown(card: Scorecard | None) -> str:
    return tables.unbroken(units.interval(card.speedup)) if card and card.speedup else "–"


def _key(cell: Cell) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(cell.size.items()))


def _change(after: Iteration) -> str:
    if after.change is None:
        return ""
    return f"**What changed:** {quote.inline(after.change.title)}\n\n{quote.passage(after.change.rationale, 1_000)}"


def _tried(after: Iteration) -> str:
    if not after.attempts:
        return ""
    return tables.fold(f"All that was tried for this ({len(after.attempts)})", tables.attempts(after.attempts))


def _slow(card: Scorecard) -> bool:
    return any(reason.code.startswith("speed") for reason in card.reasons)


def _rule(iteration: Iteration) -> str:
    return f"“{quote.inline(iteration.rule or iteration.asked, 120)}”" if iteration.rule or iteration.asked else ""


def _at(iteration: Iteration) -> str:
    return f" ({quote.code(iteration.commit[:8])})" if iteration.commit else ""


def _speedup(iteration: Iteration) -> Interval | None:
    return iteration.scorecard.speedup if iteration.scorecard else None
