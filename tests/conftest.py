"""How tests are shared out when they run side by side (`-n 2`): one file stays together, and so does what reads a clock."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Judged with a clock: no more than two at a time, each the other's busy neighbour.
CLOCK = {"evaluation_measure": "judge", "museum": "judge", "story": "story"}
ENGINE = {"sandbox"}  # one engine, one set of folders for control groups
LONGEST_FIRST = ("story", "judge", "engine")  # so that neither hand is left with the longest while the other has nothing to do
# What a test leans on when it is more than a test of a unit: a GitLab over HTTP, a model's server, git, processes.
WIRED = {"gitlab", "sandbox", "native", "gateway", "search", "pilot_projects", "traces"}  # whole areas
SERVED = {"gitlab", "office", "counting", "upstream", "planted", "packages", "project"}  # fixtures


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
        if _unit(item):
            item.add_marker(pytest.mark.unit)
    items.sort(key=lambda item: LONGEST_FIRST.index(group) if (group := _group(item)) in LONGEST_FIRST else len(LONGEST_FIRST))


def _group(item: pytest.Item) -> str:
    area = item.path.relative_to(HERE).parts[0]
    if item.get_closest_marker("docker") or area in ENGINE:
        return "engine"
    if area in CLOCK and item.get_closest_marker("slow"):
        return CLOCK[area]
    return str(item.path.relative_to(HERE))


def _unit(item: pytest.Item) -> bool:
    """Whether a test looks at our own code alone, with nothing started for it."""
    area = item.path.relative_to(HERE).parts[0]
    return not (item.get_closest_marker("slow") or area in WIRED or SERVED & set(getattr(item, "fixturenames", ())))
