"""Which tests come first when they run side by side (`-n 2 --dist loadfile`), and which are tests of a unit."""

from pathlib import Path

import pytest

pytest_plugins = ("tests.sandboxed", "tests.furnished")
HERE = Path(__file__).parent
# A file stays on one hand; the longest begin, so that neither hand is left with one while the other has nothing to do.
LONGEST_FIRST = ("story", "museum", "judged", "evaluation_measure", "evaluation_equal", "search")
# What a test leans on when it is more than a test of a unit: a GitLab over HTTP, a model's server, git, processes.
WIRED = {"story", "judged", "gitlab", "sandbox", "native", "gateway", "search", "pilot_projects", "traces"}  # whole areas
SERVED = {"gitlab", "office", "counting", "upstream", "planted", "packages", "project"}  # fixtures


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What holds no unit test need not be imported to know it; `None` leaves the rest to pytest."""
    return True if config.option.markexpr == "unit" and _unitless(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _unit(item):
            item.add_marker(pytest.mark.unit)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return LONGEST_FIRST.index(_area(item)) if _area(item) in LONGEST_FIRST else len(LONGEST_FIRST)


def _area(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0]


def _unitless(path: Path) -> bool:
    if path.is_dir():
        return path.parent == HERE and path.name in WIRED
    return path.suffix == ".py" and "\npytestmark = pytest.mark.slow" in path.read_text()


def _unit(item: pytest.Item) -> bool:
    """Whether a test looks at our own code alone, with nothing started for it."""
    return not (item.get_closest_marker("slow") or _area(item) in WIRED or SERVED & set(getattr(item, "fixturenames", ())))
