"""One judge per project for the whole session; its baseline is made once."""

from collections.abc import Callable
from functools import cache

import pytest

from sandbox.bubblewrap import Bubblewrap
from tests.museum import projects
from tests.museum.projects import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Site]:
    readiness = Bubblewrap().probe()
    if not readiness.ready:
        pytest.skip(f"bubblewrap: {readiness.reason} (cure: {readiness.cure})")

    @cache
    def opened(name: str) -> Site:
        place = tmp_path_factory.mktemp(name)
        for folder in (place, place.parent, place.parent.parent):
            folder.chmod(0o755)
        return projects.opened(name, place)

    return opened
