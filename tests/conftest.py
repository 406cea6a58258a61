"""How tests are shared out when they run side by side (`-n 2`): one file stays together, and so does what reads a clock."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
CLOCK = {
    "evaluation_measure",
    "museum",
    "story",
}  # judged with a clock: one at a time, with the other worker as the busy neighbour
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
        return "clock"
    return str(item.path.relative_to(HERE))
