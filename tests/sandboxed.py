"""A sandbox of each tier that works here, folders that its user can read, and a judge in one; skipped with one line elsewhere."""

import os
from functools import cache
from pathlib import Path

import pytest

from bench.project import judge_for
from evaluation.judge import Judge
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


def readable(folder: Path) -> Path:
    """The folder, opened with the two above it: the sandbox runs as another user."""
    for each in (folder, *folder.parents[:2]):
        each.chmod(each.stat().st_mode | 0o755)
    return folder


@pytest.fixture(scope="session")
def bubblewrap() -> Sandbox:
    return usable("bubblewrap")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return readable(tmp_path)


@pytest.fixture
def judge(bubblewrap: Sandbox, place: Path) -> Judge:
    """A judge over the example project of the benches."""
    return judge_for(place, bubblewrap)
