"""pandas is compared as strictly as everything else; it lives in an environment of its own, like a project's."""

import subprocess
from pathlib import Path

import pytest

PROBES = Path(__file__).with_name("pandas_probes.py")


@pytest.mark.slow
def test_every_pair_of_pandas_values_is_decided_right(pandas_python: Path) -> None:
    done = subprocess.run([str(pandas_python), "-B", str(PROBES)], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 50
