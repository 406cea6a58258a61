"""Each tier of sandbox in turn."""

import pytest

from sandbox.tier import Sandbox
from tests.sandboxed import usable


@pytest.fixture(params=["bubblewrap", pytest.param("docker", marks=pytest.mark.docker)])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return usable(request.param)
