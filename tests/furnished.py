"""Interpreters that have what projects have and we don't; each made once, skipped with one line where no index answers."""

import subprocess
import sys
from pathlib import Path

import pytest

LIBRARIES = ("pandas", "polars", "pyarrow", "scipy")


@pytest.fixture(scope="session")
def pandas_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with pandas, polars, pyarrow and scipy in an environment of its own; the bot's has no such tables."""
    place = tmp_path_factory.mktemp("pandas") / "env"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, timeout=120)
    python = place / "bin" / "python"
    made = subprocess.run([str(python), "-m", "pip", "install", "-q", *LIBRARIES], capture_output=True, timeout=300)
    if made.returncode:
        pytest.skip("pandas could not be installed: no package index answers")
    return python
