"""How tests are shared out when they run side by side (`-n 2`): one file stays together, and so does what reads a clock."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Judged with a clock: no more than two at a time, each the other's busy neighbour.
CLOCK = {"evaluation_measure": "judge", "museum": "judge", "story": "story"}
ENGINE = {"sandbox"}  # one engine, one set of folders for control groups


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    area = item.path.relative_to(HERE).parts[0]
    if item.get_closest_marker("docker") or area in ENGINE:
        return "engine"
    if area in CLOCK and item.get_closest_marker("slow"):
        return CLOCK[area]
    return str(item.path.relative_to(HERE))
