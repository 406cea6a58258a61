"""Durable execution, for real: a workflow in a process of its own that is killed with -9 between and within its steps."""

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from bot import engine

folder, fatal = Path(sys.argv[1]), sys.argv[2]

def note(name):
    with (folder / "done").open("a") as file:
        file.write(name + "\\n")
    if name == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(name)

def body(payload):
    first = engine.step("first", note, payload["word"])
    second = engine.step("second", note, "second")
    engine.step("third", note, f"third {first + second}")

engine.configure(folder / "dbos.db")
work = engine.register("work", body)
engine.launch((engine.Queue("runs", 1),))
for _ in range(2):
    engine.enqueue("runs", work, "one", {"word": "first"})
deadline = time.monotonic() + 60
while engine.unfinished() and time.monotonic() < deadline:
    time.sleep(0.02)
print("unfinished", len(engine.unfinished()), flush=True)
os._exit(0)
"""


def run(folder, fatal=""):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), fatal], capture_output=True, text=True, timeout=120, env={**os.environ}
    )
    return done.returncode, done.stdout


def test_a_killed_workflow_goes_on_behind_its_last_recorded_step(tmp_path):
    code, _ = run(tmp_path, fatal="second")
    assert code == -signal.SIGKILL
    assert (tmp_path / "done").read_text().split("\n")[:-1] == ["first", "second"]

    code, told = run(tmp_path)

    assert (code, told) == (0, "unfinished 0\n")
    # The step that was killed before its answer was recorded runs again; the one before it does not.
    assert (tmp_path / "done").read_text().split("\n")[:-1] == ["first", "second", "second", "third 11"]


def test_a_known_id_starts_nothing_also_after_a_restart(tmp_path):
    run(tmp_path)
    run(tmp_path)

    assert (tmp_path / "done").read_text().split("\n")[:-1] == ["first", "second", "third 11"]
