"""What several tests of the recipes share."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def scientific_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a throw-away environment that has what projects have and we don't: pandas and numba."""
    folder = tmp_path_factory.mktemp("scientific")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "pandas", "numba"], check=True)
    return python
