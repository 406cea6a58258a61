"""When more memory is more: beyond the figures' own doubt, and beyond what is allowed."""

import pytest

from evaluation.memory import heavier, noticed
from evaluation.scorecard import Cell, Interval, Memory


def cell(baseline, candidate, rows=10):
    return Cell({"rows": rows}, 1.0, 0.5, Interval(2, 1.9, 2.1), Memory(baseline, candidate))


@pytest.mark.parametrize(
    ("memory", "differs"),
    [
        (Memory(0.1, 1.0), False),  # nine times as much, but less than a MiB
        (Memory(100.0, 101.9), False),
        (Memory(100.0, 103.0), True),
        (Memory(5.0, 3.0), True),
    ],
)
def test_small_differences_are_within_the_figures_doubt(memory, differs):
    assert noticed(memory) is differs


def test_the_size_that_exceeds_most_is_found():
    cells = [cell(100, 105, 1), cell(100, 140, 2), cell(10, 12, 3), Cell({"rows": 4}, 1.0, 0.5, Interval(2, 1.9, 2.1))]

    assert heavier(cells, 0.1) is cells[1]
    assert heavier(cells, 0.5) is None


def test_less_memory_is_never_too_much():
    assert heavier([cell(100, 20)], 0.0) is None
