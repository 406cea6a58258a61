"""Sandboxes for the tests: one of each tier that works here, made once."""

import os
from collections.abc import Iterator
from functools import cache

import pytest

from sandbox.bubblewrap import Bubblewrap
from sandbox.docker import Docker
from sandbox.spec import Readiness
from sandbox.tier import Sandbox

IMAGE = "hasten-base:test"


@cache
def _made(tier: str) -> tuple[Sandbox, Readiness]:
    sandbox: Sandbox = Docker(IMAGE) if tier == "docker" else Bubblewrap()
    return sandbox, sandbox.probe()


def usable(tier: str) -> Sandbox:
    """The tier, or a skip with one line; a failure where the tier is required."""
    sandbox, readiness = _made(tier)
    if not readiness.ready:
        refuse = pytest.fail if tier in os.environ.get("HASTEN_REQUIRE", "").split(",") else pytest.skip
        refuse(f"{tier}: {readiness.reason} (cure: {readiness.cure})")
    return sandbox


@pytest.fixture(params=["bubblewrap", pytest.param("docker", marks=pytest.mark.docker)])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    yield usable(request.param)


@pytest.fixture
def bubblewrap() -> Sandbox:
    return usable("bubblewrap")
