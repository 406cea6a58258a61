"""Tables in GitLab's Markdown: cells, attempts, figures."""

import re
from collections.abc import Iterable, Sequence

from bot.agents.contract import Attempt
from bot.report import quote, units
from evaluation.scorecard import Cell

_OPEN_PIPE = re.compile(r"(?<!\\)\|")
MOST_ATTEMPTS = 30


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """A Markdown table; `right` are the columns of numbers. Cells are ours or quoted already."""
    rule = ["--:" if number in right else ":--" for number in range(len(header))]
    return "\n".join([_row(header), _row(rule), *(_row(cells) for cells in rows)])


def fold(summary: str, body: str) -> str:
    """Something that opens on a click. GitLab renders the Markdown inside only between blank lines."""
    return f"<details><summary>{summary}</summary>\n\n{body.strip()}\n\n</details>"


def benchmark(cells: Sequence[Cell]) -> str:
    """One row a size: times, speed-up with its interval, memory, and what the interval says."""
    names = list(dict.fromkeys(name for cell in cells for name in cell.size))
    memory = any(cell.memory_mib for cell in cells)
    header = [
        *(quote.inline(name, 40) for name in names),
        "before",
        "after",
        "speed-up",
        *(["peak memory"] if memory else []),
        "",
    ]
    rows = [_size(cell, names) + _times(cell) + ([_memory(cell)] if memory else []) + [verdict(cell)] for cell in cells]
    return table(header, rows, right=range(len(header) - 1))


def attempts(judged: Sequence[Attempt]) -> str:
    """Everything that was tried, with its number and why it ended so."""
    rows = [
        (str(number), quote.inline(each.title, 120), units.ratio(each.ratio) if each.ratio else "–", each.outcome, _why(each))
        for number, each in enumerate(judged[:MOST_ATTEMPTS], 1)
    ]
    shown = table(["#", "tried", "speed-up", "outcome", "why"], rows, right=(0, 2))
    left = len(judged) - MOST_ATTEMPTS
    return shown if left <= 0 else f"{shown}\n\n… and {left} more."


def verdict(cell: Cell) -> str:
    """What is known about one size, in a word."""
    if cell.speedup.low > 1:
        return "faster"
    return "slower" if cell.loses else "no difference"


def size(cell: Cell) -> str:
    """`rows 10 000, features 4`."""
    return ", ".join(f"{quote.inline(name, 40)} {units.count(number)}" for name, number in cell.size.items())


def unbroken(figure: str) -> str:
    """On one line, however narrow the column."""
    return figure.replace(" ", "\u00a0")


def _size(cell: Cell, names: Sequence[str]) -> list[str]:
    return [units.count(cell.size[name]) if name in cell.size else "–" for name in names]


def _times(cell: Cell) -> list[str]:
    return [
        unbroken(each) for each in (units.seconds(cell.baseline_s), units.seconds(cell.candidate_s), units.interval(cell.speedup))
    ]


def _memory(cell: Cell) -> str:
    if cell.memory_mib is None:
        return "–"
    return unbroken(f"{units.mebibytes(cell.memory_mib.baseline)} → {units.mebibytes(cell.memory_mib.candidate)} MiB")


def _why(attempt: Attempt) -> str:
    return "; ".join(quote.inline(reason, 160) for reason in attempt.reasons[:3]) or "–"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_OPEN_PIPE.sub(r"\|", cell.replace("\n", " ")) for cell in cells) + " |"
