"""Tables are compared as strictly as everything else; their libraries live in an environment of their own, like a project's."""

import subprocess
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("probes", ["pandas_probes.py", "library_probes.py"])
def test_every_pair_of_tables_is_decided_right(probes: str, pandas_python: Path) -> None:
    program = Path(__file__).with_name(probes)

    done = subprocess.run([str(pandas_python), "-B", str(program)], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 50
