"""One judge per project for the whole session; its baseline is made once."""

from collections.abc import Callable
from functools import cache

import pytest

from sandbox.tier import Sandbox
from tests.museum import projects
from tests.museum.projects import Site
from tests.sandboxed import readable


@pytest.fixture(scope="session")
def site(bubblewrap: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Site]:
    @cache
    def opened(name: str) -> Site:
        return projects.opened(name, readable(tmp_path_factory.mktemp(name)), bubblewrap)

    return opened
