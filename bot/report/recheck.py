"""What was measured after a merge request of ours was opened: what people pushed to it, and what the merge made of it."""

from bot.report import evidence, quote, tables, units
from bot.report.facts import Checked
from evaluation.scorecard import Outcome


def checked(found: Checked) -> str:
    """The answer to a push, to a merge, and to a schedule that finds a win lost."""
    parts = [f"{_occasion(found)}. {_result(found)}", _why(found), _numbers(found), _next(found)]
    return "\n\n".join(part for part in parts if part)


def not_measured(occasion: str, sentence: str) -> str:
    """It could not be measured again."""
    what = {"pushed": "the commits that were pushed here", "merged": "the merge"}.get(occasion, "this")
    return f"I wanted to measure {what} once more and could not. {sentence}"


def moved_on() -> str:
    """The branch went on so far that our change can't be taken out for a comparison."""
    return "The code has changed so much that my change can't be taken out again to compare with."


def _occasion(found: Checked) -> str:
    at = quote.code(found.sha[:8])
    if found.occasion == "pushed":
        who = quote.inline(found.who, 80) or "Somebody"
        return f"{who} pushed {at} to this branch, and I measured the branch as it is now"
    if found.occasion == "merged":
        return f"Merged. I measured {quote.code(found.branch)} at {at} once more, with this change and without it"
    return f"I measured {quote.code(found.branch)} at {at} again, as this project's schedule asks"


def _result(found: Checked) -> str:
    card, name = found.card, quote.code(found.card.target.rpartition("::")[2])
    if card.outcome is Outcome.ACCEPTED and card.speedup:
        before = "the code it started from was" if found.occasion == "pushed" else "without it"
        return f"{name} is **{units.gain(card.speedup)} faster** than {before}. {evidence.same(card)}"
    if card.outcome is Outcome.INCONCLUSIVE:
        return f"I could not tell whether {name} is still faster."
    if any(reason.code.startswith("speed") for reason in card.reasons):
        return f"The gain is **lost**: {name} is not proven to be faster any more."
    return f"The gain is **lost**: {name} does not do the same as before any more."


def _why(found: Checked) -> str:
    if found.card.outcome is Outcome.ACCEPTED:
        return ""
    return "\n".join(f"- {quote.inline(reason.text, 300)}" for reason in found.card.reasons[:5])


def _numbers(found: Checked) -> str:
    shown = evidence.benchmark(found.card)
    return tables.fold("The numbers", shown) if shown else ""


def _next(found: Checked) -> str:
    if found.occasion == "pushed":
        return "I overwrite nobody's commits: whatever is asked for here goes on top of them."
    return "" if found.card.outcome is Outcome.ACCEPTED else "`/optimize retry` looks for a new version."
