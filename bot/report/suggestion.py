"""A small result in a thread of a diff: as lines that GitLab can apply with one click."""

from dataclasses import dataclass

from bot.report import evidence, quote, tables
from bot.report.facts import Iteration

MOST_LINES = 24  # that are replaced; more is easier to review as a merge request


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Lines to put in place of those from `above` lines before the commented one to `below` lines after it."""

    above: int
    below: int
    lines: tuple[str, ...]


def suggestion(before: str, after: str, line: int) -> Suggestion | None:
    """What leads from one text of a file to the other, as a suggestion at a line; None where it is too far away or too long."""
    old, new = before.split("\n"), after.split("\n")
    start = next((n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    same = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    tail = next((n for n, pair in enumerate(same) if pair[0] != pair[1]), min(len(old), len(new)) - start)
    first, last = min(start, line - 1), max(len(old) - tail, line)  # as a slice of the old lines
    if before == after or not 0 < line <= len(old) or last - first > MOST_LINES:
        return None
    lines = tuple(new[first : len(new) - (len(old) - last)])
    return Suggestion(line - 1 - first, last - line, lines) if len(lines) <= 2 * MOST_LINES and _plain("\n".join(lines)) else None


def render(found: Suggestion, now: Iteration, name: str) -> str:
    """The answer in the thread: the result, the lines, the evidence."""
    card, change = now.scorecard, now.change
    block = "\n".join((f"```suggestion:-{found.above}+{found.below}", *found.lines, "```"))
    parts = [evidence.result(card, name), evidence.cautions(card)] if card else []
    parts += [quote.passage(change.rationale, 1_000)] if change else []
    parts += [block]
    parts += [tables.fold("The numbers", evidence.benchmark(card))] if card and card.cells else []
    parts += [tables.fold(evidence.summary(card), evidence.figures(card))] if card else []
    return "\n\n".join(part for part in parts if part)


def _plain(text: str) -> bool:
    """Whether the text can stand in the block as it is: it ends no fence, and hides nothing from a reader."""
    return "```" not in text and quote.visible(text) == text.replace("\t", "    ")
